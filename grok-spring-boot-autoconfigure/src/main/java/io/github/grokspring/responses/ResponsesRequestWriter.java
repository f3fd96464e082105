package io.github.grokspring.responses;

import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.connection.RequestHeaders;
import io.github.grokspring.wire.FunctionTools;
import io.github.grokspring.wire.JsonFieldWriter;
import io.github.grokspring.wire.SamplingFields;
import io.github.grokspring.wire.TokenLimitField;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.ToolCallback;

/**
 * Writes a prompt as the body of {@code POST /v1/responses}. Each field is written at
 * most once and only if it is set, except for {@code store}: xAI stores responses unless
 * it is {@code false}. Options that this endpoint does not support ({@code n},
 * {@code logit_bias}) are omitted, as are documented fields that xAI rejects.
 */
final class ResponsesRequestWriter {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String ENCRYPTED_REASONING = "reasoning.encrypted_content";

	private static final String TOKEN_LIMIT = "max_output_tokens";

	private final Prompt prompt;

	private final GrokChatOptions options;

	private final ModelCatalog catalog;

	private final boolean stream;

	ResponsesRequestWriter(Prompt prompt, GrokChatOptions options, ModelCatalog catalog, boolean stream) {
		FunctionTools.validate(options.getToolCallbacks());
		this.prompt = prompt;
		this.options = options;
		this.catalog = catalog;
		this.stream = stream;
	}

	void writeTo(OutputStream out) {
		try (JsonGenerator json = JSON.createGenerator(out)) {
			json.writeStartObject();
			json.writeStringProperty("model", this.options.getModel());
			json.writeName("input");
			new InputItemWriter(this.options, this.catalog, json).write(this.prompt.getInstructions());
			if (this.stream) {
				json.writeBooleanProperty("stream", true);
			}
			JsonFieldWriter fields = new JsonFieldWriter(json,
					TokenLimitField.normalize(TOKEN_LIMIT, this.options.getExtraBody()));
			writeSampling(fields);
			writeConversation(fields);
			writeFormat(fields);
			writeTools(fields);
			fields.writeExtraBody(ReservedFields.TRANSPORT_FIELDS);
			json.writeEndObject();
		}
	}

	private void writeSampling(JsonFieldWriter fields) {
		SamplingFields.write(this.options, fields);
		fields.writeNumber(TOKEN_LIMIT, this.options.getMaxTokens());
		if (this.options.getReasoningEffort() != null) {
			fields.markWritten("reasoning_effort");
			JsonGenerator json = fields.startField("reasoning");
			json.writeStartObject();
			json.writeStringProperty("effort", this.options.getReasoningEffort());
			json.writeEndObject();
		}
	}

	private void writeConversation(JsonFieldWriter fields) {
		fields.writeBoolean("store", Boolean.TRUE.equals(this.options.getStore()));
		fields.writeString("previous_response_id", this.options.getPreviousResponseId());
		fields.writeString("prompt_cache_key", RequestHeaders.conversationId(this.options));
		fields.writeString("service_tier", this.options.getServiceTier());
		fields.writeString("user", this.options.getUser());
		if (ReasoningItems.isRequested(this.options, this.catalog)) {
			Set<String> include = new LinkedHashSet<>(this.options.getInclude());
			include.add(ENCRYPTED_REASONING);
			fields.writeStrings("include", include);
		}
		else {
			fields.writeStrings("include", this.options.getInclude());
		}
	}

	private void writeFormat(JsonFieldWriter fields) {
		String schema = this.options.getOutputSchema();
		String format = (schema != null) ? "json_schema" : this.options.getResponseFormat();
		if (format == null) {
			return;
		}
		fields.markWritten("response_format");
		JsonGenerator json = fields.startField("text");
		json.writeStartObject();
		json.writeName("format");
		json.writeStartObject();
		json.writeStringProperty("type", format);
		if (schema != null) {
			json.writeStringProperty("name", "answer");
			json.writeBooleanProperty("strict", true);
			json.writeName("schema");
			json.writeRawValue(schema);
		}
		json.writeEndObject();
		json.writeEndObject();
	}

	private void writeTools(JsonFieldWriter fields) {
		fields.writeNumber("max_turns", this.options.getMaxTurns());
		List<ToolCallback> callbacks = this.options.getToolCallbacks();
		if ((callbacks == null || callbacks.isEmpty()) && this.options.getServerTools().isEmpty()) {
			return;
		}
		JsonGenerator json = fields.startField("tools");
		json.writeStartArray();
		if (callbacks != null) {
			for (ToolCallback callback : callbacks) {
				json.writeStartObject();
				json.writeStringProperty("type", "function");
				FunctionTools.writeDefinition(callback.getToolDefinition(), json);
				json.writeEndObject();
			}
		}
		this.options.getServerTools().forEach((tool) -> json.writePOJO(tool.fields()));
		json.writeEndArray();
		fields.writeBoolean("parallel_tool_calls", this.options.getParallelToolCalls());
		writeToolChoice(fields, this.options.getToolChoice());
	}

	private static void writeToolChoice(JsonFieldWriter fields, @Nullable String choice) {
		if (choice == null || FunctionTools.isMode(choice)) {
			fields.writeString("tool_choice", choice);
			return;
		}
		JsonGenerator json = fields.startField("tool_choice");
		json.writeStartObject();
		json.writeStringProperty("type", "function");
		json.writeStringProperty("name", choice);
		json.writeEndObject();
	}

}
