package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.Tool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools of a request: functions, server-side tools, and their form in responses.
 */
record ToolDefinitions(List<Tool> functions, ServerTools serverTools, List<JsonNode> echo) {

	private static final Map<String, Set<String>> ECHOED = Map.of("function",
			Set.of("type", "description", "name", "parameters", "strict", "defer_loading"), "web_search",
			Set.of("type", "allowed_domains", "excluded_domains", "filters", "enable_image_understanding",
					"enable_image_search"),
			"x_search",
			Set.of("type", "allowed_x_handles", "excluded_x_handles", "from_date", "to_date",
					"enable_image_understanding", "enable_video_understanding"),
			"code_interpreter", Set.of("type"), "file_search", Set.of("type", "vector_store_ids", "max_num_results"),
			"mcp", Set.of("type", "server_url", "server_label", "server_description", "allowed_tools", "defer_loading"),
			"image_generation", Set.of("type", "action"), "shell", Set.of("type", "environment"), "tool_search",
			Set.of("type", "execution"));

	private static final Map<String, List<String>> REQUIRED = Map.of("function", List.of("name"), "mcp",
			List.of("server_url", "server_label"));

	static ToolDefinitions none() {
		return new ToolDefinitions(List.of(), ServerTools.NONE, List.of());
	}

	static ToolDefinitions of(List<JsonNode> definitions) {
		List<Tool> functions = new ArrayList<>();
		List<JsonNode> serverTools = new ArrayList<>();
		List<JsonNode> echo = new ArrayList<>();
		for (int i = 0; i < definitions.size(); i++) {
			JsonNode definition = definitions.get(i);
			String type = type(definition, "tools[" + i + "]");
			if ("function".equals(type)) {
				functions.add(new Tool(definition.get("name").stringValue(),
						definition.path("description").stringValue(""), parameters(definition)));
			}
			else {
				serverTools.add(definition);
			}
			echo.add(echo(type, definition));
		}
		return new ToolDefinitions(List.copyOf(functions), new ServerTools(List.copyOf(serverTools)),
				List.copyOf(echo));
	}

	private static String type(JsonNode definition, String path) {
		JsonNode type = definition.path("type");
		if (!type.isString()) {
			throw ApiErrorException.wrongShape(path + ": missing field `type`");
		}
		if (!ECHOED.containsKey(type.stringValue())) {
			List<String> names = ECHOED.keySet().stream().sorted().map((name) -> "`" + name + "`").toList();
			throw ApiErrorException.wrongShape(path + ": unknown variant `" + type.stringValue() + "`, expected one of "
					+ String.join(", ", names));
		}
		for (String field : REQUIRED.getOrDefault(type.stringValue(), List.of())) {
			if (!definition.path(field).isString()) {
				throw ApiErrorException.wrongShape(path + ": missing field `" + field + "`");
			}
		}
		return type.stringValue();
	}

	private static @Nullable JsonNode parameters(JsonNode definition) {
		JsonNode parameters = definition.path("parameters");
		return parameters.isObject() ? parameters : null;
	}

	private static ObjectNode echo(String type, JsonNode definition) {
		ObjectNode echo = JsonNodeFactory.instance.objectNode();
		definition.forEachEntry((name, value) -> {
			if (ECHOED.getOrDefault(type, Set.of()).contains(name) && !value.isNull()) {
				echo.set(name, value);
			}
		});
		if ("web_search".equals(type)) {
			echo.put("search_context_size", "medium");
		}
		return echo;
	}

}
