package io.github.grokspring.responses;

import java.util.List;
import java.util.Map;

import io.github.grokspring.tool.ToolUse;
import io.github.grokspring.wire.JsonValues;
import org.jspecify.annotations.Nullable;

/**
 * Reads uses of server-side tools from output items, in all formats that xAI has used
 * since 2025: with an {@code action}, with JSON in {@code arguments} or {@code input}, or
 * with fields of the item.
 */
final class ToolUseReader {

	private static final String SUFFIX = "_call";

	private ToolUseReader() {
	}

	/**
	 * Reads an item.
	 * @return the tool use, or {@code null} if the item is none
	 */
	static @Nullable ToolUse read(Map<String, @Nullable Object> item) {
		String type = text(item, "type");
		if (type == null || !type.endsWith(SUFFIX) || type.equals("function_call") || type.equals("shell_call")) {
			return null;
		}
		Map<String, @Nullable Object> action = object(item.get("action"));
		Map<String, @Nullable Object> arguments = arguments(item);
		String name = first(text(item, "name"), text(action, "type"));
		String query = first(text(action, "query"), text(arguments, "query"), text(item, "query"), firstQuery(item));
		String url = first(text(action, "url"), text(arguments, "url"));
		String code = first(text(arguments, "code"), text(item, "code"));
		return new ToolUse(toolType(type, name), name, query, url, code, text(item, "status"));
	}

	// Searches on X were x_search_call items before they became custom tools
	private static String toolType(String type, @Nullable String name) {
		if (!type.equals("custom_tool_call")) {
			return type.substring(0, type.length() - SUFFIX.length());
		}
		if (name != null && name.startsWith("x_")) {
			return "x_search";
		}
		return (name != null) ? name : "custom_tool";
	}

	private static Map<String, @Nullable Object> arguments(Map<String, @Nullable Object> item) {
		String json = first(text(item, "arguments"), text(item, "input"));
		return (json != null) ? JsonValues.readObject(json) : Map.of();
	}

	private static @Nullable String firstQuery(Map<String, @Nullable Object> item) {
		return (item.get("queries") instanceof List<?> queries && !queries.isEmpty()
				&& queries.get(0) instanceof String query) ? query : null;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, @Nullable Object> object(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : Map.of();
	}

	private static @Nullable String text(Map<String, @Nullable Object> object, String name) {
		return (object.get(name) instanceof String text && !text.isEmpty()) ? text : null;
	}

	private static @Nullable String first(@Nullable String... values) {
		for (String value : values) {
			if (value != null) {
				return value;
			}
		}
		return null;
	}

}
