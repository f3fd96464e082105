package io.github.grokspring.openai;

import java.time.Duration;
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
 * Writes complete Grok options as options of OpenAI, such that no field comes twice in
 * the request. Remembers which fields that takes, so it serves one request only.
 */
final class OpenAiOptionsWriter {

	private final OpenAiChatOptions.Builder openAi = OpenAiChatOptions.builder();

	private final Set<String> written = new HashSet<>(ReservedFields.TRANSPORT_FIELDS);

	private final GrokChatOptions grok;

	private OpenAiOptionsWriter(GrokChatOptions grok) {
		this.grok = grok;
	}

	static OpenAiChatOptions write(GrokChatOptions grok, Duration timeout, String callId) {
		return new OpenAiOptionsWriter(grok).write(timeout, callId);
	}

	private OpenAiChatOptions write(Duration timeout, String callId) {
		this.openAi.model(this.grok.getModel()).timeout(timeout).maxRetries(0).customHeaders(headers(callId));
		writeSampling();
		writeOutput();
		writeTools();
		// Last, when it is known which fields are taken
		this.openAi.extraBody(extraBody());
		return this.openAi.build();
	}

	private void writeSampling() {
		this.openAi.temperature(taken("temperature", this.grok.getTemperature()))
			.topP(taken("top_p", this.grok.getTopP()))
			.presencePenalty(taken("presence_penalty", this.grok.getPresencePenalty()))
			.frequencyPenalty(taken("frequency_penalty", this.grok.getFrequencyPenalty()))
			.stopSequences(taken("stop", nullIfEmpty(this.grok.getStopSequences())))
			.seed(taken("seed", this.grok.getSeed()))
			.n(taken("n", this.grok.getN()))
			.logprobs(taken("logprobs", this.grok.getLogprobs()))
			.topLogprobs(taken("top_logprobs", this.grok.getTopLogprobs()))
			.logitBias(taken("logit_bias", this.grok.getLogitBias().isEmpty() ? null : this.grok.getLogitBias()))
			.reasoningEffort(taken("reasoning_effort", this.grok.getReasoningEffort()));
	}

	private void writeOutput() {
		taken("max_completion_tokens", this.grok.getMaxTokens());
		this.openAi.maxCompletionTokens(this.grok.getMaxTokens())
			.serviceTier(taken("service_tier", this.grok.getServiceTier()))
			.store(taken("store", this.grok.getStore()))
			.user(taken("user", this.grok.getUser()))
			.responseFormat(taken("response_format", responseFormat()));
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

	/**
	 * Tools are defined here and run elsewhere, so their context stays with the prompt of
	 * the caller.
	 */
	private void writeTools() {
		List<ToolCallback> tools = this.grok.getToolCallbacks();
		if (tools == null || tools.isEmpty()) {
			return;
		}
		this.openAi.toolCallbacks(tools)
			.parallelToolCalls(taken("parallel_tool_calls", this.grok.getParallelToolCalls()));
		String choice = taken("tool_choice", this.grok.getToolChoice());
		if (choice != null) {
			this.openAi.toolChoice(OpenAiToolChoice.write(choice));
		}
	}

	private Map<String, String> headers(String callId) {
		Map<String, String> headers = new LinkedHashMap<>(RequestHeaders.from(this.grok));
		headers.put(InFlightCalls.HEADER, callId);
		return headers;
	}

	private Map<String, Object> extraBody() {
		Map<String, Object> extraBody = new LinkedHashMap<>();
		if (this.grok.getTopK() != null) {
			extraBody.put("top_k", this.grok.getTopK());
		}
		this.grok.getExtraBody().forEach((name, value) -> {
			if (!this.written.contains(name)) {
				// Spring AI copies into a map that knows no null
				extraBody.putIfAbsent(name, (value != null) ? value : JsonValue.from(null));
			}
		});
		// The other name of the same limit
		Object limit = extraBody.remove("max_tokens");
		if (limit != null && !this.written.contains("max_completion_tokens")) {
			extraBody.putIfAbsent("max_completion_tokens", limit);
		}
		return extraBody;
	}

	private <T> @Nullable T taken(String field, @Nullable T value) {
		if (value != null) {
			this.written.add(field);
		}
		return value;
	}

	private static <T> @Nullable List<T> nullIfEmpty(@Nullable List<T> list) {
		return (list != null && list.isEmpty()) ? null : list;
	}

}
