package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Server-side tool that searches the web.
 *
 * @param allowedDomains the domains to search exclusively, at most 5, or empty
 * @param excludedDomains the domains to exclude, at most 5, or empty; must not be
 * combined with allowed domains
 * @param imageUnderstanding whether to analyze images on pages, or {@code null} for the
 * default of xAI
 * @param imageSearch whether to search for images, or {@code null} for the default of xAI
 * @since 0.1.0
 */
public record WebSearch(List<String> allowedDomains, List<String> excludedDomains, @Nullable Boolean imageUnderstanding,
		@Nullable Boolean imageSearch) implements ServerTool {

	/** Maximum number of domains. */
	public static final int MAX_DOMAINS = 5;

	/**
	 * Creates a new {@code WebSearch} instance.
	 * @throws IllegalArgumentException if xAI would reject a parameter; the message names
	 * it
	 */
	public WebSearch {
		allowedDomains = ToolAssert.names("allowedDomains", allowedDomains, MAX_DOMAINS);
		excludedDomains = ToolAssert.names("excludedDomains", excludedDomains, MAX_DOMAINS);
		ToolAssert.mutuallyExclusive("allowedDomains", allowedDomains, "excludedDomains", excludedDomains);
	}

	/**
	 * Returns a copy of this tool that searches only the given domains.
	 * @param domains the domains to search
	 * @return a new tool
	 */
	public WebSearch withAllowedDomains(String... domains) {
		return new WebSearch(List.of(domains), List.of(), this.imageUnderstanding, this.imageSearch);
	}

	/**
	 * Returns a copy of this tool that excludes the given domains.
	 * @param domains the domains to exclude
	 * @return a new tool
	 */
	public WebSearch withExcludedDomains(String... domains) {
		return new WebSearch(List.of(), List.of(domains), this.imageUnderstanding, this.imageSearch);
	}

	/**
	 * Returns a copy of this tool with image understanding turned on or off.
	 * @param imageUnderstanding whether to analyze images on pages
	 * @return a new tool
	 */
	public WebSearch withImageUnderstanding(boolean imageUnderstanding) {
		return new WebSearch(this.allowedDomains, this.excludedDomains, imageUnderstanding, this.imageSearch);
	}

	/**
	 * Returns a copy of this tool with image search turned on or off.
	 * @param imageSearch whether to search for images
	 * @return a new tool
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
