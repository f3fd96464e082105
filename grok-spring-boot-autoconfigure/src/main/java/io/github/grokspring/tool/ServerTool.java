package io.github.grokspring.tool;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A tool that runs at xAI while it answers. Only the Responses API serves them. Settings
 * that are left out are left to xAI; what xAI would refuse is refused when a tool is
 * made, with an {@link IllegalArgumentException} that names the parameter. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface ServerTool {

	/**
	 * The type under which xAI knows the tool, such as {@code web_search}.
	 * @return the type
	 */
	String type();

	/**
	 * What two tools of one request must not share: the type, and with MCP servers their
	 * label. Of two tools with one key the later one counts.
	 * @return the key
	 */
	default String key() {
		return type();
	}

	/**
	 * The tool as a request carries it.
	 * @return its fields in the spelling of xAI, those that are set
	 */
	Map<String, Object> fields();

	/**
	 * Search the web without restrictions.
	 * @return the tool
	 */
	static WebSearch webSearch() {
		return new WebSearch(List.of(), List.of(), null, null);
	}

	/**
	 * Search X without restrictions.
	 * @return the tool
	 */
	static XSearch xSearch() {
		return new XSearch(List.of(), List.of(), null, null, null, null);
	}

	/**
	 * Run Python code that the model writes.
	 * @return the tool
	 */
	static CodeInterpreter codeInterpreter() {
		return new CodeInterpreter();
	}

	/**
	 * Search collections of documents that were uploaded to xAI.
	 * @param collections ids of the collections
	 * @return the tool
	 */
	static FileSearch fileSearch(String... collections) {
		return new FileSearch(List.of(collections), null);
	}

	/**
	 * Use the tools of an MCP server that xAI can reach.
	 * @param label what the server is called in the answer
	 * @param url where it is
	 * @return the tool
	 */
	static Mcp mcp(String label, String url) {
		return new Mcp(label, url, null, List.of(), Map.of(), null);
	}

	/**
	 * Make pictures.
	 * @return the tool
	 */
	static ImageGeneration imageGeneration() {
		return new ImageGeneration(null);
	}

	/**
	 * Searches the web.
	 *
	 * @param allowedDomains the only domains to search, at most 5, or empty
	 * @param excludedDomains domains not to search, at most 5, or empty; not together
	 * with allowed ones
	 * @param imageUnderstanding whether pictures on pages are looked at, or {@code null}
	 * @param imageSearch whether pictures are searched for, or {@code null}
	 */
	record WebSearch(List<String> allowedDomains, List<String> excludedDomains, @Nullable Boolean imageUnderstanding,
			@Nullable Boolean imageSearch) implements ServerTool {

		/** How many domains xAI takes. */
		public static final int MAX_DOMAINS = 5;

		/**
		 * Create a tool.
		 */
		public WebSearch {
			allowedDomains = Checks.names("allowedDomains", allowedDomains, MAX_DOMAINS);
			excludedDomains = Checks.names("excludedDomains", excludedDomains, MAX_DOMAINS);
			Checks.eitherOr("allowedDomains", allowedDomains, "excludedDomains", excludedDomains);
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

	/**
	 * Searches posts and people on X.
	 *
	 * @param allowedHandles the only handles whose posts are searched, at most 20, or
	 * empty
	 * @param excludedHandles handles whose posts are not searched, at most 20, or empty;
	 * not together with allowed ones
	 * @param fromDate the first day to search, or {@code null}
	 * @param toDate the last day to search, or {@code null}
	 * @param imageUnderstanding whether pictures in posts are looked at, or {@code null}
	 * @param videoUnderstanding whether videos in posts are looked at, or {@code null}
	 */
	record XSearch(List<String> allowedHandles, List<String> excludedHandles, @Nullable LocalDate fromDate,
			@Nullable LocalDate toDate, @Nullable Boolean imageUnderstanding,
			@Nullable Boolean videoUnderstanding) implements ServerTool {

		/** How many handles xAI takes. */
		public static final int MAX_HANDLES = 20;

		/**
		 * Create a tool. A leading {@code @} of a handle is taken off.
		 */
		public XSearch {
			allowedHandles = Checks.handles("allowedHandles", allowedHandles, MAX_HANDLES);
			excludedHandles = Checks.handles("excludedHandles", excludedHandles, MAX_HANDLES);
			Checks.eitherOr("allowedHandles", allowedHandles, "excludedHandles", excludedHandles);
			if (fromDate != null && toDate != null && toDate.isBefore(fromDate)) {
				throw new IllegalArgumentException(
						"'toDate' is " + toDate + " and must not be before 'fromDate', which is " + fromDate);
			}
		}

		/**
		 * The same tool on the posts of some handles only.
		 * @param handles the only handles
		 * @return a tool
		 */
		public XSearch withAllowedHandles(String... handles) {
			return new XSearch(List.of(handles), List.of(), this.fromDate, this.toDate, this.imageUnderstanding,
					this.videoUnderstanding);
		}

		/**
		 * The same tool without the posts of some handles.
		 * @param handles the handles
		 * @return a tool
		 */
		public XSearch withExcludedHandles(String... handles) {
			return new XSearch(List.of(), List.of(handles), this.fromDate, this.toDate, this.imageUnderstanding,
					this.videoUnderstanding);
		}

		/**
		 * The same tool on the posts of some days.
		 * @param fromDate the first day, {@code null} for no limit
		 * @param toDate the last day, {@code null} for no limit
		 * @return a tool
		 */
		public XSearch between(@Nullable LocalDate fromDate, @Nullable LocalDate toDate) {
			return new XSearch(this.allowedHandles, this.excludedHandles, fromDate, toDate, this.imageUnderstanding,
					this.videoUnderstanding);
		}

		@Override
		public String type() {
			return "x_search";
		}

		@Override
		public Map<String, Object> fields() {
			return new ToolFields(type()).list("allowed_x_handles", this.allowedHandles)
				.list("excluded_x_handles", this.excludedHandles)
				.text("from_date", this.fromDate)
				.text("to_date", this.toDate)
				.value("enable_image_understanding", this.imageUnderstanding)
				.value("enable_video_understanding", this.videoUnderstanding)
				.toMap();
		}

	}

	/**
	 * Runs Python code that the model writes.
	 */
	record CodeInterpreter() implements ServerTool {

		@Override
		public String type() {
			return "code_interpreter";
		}

		@Override
		public Map<String, Object> fields() {
			return new ToolFields(type()).toMap();
		}

	}

	/**
	 * Searches collections of documents that were uploaded to xAI.
	 *
	 * @param collections ids of the collections, from 1 to 10
	 * @param maxResults how many results a search gives at most, or {@code null}
	 */
	record FileSearch(List<String> collections, @Nullable Integer maxResults) implements ServerTool {

		/** How many collections xAI takes. */
		public static final int MAX_COLLECTIONS = 10;

		/**
		 * Create a tool.
		 */
		public FileSearch {
			collections = Checks.names("collections", collections, MAX_COLLECTIONS);
			if (collections.isEmpty()) {
				throw new IllegalArgumentException("'collections' is empty and must have at least one id");
			}
			if (maxResults != null && maxResults < 1) {
				throw new IllegalArgumentException("'maxResults' is " + maxResults + " but must be at least 1");
			}
		}

		/**
		 * The same tool with fewer or more results.
		 * @param maxResults how many results a search gives at most
		 * @return a tool
		 */
		public FileSearch withMaxResults(int maxResults) {
			return new FileSearch(this.collections, maxResults);
		}

		@Override
		public String type() {
			return "file_search";
		}

		@Override
		public Map<String, Object> fields() {
			return new ToolFields(type()).list("vector_store_ids", this.collections)
				.value("max_num_results", this.maxResults)
				.toMap();
		}

	}

	/**
	 * Uses the tools of an MCP server that xAI can reach. Never shows headers and
	 * authorization.
	 *
	 * @param label what the server is called in the answer
	 * @param url where it is, {@code http} or {@code https}
	 * @param description what it is for, told to the model, or {@code null}
	 * @param allowedTools the only tools that may be used, or empty
	 * @param headers headers that xAI sends to the server
	 * @param authorization the {@code Authorization} that xAI sends to the server, or
	 * {@code null}
	 */
	record Mcp(String label, String url, @Nullable String description, List<String> allowedTools,
			Map<String, String> headers, @Nullable String authorization) implements ServerTool {

		/**
		 * Create a tool.
		 */
		public Mcp {
			Checks.text("label", label);
			Checks.url("url", url);
			allowedTools = Checks.names("allowedTools", allowedTools, Integer.MAX_VALUE);
			headers = Map.copyOf(headers);
		}

		/**
		 * The same server with some of its tools only.
		 * @param tools the only tools that may be used
		 * @return a tool
		 */
		public Mcp withAllowedTools(String... tools) {
			return new Mcp(this.label, this.url, this.description, List.of(tools), this.headers, this.authorization);
		}

		/**
		 * The same server with an authorization.
		 * @param authorization the value of the header {@code Authorization}
		 * @return a tool
		 */
		public Mcp withAuthorization(String authorization) {
			return new Mcp(this.label, this.url, this.description, this.allowedTools, this.headers, authorization);
		}

		@Override
		public String type() {
			return "mcp";
		}

		@Override
		public String key() {
			return type() + " " + this.label;
		}

		@Override
		public Map<String, Object> fields() {
			return new ToolFields(type()).value("server_label", this.label)
				.value("server_url", this.url)
				.value("server_description", this.description)
				.list("allowed_tools", this.allowedTools)
				.value("headers", this.headers.isEmpty() ? null : this.headers)
				.value("authorization", this.authorization)
				.toMap();
		}

		@Override
		public String toString() {
			return "Mcp[label=" + this.label + ", url=" + this.url + ", allowedTools=" + this.allowedTools
					+ ", headers=" + this.headers.keySet() + "]";
		}

	}

	/**
	 * Makes pictures.
	 *
	 * @param action {@code auto}, {@code generate} or {@code edit}, or {@code null}
	 */
	record ImageGeneration(@Nullable String action) implements ServerTool {

		/**
		 * Create a tool.
		 */
		public ImageGeneration {
			if (action != null && !List.of("auto", "generate", "edit").contains(action)) {
				throw new IllegalArgumentException(
						"'action' is '" + action + "' but must be one of auto, generate, edit");
			}
		}

		@Override
		public String type() {
			return "image_generation";
		}

		@Override
		public Map<String, Object> fields() {
			return new ToolFields(type()).value("action", this.action).toMap();
		}

	}

}
