package io.github.grokspring.test;

import io.github.grokspring.test.ChatRequest.ToolCall;
import tools.jackson.core.JsonGenerator;

/**
 * Function call of the client, with its arguments in a single delta.
 */
record FunctionCallItem(String id, ToolCall call) implements ResponsesItem {

	@Override
	public String type() {
		return "function_call";
	}

	@Override
	public void write(JsonGenerator json, boolean done) {
		json.writeStringProperty("arguments", done ? this.call.arguments() : "");
		json.writeStringProperty("call_id", this.call.id());
		json.writeStringProperty("name", this.call.name());
	}

	@Override
	public void emit(EventSink sink) {
		sink.event("function_call_arguments.delta", (json) -> json.writeStringProperty("delta", this.call.arguments()));
		sink.event("function_call_arguments.done",
				(json) -> json.writeStringProperty("arguments", this.call.arguments()));
	}

}
