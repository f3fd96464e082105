package io.github.grokspring.chain;

import java.util.Map;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.util.StringUtils;

/**
 * What stages need to know of answers, whole ones and elements of a stream.
 *
 * @since 0.1.0
 */
public final class ChatResponses {

	/**
	 * Metadata key under which a response that is not complete keeps its tool calls, a
	 * list of {@code AssistantMessage.ToolCall}. They are not executed.
	 */
	public static final String TRUNCATED_TOOL_CALLS = "grok.truncated-tool-calls";

	/**
	 * Metadata key of the model that the caller asked for, a {@code String}. Streams have
	 * it in their last element only.
	 */
	public static final String REQUESTED_MODEL = "grok.requested-model";

	/**
	 * Metadata key of the number of attempts of the call, an {@code Integer}: retries and
	 * fallbacks included, 0 for a response of the cache.
	 */
	public static final String ATTEMPTS = "grok.attempts";

	/**
	 * Metadata key of the model or {@code ChatModel} bean that answered because others
	 * failed, a {@code String}.
	 */
	public static final String FALLBACK = "grok.fallback";

	/**
	 * Metadata key of the model in whose place a budget had a cheaper one asked, a
	 * {@code String}.
	 */
	public static final String DOWNGRADED = "grok.downgraded";

	private ChatResponses() {
	}

	/**
	 * Whether an element of a stream is the one that carries finish reason, usage and the
	 * metadata of the whole answer. Nothing with content comes after it. A whole answer
	 * is its own last element.
	 * @param element the element
	 * @return whether it is the last one
	 */
	public static boolean isLast(ChatResponse element) {
		if (element.getMetadata().containsKey(REQUESTED_MODEL)) {
			return true;
		}
		Generation generation = element.getResult();
		return generation != null && StringUtils.hasText(generation.getMetadata().getFinishReason());
	}

	/**
	 * Whether an element carries anything that a caller may already have acted on: text,
	 * reasoning or tool calls. After it a stream can not be begun anew.
	 * @param element the element
	 * @return whether it has content
	 */
	public static boolean hasContent(ChatResponse element) {
		for (Generation generation : element.getResults()) {
			if (StringUtils.hasLength(generation.getOutput().getText()) || generation.getOutput().hasToolCalls()
					|| generation.getOutput().getMetadata().containsKey("reasoning-delta")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The answer with one more key in its metadata.
	 * @param response the answer, which stays as it is
	 * @param key the key
	 * @param value its value, in place of one that is there
	 * @return a copy with the key
	 */
	public static ChatResponse with(ChatResponse response, String key, Object value) {
		return with(response, Map.of(key, value));
	}

	/**
	 * The answer with more keys in its metadata.
	 * @param response the answer, which stays as it is
	 * @param entries the keys with their values, in place of those that are there
	 * @return a copy with the keys
	 */
	public static ChatResponse with(ChatResponse response, Map<String, ?> entries) {
		return with(response, response.getMetadata().getUsage(), entries);
	}

	/**
	 * The answer with another usage and more keys in its metadata.
	 * @param response the answer, which stays as it is
	 * @param usage the usage
	 * @param entries the keys with their values, in place of those that are there
	 * @return a copy with both
	 */
	public static ChatResponse with(ChatResponse response, Usage usage, Map<String, ?> entries) {
		ChatResponseMetadata metadata = response.getMetadata();
		ChatResponseMetadata.Builder copy = ChatResponseMetadata.builder()
			.id(metadata.getId())
			.model(metadata.getModel())
			.rateLimit(metadata.getRateLimit())
			.usage(usage)
			.promptMetadata(metadata.getPromptMetadata());
		metadata.entrySet().forEach((entry) -> copy.keyValue(entry.getKey(), entry.getValue()));
		entries.forEach(copy::keyValue);
		return new ChatResponse(response.getResults(), copy.build());
	}

}
