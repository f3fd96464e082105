package io.github.grokspring.autoconfigure;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.InsecureUrlValidator;
import io.github.grokspring.tool.FileSearch;
import io.github.grokspring.tool.Mcp;
import io.github.grokspring.tool.ServerTool;
import io.github.grokspring.tool.WebSearch;
import io.github.grokspring.tool.XSearch;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Properties of server-side tools. Properties that are {@code null} are inherited from
 * the default client, and otherwise left to xAI.
 *
 * @param webSearch Web search.
 * @param xSearch X search.
 * @param codeInterpreter Code interpreter.
 * @param fileSearch File search.
 * @param mcp MCP servers that xAI may call, each with label, url, allowed-tools, headers
 * and authorization.
 * @param imageGeneration Image generation.
 * @param other Tools that this version does not support by name, each a map that is sent
 * unchanged.
 */
record GrokToolsProperties(@Nullable Web webSearch, @Nullable Posts xSearch, @Nullable Code codeInterpreter,
		@Nullable Files fileSearch, @Nullable List<Server> mcp, @Nullable Images imageGeneration,
		@Nullable List<Map<String, Object>> other) {

	GrokToolsProperties {
		mcp = (mcp != null) ? List.copyOf(mcp) : null;
		other = (other != null) ? other.stream().map(GrokToolsProperties::withLists).toList() : null;
		for (int i = 0; other != null && i < other.size(); i++) {
			requireServerTool(i, other.get(i));
		}
	}

	private static void requireServerTool(int index, Map<String, Object> fields) {
		try {
			ServerTool.other(fields);
		}
		catch (IllegalArgumentException ex) {
			throw new GrokConfigurationException(
					"other[" + index + "].type", (fields.get("type") != null)
							? "is '" + fields.get("type") + "', which is not a server-side tool" : "is not set",
					"Set the property to the type of a server-side tool, for example 'shell'.");
		}
	}

	// The binder turns a list without a type into a map with the indices as keys
	private static Map<String, Object> withLists(Map<?, ?> bound) {
		Map<String, Object> fields = new LinkedHashMap<>();
		bound.forEach((name, value) -> fields.put(String.valueOf(name),
				(value instanceof Map<?, ?> map) ? listOrMap(withLists(map)) : value));
		return fields;
	}

	private static Object listOrMap(Map<String, Object> map) {
		for (int i = 0; i < map.size(); i++) {
			if (!map.containsKey(String.valueOf(i))) {
				return map;
			}
		}
		List<Object> list = new ArrayList<>(map.size());
		for (int i = 0; i < map.size(); i++) {
			list.add(map.get(String.valueOf(i)));
		}
		return map.isEmpty() ? map : list;
	}

	/**
	 * Merges properties with defaults.
	 * @param own the properties
	 * @param defaults the values of properties that are not set
	 * @return the merged properties
	 */
	static @Nullable GrokToolsProperties over(@Nullable GrokToolsProperties own,
			@Nullable GrokToolsProperties defaults) {
		if (own == null || defaults == null) {
			return (own != null) ? own : defaults;
		}
		return new GrokToolsProperties(
				(own.webSearch != null) ? own.webSearch.over(defaults.webSearch) : defaults.webSearch,
				(own.xSearch != null) ? own.xSearch.over(defaults.xSearch) : defaults.xSearch,
				(own.codeInterpreter != null) ? own.codeInterpreter.over(defaults.codeInterpreter)
						: defaults.codeInterpreter,
				(own.fileSearch != null) ? own.fileSearch.over(defaults.fileSearch) : defaults.fileSearch,
				first(own.mcp, defaults.mcp), (own.imageGeneration != null)
						? own.imageGeneration.over(defaults.imageGeneration) : defaults.imageGeneration,
				first(own.other, defaults.other));
	}

	/**
	 * Converts to the enabled tools.
	 * @return the tools
	 */
	List<ServerTool> toTools() {
		List<ServerTool> tools = new ArrayList<>();
		if (this.webSearch != null && isOn(this.webSearch.enabled)) {
			tools.add(this.webSearch.toTool());
		}
		if (this.xSearch != null && isOn(this.xSearch.enabled)) {
			tools.add(this.xSearch.toTool());
		}
		if (this.codeInterpreter != null && isOn(this.codeInterpreter.enabled)) {
			tools.add(ServerTool.codeInterpreter());
		}
		if (this.fileSearch != null && isOn(this.fileSearch.enabled)) {
			tools.add(this.fileSearch.toTool());
		}
		if (this.mcp != null) {
			this.mcp.forEach((server) -> tools.add(server.toTool()));
		}
		if (this.imageGeneration != null && isOn(this.imageGeneration.enabled)) {
			tools.add(ServerTool.imageGeneration());
		}
		if (this.other != null) {
			this.other.forEach((fields) -> tools.add(ServerTool.other(fields)));
		}
		return tools;
	}

	/**
	 * Whether file search is enabled without collections.
	 */
	boolean lacksCollections() {
		return this.fileSearch != null && isOn(this.fileSearch.enabled) && list(this.fileSearch.collections).isEmpty();
	}

	/**
	 * Contains only the types of tools that have no properties of their own.
	 */
	@Override
	public String toString() {
		return "GrokToolsProperties[webSearch=" + this.webSearch + ", xSearch=" + this.xSearch + ", codeInterpreter="
				+ this.codeInterpreter + ", fileSearch=" + this.fileSearch + ", mcp=" + this.mcp + ", imageGeneration="
				+ this.imageGeneration + ", other="
				+ ((this.other != null) ? this.other.stream().map((fields) -> fields.get("type")).toList() : null)
				+ "]";
	}

	private static boolean isOn(@Nullable Boolean enabled) {
		return Boolean.TRUE.equals(enabled);
	}

	private static <T> @Nullable T first(@Nullable T first, @Nullable T second) {
		return (first != null) ? first : second;
	}

	private static List<String> list(@Nullable List<String> values) {
		return (values != null) ? values : List.of();
	}

	private static @Nullable List<String> checked(String name, @Nullable List<String> values, int most) {
		if (values == null) {
			return null;
		}
		if (values.size() > most) {
			throw new GrokConfigurationException(name,
					"has " + values.size() + " entries, but xAI accepts at most " + most,
					"Reduce the list to " + most + " entries, or remove the property.");
		}
		if (values.stream().anyMatch(String::isBlank)) {
			throw new GrokConfigurationException(name, "contains an empty entry",
					"Remove the empty entry, or remove the property.");
		}
		return List.copyOf(values);
	}

	private static @Nullable List<String> domains(String name, @Nullable List<String> values) {
		for (String value : list(values)) {
			int scheme = value.indexOf("://");
			if (scheme >= 0) {
				String host = value.substring(scheme + "://".length()).replaceFirst("[/?#:].*", "");
				throw new GrokConfigurationException(name,
						"contains '" + value + "', which is a URL instead of a domain",
						"Replace it with '" + (host.isBlank() ? "example.com" : host) + "'.");
			}
		}
		return checked(name, values, WebSearch.MAX_DOMAINS);
	}

	private static void requireEither(String allowed, @Nullable List<String> allowedValues, String excluded,
			@Nullable List<String> excludedValues) {
		if (!list(allowedValues).isEmpty() && !list(excludedValues).isEmpty()) {
			throw new GrokConfigurationException(allowed, "is set together with '" + excluded + "'",
					"Remove one of them, because xAI accepts either allowed or excluded values.");
		}
	}

	/**
	 * Web search.
	 *
	 * @param enabled Whether the model may search the web.
	 * @param allowedDomains Comma-separated list of the only domains to search, at most
	 * five. Cannot be combined with excluded-domains.
	 * @param excludedDomains Comma-separated list of domains to exclude from the search,
	 * at most five. Cannot be combined with allowed-domains.
	 * @param imageUnderstanding Whether the model analyzes images on web pages.
	 */
	record Web(@Nullable Boolean enabled, @Nullable List<String> allowedDomains, @Nullable List<String> excludedDomains,
			@Nullable Boolean imageUnderstanding) {

		Web {
			allowedDomains = domains("allowed-domains", allowedDomains);
			excludedDomains = domains("excluded-domains", excludedDomains);
			requireEither("allowed-domains", allowedDomains, "excluded-domains", excludedDomains);
		}

		// Both lists are inherited together, so that a client can replace one by the
		// other
		private Web over(@Nullable Web defaults) {
			if (defaults == null) {
				return this;
			}
			boolean own = this.allowedDomains != null || this.excludedDomains != null;
			return new Web(first(this.enabled, defaults.enabled), own ? this.allowedDomains : defaults.allowedDomains,
					own ? this.excludedDomains : defaults.excludedDomains,
					first(this.imageUnderstanding, defaults.imageUnderstanding));
		}

		private ServerTool toTool() {
			return new WebSearch(list(this.allowedDomains), list(this.excludedDomains), this.imageUnderstanding, null);
		}

	}

	/**
	 * X search.
	 *
	 * @param enabled Whether the model may search X.
	 * @param allowedHandles Comma-separated list of the only handles whose posts to
	 * search, at most twenty. Cannot be combined with excluded-handles.
	 * @param excludedHandles Comma-separated list of handles whose posts to exclude from
	 * the search, at most twenty. Cannot be combined with allowed-handles.
	 * @param fromDate First day of the search period, for example 2026-01-31.
	 * @param toDate Last day of the search period, for example 2026-01-31.
	 * @param imageUnderstanding Whether the model analyzes images in posts.
	 * @param videoUnderstanding Whether the model analyzes videos in posts.
	 */
	record Posts(@Nullable Boolean enabled, @Nullable List<String> allowedHandles,
			@Nullable List<String> excludedHandles, @Nullable String fromDate, @Nullable String toDate,
			@Nullable Boolean imageUnderstanding, @Nullable Boolean videoUnderstanding) {

		Posts {
			allowedHandles = checked("allowed-handles", allowedHandles, XSearch.MAX_HANDLES);
			excludedHandles = checked("excluded-handles", excludedHandles, XSearch.MAX_HANDLES);
			requireEither("allowed-handles", allowedHandles, "excluded-handles", excludedHandles);
			LocalDate from = date("from-date", fromDate);
			LocalDate to = date("to-date", toDate);
			if (from != null && to != null && to.isBefore(from)) {
				throw new GrokConfigurationException("to-date",
						"is " + to + ", which is before 'from-date' (" + from + ")",
						"Set the property to a date that is not before 'from-date', or remove one of them.");
			}
		}

		private static @Nullable LocalDate date(String name, @Nullable String date) {
			if (!StringUtils.hasText(date)) {
				return null;
			}
			try {
				return LocalDate.parse(date.strip());
			}
			catch (DateTimeParseException ex) {
				throw new GrokConfigurationException(name, "is '" + date + "', which is not a date",
						"Set the property to a date with year, month and day, for example 2026-01-31, or remove it.");
			}
		}

		private Posts over(@Nullable Posts defaults) {
			if (defaults == null) {
				return this;
			}
			boolean handles = this.allowedHandles != null || this.excludedHandles != null;
			boolean dates = this.fromDate != null || this.toDate != null;
			return new Posts(first(this.enabled, defaults.enabled),
					handles ? this.allowedHandles : defaults.allowedHandles,
					handles ? this.excludedHandles : defaults.excludedHandles,
					dates ? this.fromDate : defaults.fromDate, dates ? this.toDate : defaults.toDate,
					first(this.imageUnderstanding, defaults.imageUnderstanding),
					first(this.videoUnderstanding, defaults.videoUnderstanding));
		}

		private ServerTool toTool() {
			return new XSearch(list(this.allowedHandles), list(this.excludedHandles), date("from-date", this.fromDate),
					date("to-date", this.toDate), this.imageUnderstanding, this.videoUnderstanding);
		}

	}

	/**
	 * Code interpreter.
	 *
	 * @param enabled Whether the model may write and run Python code.
	 */
	record Code(@Nullable Boolean enabled) {

		private Code over(@Nullable Code defaults) {
			return (this.enabled == null && defaults != null) ? defaults : this;
		}

	}

	/**
	 * Image generation.
	 *
	 * @param enabled Whether the model may generate images.
	 */
	record Images(@Nullable Boolean enabled) {

		private Images over(@Nullable Images defaults) {
			return (this.enabled == null && defaults != null) ? defaults : this;
		}

	}

	/**
	 * File search.
	 *
	 * @param enabled Whether the model may search document collections.
	 * @param collections Comma-separated list of the ids of the collections to search, at
	 * most ten.
	 * @param maxResults Maximum number of results per search.
	 */
	record Files(@Nullable Boolean enabled, @Nullable List<String> collections, @Nullable Integer maxResults) {

		Files {
			collections = checked("collections", collections, FileSearch.MAX_COLLECTIONS);
			if (maxResults != null && maxResults < 1) {
				throw new GrokConfigurationException("max-results", "is " + maxResults + " but must be at least 1",
						"Set the property to the maximum number of results per search, or remove it.");
			}
		}

		private Files over(@Nullable Files defaults) {
			if (defaults == null) {
				return this;
			}
			return new Files(first(this.enabled, defaults.enabled), first(this.collections, defaults.collections),
					first(this.maxResults, defaults.maxResults));
		}

		private ServerTool toTool() {
			return new FileSearch(list(this.collections), this.maxResults);
		}

	}

	/**
	 * An MCP server.
	 *
	 * @param label Label of the server in responses.
	 * @param url URL of the server.
	 * @param allowedTools Comma-separated list of the only tools that may be used.
	 * @param headers Headers that xAI sends to the server.
	 * @param authorization Authorization header that xAI sends to the server.
	 */
	record Server(@Nullable String label, @Nullable String url, @Nullable List<String> allowedTools,
			@Nullable Map<String, String> headers, @Nullable String authorization) {

		Server {
			if (!StringUtils.hasText(label)) {
				throw new GrokConfigurationException("label", "is not set",
						"Set the property to a label for the MCP server, which identifies it in responses.");
			}
			if (url == null || !(url.startsWith("https://") || url.startsWith("http://"))) {
				throw new GrokConfigurationException("url",
						(url != null) ? "is '" + url + "', which does not begin with https:// or http://"
								: "is not set",
						"Set the property to the URL at which xAI reaches the MCP server, for example"
								+ " 'https://mcp.example.com/sse'.");
			}
			allowedTools = checked("allowed-tools", allowedTools, Integer.MAX_VALUE);
			headers = (headers != null) ? Map.copyOf(headers) : null;
		}

		/**
		 * Whether xAI would send headers or authorization unencrypted.
		 */
		boolean isInsecure() {
			boolean secret = StringUtils.hasText(this.authorization)
					|| (this.headers != null && !this.headers.isEmpty());
			return secret && InsecureUrlValidator.isInsecure(String.valueOf(this.url));
		}

		private ServerTool toTool() {
			return new Mcp(String.valueOf(this.label), String.valueOf(this.url), null, list(this.allowedTools),
					(this.headers != null) ? this.headers : Map.of(), this.authorization);
		}

		/**
		 * Contains no headers and no authorization.
		 */
		@Override
		public String toString() {
			return "Server[label=" + this.label + ", url=" + this.url + "]";
		}

	}

}
