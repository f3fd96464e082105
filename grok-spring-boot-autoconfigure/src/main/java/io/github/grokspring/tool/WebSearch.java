package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Searches the web.
 *
 * @param allowedDomains the only domains to search, at most 5, or empty
 * @param excludedDomains domains not to search, at most 5, or empty; not together with
 * allowed ones
 * @param imageUnderstanding whether pictures on pages are looked at, or {@code null}
 * @param imageSearch whether pictures are searched for, or {@code null}
 * @since 0.1.0
 */
public record WebSearch(List<String> allowedDomains, List<String> excludedDomains, @Nullable Boolean imageUnderstanding,
		@Nullable Boolean imageSearch) implements ServerTool {

	/** How many domains xAI takes. */
	public static final int MAX_DOMAINS = 5;

	/**
	 * Check the domains.
	 * @throws IllegalArgumentException if xAI would refuse them, naming the parameter
	 */
	public WebSearch {
		allowedDomains = ToolAssert.names("allowedDomains", allowedDomains, MAX_DOMAINS);
		excludedDomains = ToolAssert.names("excludedDomains", excludedDomains, MAX_DOMAINS);
		ToolAssert.eitherOr("allowedDomains", allowedDomains, "excludedDomains", excludedDomains);
	}

	/**
	 * The same tool on some domains only.
	 * @param domains the only domains to search
	 * @return a tool
	 */
	public WebSearch withAllowedDomains(String... domains) {
		return new WebSearch(List.of(domains), List.of(), this.imageUnderstanding, this.imageSearch);
	}

	/**
	 * The same tool without some domains.
	 * @param domains domains not to search
	 * @return a tool
	 */
	public WebSearch withExcludedDomains(String... domains) {
		return new WebSearch(List.of(), List.of(domains), this.imageUnderstanding, this.imageSearch);
	}

	/**
	 * The same tool with or without a look at the pictures on pages.
	 * @param imageUnderstanding whether pictures are looked at
	 * @return a tool
	 */
	public WebSearch withImageUnderstanding(boolean imageUnderstanding) {
		return new WebSearch(this.allowedDomains, this.excludedDomains, imageUnderstanding, this.imageSearch);
	}

	/**
	 * The same tool with or without a search for pictures.
	 * @param imageSearch whether pictures are searched for
	 * @return a tool
	 */
	public WebSearch withImageSearch(boolean imageSearch) {
		return new WebSearch(this.allowedDomains, this.excludedDomains, this.imageUnderstanding, imageSearch);
	}

	@Override
	public String type() {
		return "web_search";
	}

	@Override
	public Map<String, Object> fields() {
		return new ToolFields(type()).list("allowed_domains", this.allowedDomains)
			.list("excluded_domains", this.excludedDomains)
			.value("enable_image_understanding", this.imageUnderstanding)
			.value("enable_image_search", this.imageSearch)
			.toMap();
	}

}
