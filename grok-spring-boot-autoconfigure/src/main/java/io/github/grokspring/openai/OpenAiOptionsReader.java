package io.github.grokspring.openai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.openai.AbstractOpenAiOptions;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/**
 * Converts {@link OpenAiChatOptions} to {@link GrokChatOptions}.
 */
final class OpenAiOptionsReader {

	private static final Log logger = LogFactory.getLog(OpenAiOptionsReader.class);

	private OpenAiOptionsReader() {
	}

	static GrokChatOptions.@Nullable Builder read(ChatOptions.Builder<?> builder) {
		if (!(builder instanceof OpenAiChatOptions.Builder openAi)) {
			return null;
		}
		OpenAiChatOptions options = openAi.clone().build();
		reportLeftOut(options);
		GrokChatOptions.Builder grok = GrokChatOptions.builder();
		grok.model(model(options))
			.maxTokens(maxTokens(options))
			.temperature(options.getTemperature())
			.topP(options.getTopP())
			.presencePenalty(options.getPresencePenalty())
			.frequencyPenalty(options.getFrequencyPenalty())
			.stopSequences(options.getStopSequences())
			.toolContext(options.getToolContext());
		// Options with an empty list must equal options without a list.
		if (!isEmpty(options.getToolCallbacks())) {
			grok.toolCallbacks(options.getToolCallbacks());
		}
		grok.seed(options.getSeed())
			.n(options.getN())
			.user(options.getUser())
			.store(options.getStore())
			.serviceTier(options.getServiceTier())
			.reasoningEffort(options.getReasoningEffort())
			.parallelToolCalls(options.getParallelToolCalls())
			.toolChoice(OpenAiToolChoice.read(options.getToolChoice()))
			.logprobs(options.getLogprobs())
			.topLogprobs(options.getTopLogprobs())
			.timeout(timeout(options));
		if (options.getLogitBias() != null) {
			grok.logitBias(options.getLogitBias());
		}
		if (options.getCustomHeaders() != null) {
			grok.headers(options.getCustomHeaders());
		}
		grok.extraBody(extraBody(options));
		readResponseFormat(options.getResponseFormat(), grok);
		return grok;
	}

	private static @Nullable String model(OpenAiChatOptions options) {
		String model = options.getModel();
		return OpenAiChatOptions.DEFAULT_CHAT_MODEL.equals(model) ? null : model;
	}

	private static @Nullable Integer maxTokens(OpenAiChatOptions options) {
		Integer maxCompletionTokens = options.getMaxCompletionTokens();
		return (maxCompletionTokens != null) ? maxCompletionTokens : options.getMaxTokens();
	}

	private static @Nullable Duration timeout(OpenAiChatOptions options) {
		Duration timeout = options.getTimeout();
		return AbstractOpenAiOptions.DEFAULT_TIMEOUT.equals(timeout) ? null : timeout;
	}

	private static Map<String, Object> extraBody(OpenAiChatOptions options) {
		Map<String, Object> extraBody = new LinkedHashMap<>();
		if (options.getExtraBody() != null) {
			extraBody.putAll(options.getExtraBody());
		}
		if (options.getMaxCompletionTokens() != null && options.getMaxTokens() != null) {
			// Only one limit is sent. The scrubbing stage reports the other one.
			extraBody.putIfAbsent("max_tokens", options.getMaxTokens());
		}
		putIfSet(extraBody, "metadata", options.getMetadata());
		putIfSet(extraBody, "verbosity", options.getVerbosity());
		putIfSet(extraBody, "prompt_cache_key", options.getPromptCacheKey());
		return extraBody;
	}

	private static void putIfSet(Map<String, Object> map, String key, @Nullable Object value) {
		if (value != null) {
			map.put(key, value);
		}
	}

	private static void readResponseFormat(OpenAiChatModel.@Nullable ResponseFormat format,
			GrokChatOptions.Builder grok) {
		if (format == null) {
			return;
		}
		switch (format.getType()) {
			case TEXT -> grok.responseFormat("text");
			case JSON_OBJECT -> grok.responseFormat("json_object");
			case JSON_SCHEMA -> grok.outputSchema(format.getJsonSchema());
		}
	}

	private static void reportLeftOut(OpenAiChatOptions options) {
		if (!logger.isDebugEnabled()) {
			return;
		}
		List<String> leftOut = new ArrayList<>();
		if (!isEmpty(options.getOutputModalities())) {
			leftOut.add("outputModalities");
		}
		if (options.getOutputAudio() != null) {
			leftOut.add("outputAudio");
		}
		if (options.getStrict() != null) {
			leftOut.add("strict");
		}
		if (options.getStreamOptions() != null) {
			leftOut.add("streamOptions");
		}
		if (!leftOut.isEmpty()) {
			logger.debug("Ignoring OpenAI options that xAI does not support: " + String.join(", ", leftOut));
		}
	}

	private static boolean isEmpty(@Nullable List<?> list) {
		return list == null || list.isEmpty();
	}

}
