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
 * Tools of the application as requests carry them.
 *
 * @since 0.1.0
 */
public final class FunctionTools {

	/**
	 * What a tool is said to have returned when it returned nothing: xAI wants content.
	 */
	private static final String NO_OUTPUT = "(no output)";

	/** What is wrong with schemas, which come again with every request. */
	private static final ConcurrentLruCache<String, String> SCHEMA_PROBLEMS = new ConcurrentLruCache<>(256,
			FunctionTools::findProblem);

	private FunctionTools() {
	}

	/**
	 * Write name, description and parameters of a tool.
	 * @param tool the tool
	 * @param json where to; stands in the object that is to have them
	 */
	public static void writeDefinition(ToolDefinition tool, JsonGenerator json) {
		json.writeStringProperty("name", tool.name());
		json.writeStringProperty("description", tool.description());
		json.writeName("parameters");
		json.writeRawValue(tool.inputSchema());
	}

	/**
	 * Checks what xAI wants of the parameters of tools: one tool whose schema is not of
	 * an object makes it refuse the whole request.
	 * @param callbacks the tools of a request, may be {@code null}
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} that names the
	 * tool
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
					.builder(ErrorKind.INVALID_REQUEST, "The input schema of tool '" + tool.name() + "' " + problem
							+ ", and xAI takes only a schema of an object there, so nothing was sent to xAI. Give "
							+ "the tool one object with optional properties as its input.")
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
	 * Whether a choice of tools is a mode rather than the name of a tool.
	 * @param choice the choice
	 * @return whether it is
	 */
	public static boolean isMode(String choice) {
		return switch (choice) {
			case "auto", "none", "required" -> true;
			default -> false;
		};
	}

	/**
	 * Arguments of a call as xAI takes them back.
	 * @param arguments the arguments, may be blank
	 * @return a JSON object
	 */
	public static String argumentsOrEmpty(String arguments) {
		return StringUtils.hasText(arguments) ? arguments : "{}";
	}

	/**
	 * What a tool returned, as xAI takes it.
	 * @param output what it returned, may be empty
	 * @return a text that is not empty
	 */
	public static String outputOrPlaceholder(String output) {
		return StringUtils.hasLength(output) ? output : NO_OUTPUT;
	}

}
