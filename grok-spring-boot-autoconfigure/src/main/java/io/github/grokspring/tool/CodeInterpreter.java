package io.github.grokspring.tool;

import java.util.Map;

/**
 * Server-side tool that runs Python code written by the model.
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
