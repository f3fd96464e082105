package io.github.grokspring.wire;

import java.util.List;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.util.ConcurrentLruCache;
import org.springframework.util.StringUtils;

/**
 * Writes the application's tools and their results.
 *
 * @since 0.1.0
 */
public final class FunctionTools {

	// xAI requires content
	private static final String NO_OUTPUT = "(no output)";

	// Schemas repeat with every request
	private static final ConcurrentLruCache<String, String> SCHEMA_PROBLEMS = new ConcurrentLruCache<>(256,
			FunctionTools::findProblem);

	private FunctionTools() {
	}

	/**
	 * Writes name, description and parameters of a tool.
	 * @param tool the tool
	 * @param json the generator, inside an object
	 */
	public static void writeDefinition(ToolDefinition tool, JsonGenerator json) {
		json.writeStringProperty("name", tool.name());
		json.writeStringProperty("description", tool.description());
		json.writeName("parameters");
		json.writeRawValue(tool.inputSchema());
	}

	/**
	 * Validates the input schemas of tools. If one is not the schema of an object, xAI
	 * rejects the whole request.
	 * @param callbacks the tools, may be {@code null}
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} with the name of
	 * the tool
	 */
	public static void validate(@Nullable List<ToolCallback> callbacks) {
		if (callbacks == null) {
			return;
		}
		for (ToolCallback callback : callbacks) {
			ToolDefinition tool = callback.getToolDefinition();
			String problem = SCHEMA_PROBLEMS.get(tool.inputSchema());
			if (!problem.isEmpty()) {
				throw GrokApiException
					.builder(ErrorKind.INVALID_REQUEST,
							"The input schema of tool '" + tool.name() + "' " + problem
									+ ", but xAI accepts only the schema of an object. Nothing was sent to xAI. "
									+ "Declare one object with optional properties as the input of the tool.")
					.sent(false)
					.build();
			}
		}
	}

	private static String findProblem(String inputSchema) {
		JsonNode schema;
		try {
			schema = JsonMapper.shared().readTree(inputSchema);
		}
		catch (JacksonException ex) {
			return "is not JSON";
		}
		if (!schema.isObject()) {
			return "is not a JSON object";
		}
		if (schema.has("type") && !isObject(schema, schema, 0)) {
			return "is of type " + schema.get("type");
		}
		for (String union : List.of("anyOf", "oneOf")) {
			for (JsonNode branch : schema.path(union)) {
				if (!isObject(branch, schema, 0)) {
					return "has '" + union + "' at its root with a branch that is not an object";
				}
			}
		}
		return "";
	}

	private static boolean isObject(JsonNode schema, JsonNode root, int depth) {
		String reference = schema.path("$ref").stringValue("");
		if (reference.startsWith("#/") && depth < 8) {
			return isObject(root.at(reference.substring(1)), root, depth + 1);
		}
		JsonNode type = schema.path("type");
		return "object".equals(type.stringValue(""))
				|| (type.isArray() && type.valueStream().anyMatch((name) -> "object".equals(name.stringValue(""))));
	}

	/**
	 * Whether a tool choice is a mode rather than the name of a tool.
	 * @param choice the tool choice
	 * @return {@code true} if it is a mode
	 */
	public static boolean isMode(String choice) {
		return switch (choice) {
			case "auto", "none", "required" -> true;
			default -> false;
		};
	}

	/**
	 * Returns the arguments of a tool call as sent back to xAI.
	 * @param arguments the arguments, may be blank
	 * @return a JSON object
	 */
	public static String argumentsOrEmpty(String arguments) {
		return StringUtils.hasText(arguments) ? arguments : "{}";
	}

	/**
	 * Returns the result of a tool as sent to xAI.
	 * @param output the result, may be empty
	 * @return the result or a placeholder, never empty
	 */
	public static String outputOrPlaceholder(String output) {
		return StringUtils.hasLength(output) ? output : NO_OUTPUT;
	}

}
