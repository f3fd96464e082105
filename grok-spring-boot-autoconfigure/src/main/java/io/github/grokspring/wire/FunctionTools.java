package io.github.grokspring.wire;

import tools.jackson.core.JsonGenerator;

import org.springframework.ai.tool.definition.ToolDefinition;
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
	public static String arguments(String arguments) {
		return StringUtils.hasText(arguments) ? arguments : "{}";
	}

	/**
	 * What a tool returned, as xAI takes it.
	 * @param output what it returned, may be empty
	 * @return a text that is not empty
	 */
	public static String output(String output) {
		return StringUtils.hasLength(output) ? output : NO_OUTPUT;
	}

}
