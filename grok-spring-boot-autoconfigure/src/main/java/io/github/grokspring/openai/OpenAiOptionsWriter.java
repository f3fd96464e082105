package io.github.grokspring.openai;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.openai.core.JsonValue;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.connection.RequestHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.openai.OpenAiChatModel.ResponseFormat;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * Converts complete {@link GrokChatOptions} of a single request to
 * {@link OpenAiChatOptions}, without fields that would occur twice in the request.
 */
final class OpenAiOptionsWriter {

	private final OpenAiChatOptions.Builder openAi = OpenAiChatOptions.builder();

	private final Set<String> written = new HashSet<>(ReservedFields.TRANSPORT_FIELDS);

	private final GrokChatOptions grok;

	private OpenAiOptionsWriter(GrokChatOptions grok) {
		this.grok = grok;
	}

	static OpenAiChatOptions write(GrokChatOptions grok) {
		return new OpenAiOptionsWriter(grok).write();
	}

	private OpenAiChatOptions write() {
		this.openAi.model(this.grok.getModel()).maxRetries(0).customHeaders(RequestHeaders.from(this.grok));
		writeSampling();
		writeOutput();
		writeTools();
		// Last, as it leaves out the fields written so far
		this.openAi.extraBody(extraBody());
		return this.openAi.build();
	}

	private void writeSampling() {
		this.openAi.temperature(written("temperature", this.grok.getTemperature()))
			.topP(written("top_p", this.grok.getTopP()))
			.presencePenalty(written("presence_penalty", this.grok.getPresencePenalty()))
			.frequencyPenalty(written("frequency_penalty", this.grok.getFrequencyPenalty()))
			.stopSequences(written("stop", nullIfEmpty(this.grok.getStopSequences())))
			.seed(written("seed", this.grok.getSeed()))
			.n(written("n", this.grok.getN()))
			.logprobs(written("logprobs", this.grok.getLogprobs()))
			.topLogprobs(written("top_logprobs", this.grok.getTopLogprobs()))
			.logitBias(written("logit_bias", this.grok.getLogitBias().isEmpty() ? null : this.grok.getLogitBias()))
			.reasoningEffort(written("reasoning_effort", this.grok.getReasoningEffort()));
	}

	private void writeOutput() {
		written("max_completion_tokens", this.grok.getMaxTokens());
		this.openAi.maxCompletionTokens(this.grok.getMaxTokens())
			.serviceTier(written("service_tier", this.grok.getServiceTier()))
			.store(written("store", this.grok.getStore()))
			.user(written("user", this.grok.getUser()))
			.responseFormat(written("response_format", responseFormat()));
	}

	private @Nullable ResponseFormat responseFormat() {
		String schema = this.grok.getOutputSchema();
		if (schema != null) {
			return ResponseFormat.builder().type(ResponseFormat.Type.JSON_SCHEMA).jsonSchema(schema).build();
		}
		String format = this.grok.getResponseFormat();
		if (format == null) {
			return null;
		}
		return switch (format) {
			case "text" -> ResponseFormat.builder().type(ResponseFormat.Type.TEXT).build();
			case "json_object" -> ResponseFormat.builder().type(ResponseFormat.Type.JSON_OBJECT).build();
			default -> throw new IllegalArgumentException(
					"'responseFormat' must be \"text\" or \"json_object\", not \"" + format + "\"");
		};
	}

	// The tool context stays with the caller, who executes the tools.
	private void writeTools() {
		List<ToolCallback> tools = this.grok.getToolCallbacks();
		if (tools == null || tools.isEmpty()) {
			return;
		}
		this.openAi.toolCallbacks(tools)
			.parallelToolCalls(written("parallel_tool_calls", this.grok.getParallelToolCalls()));
		String choice = written("tool_choice", this.grok.getToolChoice());
		if (choice != null) {
			this.openAi.toolChoice(OpenAiToolChoice.write(choice));
		}
	}

	private Map<String, Object> extraBody() {
		Map<String, Object> extraBody = new LinkedHashMap<>();
		if (this.grok.getTopK() != null) {
			extraBody.put("top_k", this.grok.getTopK());
		}
		this.grok.getExtraBody().forEach((name, value) -> {
			if (!this.written.contains(name)) {
				// Spring AI copies the values into a map without null support.
				extraBody.putIfAbsent(name, (value != null) ? value : JsonValue.from(null));
			}
		});
		// Deprecated name of the same field
		Object limit = extraBody.remove("max_tokens");
		if (limit != null && !this.written.contains("max_completion_tokens")) {
			extraBody.putIfAbsent("max_completion_tokens", limit);
		}
		return extraBody;
	}

	private <T> @Nullable T written(String field, @Nullable T value) {
		if (value != null) {
			this.written.add(field);
		}
		return value;
	}

	private static <T> @Nullable List<T> nullIfEmpty(@Nullable List<T> list) {
		return (list != null && list.isEmpty()) ? null : list;
	}

}
