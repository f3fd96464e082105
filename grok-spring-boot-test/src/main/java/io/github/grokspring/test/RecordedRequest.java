package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Request that an {@link XaiServer} received. Immutable. Failed assertions contain the
 * names of parameters, but not their values.
 *
 * @since 0.1.0
 */
public final class RecordedRequest {

	private final String method;

	private final String path;

	private final Map<String, List<String>> headers;

	private final byte[] body;

	RecordedRequest(String method, String path, Map<String, List<String>> headers, byte[] body) {
		this.method = method;
		this.path = path;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * Returns the HTTP method.
	 * @return the method in upper case
	 */
	public String method() {
		return this.method;
	}

	/**
	 * Returns the path, including the query.
	 * @return the path
	 */
	public String path() {
		return this.path;
	}

	/**
	 * Returns the first value of a header.
	 * @param name the name of the header, case-insensitive
	 * @return the value, {@code null} if it was not sent
	 */
	public @Nullable String header(String name) {
		List<String> values = headers(name);
		return values.isEmpty() ? null : values.get(0);
	}

	/**
	 * Returns all values of a header.
	 * @param name the name of the header, case-insensitive
	 * @return the values in order, empty if it was not sent
	 */
	public List<String> headers(String name) {
		return this.headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
	}

	/**
	 * Returns all headers.
	 * @return the headers by lower-case name
	 */
	public Map<String, List<String>> headers() {
		return this.headers;
	}

	/**
	 * Returns the raw body.
	 * @return the body, empty if there was none
	 */
	public String body() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * Returns the body as JSON.
	 * @return the JSON tree
	 * @throws AssertionError if the body is not JSON
	 */
	public JsonNode json() {
		try {
			return Json.LENIENT.readTree(this.body);
		}
		catch (JacksonException ex) {
			throw new AssertionError("The body of %s %s is not JSON".formatted(this.method, this.path), ex);
		}
	}

	/**
	 * Returns a parameter of the request.
	 * @param path the path in the body, with dots for nested fields and numbers for array
	 * elements, for example {@code stream_options.include_usage} or
	 * {@code messages.0.role}
	 * @return the value, which may be a JSON null
	 * @throws AssertionError if it was not sent
	 */
	public JsonNode parameter(String path) {
		JsonNode node = find(path);
		if (node == null) {
			JsonNode json = json();
			throw new AssertionError("Expected parameter '%s' in %s %s, which has %s".formatted(path, this.method,
					this.path, json.isObject() ? json.propertyNames() : "no JSON object"));
		}
		return node;
	}

	/**
	 * Asserts that a parameter was sent.
	 * @param path the path, see {@link #parameter(String)}
	 * @return this request
	 * @throws AssertionError if it was not sent
	 */
	public RecordedRequest hasParameter(String path) {
		parameter(path);
		return this;
	}

	/**
	 * Asserts that a parameter was not sent, not even as JSON null.
	 * @param path the path, see {@link #parameter(String)}
	 * @return this request
	 * @throws AssertionError if it was sent
	 */
	public RecordedRequest hasNoParameter(String path) {
		if (find(path) != null) {
			throw new AssertionError(
					"Expected no parameter '%s' in %s %s, but it was sent".formatted(path, this.method, this.path));
		}
		return this;
	}

	/**
	 * Returns the input items of a type in a request of the Responses API. A text is one
	 * message.
	 * @param type the type, for example {@code message} or {@code function_call_output}
	 * @return the items in order, empty if there are none
	 */
	public List<JsonNode> inputItems(String type) {
		JsonNode input = find("input");
		if (input == null || input.isString()) {
			boolean text = input != null && "message".equals(type);
			return text ? List.of(Json.LENIENT.createObjectNode().put("role", "user").set("content", input))
					: List.of();
		}
		List<JsonNode> items = new ArrayList<>();
		input.forEach((item) -> {
			if (item.path("type").stringValue("message").equals(type)) {
				items.add(item);
			}
		});
		return items;
	}

	/**
	 * Asserts that a tool was offered.
	 * @param name the name of a function, or the type of a server-side tool
	 * @return this request
	 * @throws AssertionError if it was not offered
	 */
	public RecordedRequest offersTool(String name) {
		if (!tools().contains(name)) {
			throw new AssertionError(
					"Expected tool '%s' in %s %s, which offers %s".formatted(name, this.method, this.path, tools()));
		}
		return this;
	}

	/**
	 * Asserts that a tool was not offered.
	 * @param name the name of a function, or the type of a server-side tool
	 * @return this request
	 * @throws AssertionError if it was offered
	 */
	public RecordedRequest offersNoTool(String name) {
		if (tools().contains(name)) {
			throw new AssertionError(
					"Expected no tool '%s' in %s %s, but it was offered".formatted(name, this.method, this.path));
		}
		return this;
	}

	/**
	 * Counts the occurrences of a key in the top-level object of the body.
	 * @param key the key
	 * @return the number of occurrences
	 */
	public int countOfKey(String key) {
		return Json.countOfTopLevelKey(this.body, key);
	}

	/**
	 * Returns the method, path and size only.
	 */
	@Override
	public String toString() {
		return "%s %s (%d bytes)".formatted(this.method, this.path, this.body.length);
	}

	private List<String> tools() {
		List<String> names = new ArrayList<>();
		JsonNode tools = find("tools");
		if (tools != null) {
			tools.forEach((tool) -> {
				JsonNode function = tool.has("function") ? tool.get("function") : tool;
				names.add(function.path("name").stringValue(tool.path("type").stringValue("")));
			});
		}
		return names;
	}

	private @Nullable JsonNode find(String path) {
		JsonNode node = json();
		for (String step : path.split("\\.")) {
			node = (node.isArray() && step.chars().allMatch(Character::isDigit)) ? node.get(Integer.parseInt(step))
					: node.get(step);
			if (node == null) {
				return null;
			}
		}
		return node;
	}

}
