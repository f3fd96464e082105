package io.github.grokspring.completions;

import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.RequestFields;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * Writes a prompt as the body of {@code POST /v1/chat/completions}. A field is written
 * only when it is set, and no field is ever written twice.
 */
final class ChatRequestWriter {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String LIMIT = "max_completion_tokens";

	/** The other name of the same limit. */
	private static final String OLD_LIMIT = "max_tokens";

	private final Prompt prompt;

	private final GrokChatOptions options;

	private final boolean stream;

	ChatRequestWriter(Prompt prompt, GrokChatOptions options, boolean stream) {
		this.prompt = prompt;
		this.options = options;
		this.stream = stream;
	}

	void writeTo(OutputStream out) {
		try (JsonGenerator json = JSON.createGenerator(out)) {
			json.writeStartObject();
			json.writeStringProperty("model", this.options.getModel());
			json.writeName("messages");
			MessageWriter.write(this.prompt.getInstructions(), json);
			if (this.stream) {
				json.writeBooleanProperty("stream", true);
				json.writeName("stream_options");
				json.writeStartObject();
				json.writeBooleanProperty("include_usage", true);
				json.writeEndObject();
			}
			Fields fields = new Fields(json, this.options.getExtraBody());
			writeSampling(fields);
			writeOutput(fields);
			writeTools(fields);
			fields.writeExtraBody();
			json.writeEndObject();
		}
	}

	private void writeSampling(Fields fields) {
		fields.number("temperature", this.options.getTemperature());
		fields.number("top_p", this.options.getTopP());
		fields.number("top_k", this.options.getTopK());
		fields.number("seed", this.options.getSeed());
		fields.number("n", this.options.getN());
		fields.number("presence_penalty", this.options.getPresencePenalty());
		fields.number("frequency_penalty", this.options.getFrequencyPenalty());
		fields.number("top_logprobs", this.options.getTopLogprobs());
		fields.flag("logprobs", this.options.getLogprobs());
		fields.object("logit_bias", this.options.getLogitBias());
		fields.strings("stop", this.options.getStopSequences());
		fields.text("reasoning_effort", this.options.getReasoningEffort());
	}

	private void writeOutput(Fields fields) {
		fields.number(LIMIT, this.options.getMaxTokens());
		fields.text("service_tier", this.options.getServiceTier());
		fields.flag("store", this.options.getStore());
		fields.text("user", this.options.getUser());
		String schema = this.options.getOutputSchema();
		if (schema != null) {
			JsonGenerator json = fields.begin("response_format");
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
			JsonGenerator json = fields.begin("response_format");
			json.writeStartObject();
			json.writeStringProperty("type", this.options.getResponseFormat());
			json.writeEndObject();
		}
	}

	private void writeTools(Fields fields) {
		List<ToolCallback> callbacks = this.options.getToolCallbacks();
		if (callbacks == null || callbacks.isEmpty()) {
			return;
		}
		JsonGenerator json = fields.begin("tools");
		json.writeStartArray();
		callbacks.forEach((callback) -> writeTool(json, callback.getToolDefinition()));
		json.writeEndArray();
		fields.flag("parallel_tool_calls", this.options.getParallelToolCalls());
		writeToolChoice(fields, this.options.getToolChoice());
	}

	private static void writeTool(JsonGenerator json, ToolDefinition tool) {
		json.writeStartObject();
		json.writeStringProperty("type", "function");
		json.writeName("function");
		json.writeStartObject();
		json.writeStringProperty("name", tool.name());
		json.writeStringProperty("description", tool.description());
		json.writeName("parameters");
		json.writeRawValue(tool.inputSchema());
		json.writeEndObject();
		json.writeEndObject();
	}

	private static void writeToolChoice(Fields fields, @Nullable String choice) {
		if (choice == null) {
			return;
		}
		switch (choice) {
			case "auto", "none", "required" -> fields.text("tool_choice", choice);
			default -> {
				JsonGenerator json = fields.begin("tool_choice");
				json.writeStartObject();
				json.writeStringProperty("type", "function");
				json.writeName("function");
				json.writeStartObject();
				json.writeStringProperty("name", choice);
				json.writeEndObject();
				json.writeEndObject();
			}
		}
	}

	/**
	 * The optional fields of one body. Remembers their names as far as that is needed to
	 * keep the extra body from repeating one.
	 */
	private static final class Fields {

		private final JsonGenerator json;

		private final Map<String, Object> extraBody;

		private final Set<String> written;

		private Fields(JsonGenerator json, Map<String, Object> extraBody) {
			this.json = json;
			this.extraBody = extraBody;
			this.written = extraBody.isEmpty() ? Set.of() : new HashSet<>();
		}

		private void taken(String name) {
			if (!this.extraBody.isEmpty()) {
				this.written.add(name);
			}
		}

		private JsonGenerator begin(String name) {
			taken(name);
			this.json.writeName(name);
			return this.json;
		}

		private void number(String name, @Nullable Number value) {
			if (value == null) {
				return;
			}
			if (value instanceof Double real) {
				begin(name).writeNumber(real);
			}
			else {
				begin(name).writeNumber(value.intValue());
			}
		}

		private void flag(String name, @Nullable Boolean value) {
			if (value != null) {
				begin(name).writeBoolean(value);
			}
		}

		private void text(String name, @Nullable String value) {
			if (value != null) {
				begin(name).writeString(value);
			}
		}

		private void strings(String name, @Nullable List<String> values) {
			if (values != null && !values.isEmpty()) {
				JsonGenerator array = begin(name);
				array.writeStartArray();
				values.forEach(array::writeString);
				array.writeEndArray();
			}
		}

		private void object(String name, Map<String, ?> value) {
			if (!value.isEmpty()) {
				begin(name).writePOJO(value);
			}
		}

		private void writeExtraBody() {
			this.extraBody.forEach((key, value) -> {
				String name = (OLD_LIMIT.equals(key) && !this.extraBody.containsKey(LIMIT)) ? LIMIT : key;
				if (!OLD_LIMIT.equals(name) && !RequestFields.WRITTEN_BY_THE_TRANSPORT.contains(name)
						&& !this.written.contains(name)) {
					this.json.writeName(name);
					this.json.writePOJO(value);
				}
			});
		}

	}

}
