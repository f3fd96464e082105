package io.github.grokspring.tool;

import java.util.Map;

/**
 * Runs Python code that the model writes.
 *
 * @since 0.1.0
 */
public record CodeInterpreter() implements ServerTool {

	@Override
	public String type() {
		return "code_interpreter";
	}

	@Override
	public Map<String, Object> fields() {
		return new ToolFields(type()).toMap();
	}

}
