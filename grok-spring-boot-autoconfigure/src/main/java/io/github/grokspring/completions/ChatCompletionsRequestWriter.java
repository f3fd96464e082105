package io.github.grokspring.completions;

import java.io.OutputStream;
import java.util.List;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.wire.FunctionTools;
import io.github.grokspring.wire.JsonFieldWriter;
import io.github.grokspring.wire.SamplingFields;
import io.github.grokspring.wire.TokenLimitField;
import io.github.grokspring.wire.ToolOutput;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * Writes a prompt as the body of {@code POST /v1/chat/completions}. Only fields that are
 * set are written, and each of them once.
 */
final class ChatCompletionsRequestWriter {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String MAX_TOKENS = "max_completion_tokens";

	private final Prompt prompt;

	private final GrokChatOptions options;

	private final boolean stream;

	ChatCompletionsRequestWriter(Prompt prompt, GrokChatOptions options, boolean stream) {
		FunctionTools.validate(options.getToolCallbacks());
		this.prompt = prompt;
		this.options = options;
		this.stream = stream;
	}

	void writeTo(OutputStream out) {
		try (JsonGenerator json = JSON.createGenerator(out)) {
			json.writeStartObject();
			json.writeStringProperty("model", this.options.getModel());
			json.writeName("messages");
			MessageWriter.write(ToolOutput.moveImagesToUserMessages(this.prompt.getInstructions()), json);
			if (this.stream) {
				json.writeBooleanProperty("stream", true);
				json.writeName("stream_options");
				json.writeStartObject();
				json.writeBooleanProperty("include_usage", true);
				json.writeEndObject();
			}
			JsonFieldWriter fields = new JsonFieldWriter(json,
					TokenLimitField.normalize(MAX_TOKENS, this.options.getExtraBody()));
			writeSampling(fields);
			writeOutput(fields);
			writeTools(fields);
			fields.writeExtraBody(ReservedFields.TRANSPORT_FIELDS);
			json.writeEndObject();
		}
	}

	private void writeSampling(JsonFieldWriter fields) {
		SamplingFields.write(this.options, fields);
		fields.writeNumber("n", this.options.getN());
		fields.writeObject("logit_bias", this.options.getLogitBias());
		fields.writeString("reasoning_effort", this.options.getReasoningEffort());
	}

	private void writeOutput(JsonFieldWriter fields) {
		fields.writeNumber(MAX_TOKENS, this.options.getMaxTokens());
		fields.writeString("service_tier", this.options.getServiceTier());
		fields.writeBoolean("store", this.options.getStore());
		fields.writeString("user", this.options.getUser());
		String schema = this.options.getOutputSchema();
		if (schema != null) {
			JsonGenerator json = fields.startField("response_format");
			json.writeStartObject();
			json.writeStringProperty("type", "json_schema");
			json.writeName("json_schema");
			json.writeStartObject();
			json.writeStringProperty("name", "answer");
			json.writeBooleanProperty("strict", true);
			json.writeName("schema");
			json.writeRawValue(schema);
			json.writeEndObject();
			json.writeEndObject();
		}
		else if (this.options.getResponseFormat() != null) {
			JsonGenerator json = fields.startField("response_format");
			json.writeStartObject();
			json.writeStringProperty("type", this.options.getResponseFormat());
			json.writeEndObject();
		}
	}

	private void writeTools(JsonFieldWriter fields) {
		List<ToolCallback> callbacks = this.options.getToolCallbacks();
		if (callbacks == null || callbacks.isEmpty()) {
			return;
		}
		JsonGenerator json = fields.startField("tools");
		json.writeStartArray();
		callbacks.forEach((callback) -> writeTool(json, callback.getToolDefinition()));
		json.writeEndArray();
		fields.writeBoolean("parallel_tool_calls", this.options.getParallelToolCalls());
		writeToolChoice(fields, this.options.getToolChoice());
	}

	private static void writeTool(JsonGenerator json, ToolDefinition tool) {
		json.writeStartObject();
		json.writeStringProperty("type", "function");
		json.writeName("function");
		json.writeStartObject();
		FunctionTools.writeDefinition(tool, json);
		json.writeEndObject();
		json.writeEndObject();
	}

	private static void writeToolChoice(JsonFieldWriter fields, @Nullable String choice) {
		if (choice == null || FunctionTools.isMode(choice)) {
			fields.writeString("tool_choice", choice);
			return;
		}
		JsonGenerator json = fields.startField("tool_choice");
		json.writeStartObject();
		json.writeStringProperty("type", "function");
		json.writeName("function");
		json.writeStartObject();
		json.writeStringProperty("name", choice);
		json.writeEndObject();
		json.writeEndObject();
	}

}
