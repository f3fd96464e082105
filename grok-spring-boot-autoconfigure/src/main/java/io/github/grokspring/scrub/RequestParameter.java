package io.github.grokspring.scrub;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

/**
 * Options that are sent as fields of a request.
 */
enum RequestParameter {

	TEMPERATURE("temperature", GrokChatOptions::getTemperature, (builder) -> builder.temperature(null)),

	TOP_P("top_p", GrokChatOptions::getTopP, (builder) -> builder.topP(null)),

	TOP_K("top_k", GrokChatOptions::getTopK, (builder) -> builder.topK(null)),

	SEED("seed", GrokChatOptions::getSeed, (builder) -> builder.seed(null)),

	N("n", GrokChatOptions::getN, (builder) -> builder.n(null)),

	PRESENCE_PENALTY("presence_penalty", GrokChatOptions::getPresencePenalty,
			(builder) -> builder.presencePenalty(null)),

	FREQUENCY_PENALTY("frequency_penalty", GrokChatOptions::getFrequencyPenalty,
			(builder) -> builder.frequencyPenalty(null)),

	LOGPROBS("logprobs", GrokChatOptions::getLogprobs, (builder) -> builder.logprobs(null)),

	TOP_LOGPROBS("top_logprobs", GrokChatOptions::getTopLogprobs, (builder) -> builder.topLogprobs(null)),

	LOGIT_BIAS("logit_bias", (options) -> nullIfEmpty(options.getLogitBias()),
			(builder) -> builder.logitBias(Map.of())),

	STOP("stop", (options) -> nullIfEmpty(options.getStopSequences()), (builder) -> builder.stopSequences(null)),

	REASONING_EFFORT("reasoning_effort", GrokChatOptions::getReasoningEffort,
			(builder) -> builder.reasoningEffort(null)),

	MAX_TOKENS("max_completion_tokens", GrokChatOptions::getMaxTokens, (builder) -> builder.maxTokens(null)),

	SERVICE_TIER("service_tier", GrokChatOptions::getServiceTier, (builder) -> builder.serviceTier(null)),

	MAX_TURNS("max_turns", GrokChatOptions::getMaxTurns, (builder) -> builder.maxTurns(null)),

	PREVIOUS_RESPONSE_ID("previous_response_id", GrokChatOptions::getPreviousResponseId,
			(builder) -> builder.previousResponseId(null)),

	INCLUDE("include", (options) -> nullIfEmpty(options.getInclude()), (builder) -> builder.include()),

	STORE("store", GrokChatOptions::getStore, (builder) -> builder.store(null)),

	USER("user", GrokChatOptions::getUser, (builder) -> builder.user(null)),

	RESPONSE_FORMAT("response_format", RequestParameter::responseFormat,
			(builder) -> builder.responseFormat(null).outputSchema(null)),

	PARALLEL_TOOL_CALLS("parallel_tool_calls", (options) -> ifTools(options, options.getParallelToolCalls()),
			(builder) -> builder.parallelToolCalls(null)),

	TOOL_CHOICE("tool_choice", (options) -> ifTools(options, options.getToolChoice()),
			(builder) -> builder.toolChoice(null));

	/** All parameters, without the copy that {@code values()} makes. */
	static final List<RequestParameter> ALL = List.of(values());

	private static final Map<String, RequestParameter> BY_FIELD = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(RequestParameter::field, Function.identity()));

	private final String field;

	private final Function<GrokChatOptions, @Nullable Object> value;

	private final Consumer<GrokChatOptions.Builder> unset;

	RequestParameter(String field, Function<GrokChatOptions, @Nullable Object> value,
			Consumer<GrokChatOptions.Builder> unset) {
		this.field = field;
		this.value = value;
		this.unset = unset;
	}

	static @Nullable RequestParameter of(String field) {
		return BY_FIELD.get(field);
	}

	String field() {
		return this.field;
	}

	/**
	 * Returns the value that is sent, or {@code null} if the field is not sent.
	 */
	@Nullable Object value(GrokChatOptions options) {
		return this.value.apply(options);
	}

	void unset(GrokChatOptions.Builder builder) {
		this.unset.accept(builder);
	}

	private static @Nullable Object nullIfEmpty(@Nullable Collection<?> values) {
		return (values != null && values.isEmpty()) ? null : values;
	}

	private static @Nullable Object nullIfEmpty(Map<?, ?> values) {
		return values.isEmpty() ? null : values;
	}

	private static @Nullable Object responseFormat(GrokChatOptions options) {
		return (options.getOutputSchema() != null) ? options.getOutputSchema() : options.getResponseFormat();
	}

	// Sent only together with tools
	private static @Nullable Object ifTools(GrokChatOptions options, @Nullable Object value) {
		boolean none = options.getToolCallbacks() == null || options.getToolCallbacks().isEmpty();
		return (none && options.getServerTools().isEmpty()) ? null : value;
	}

}
