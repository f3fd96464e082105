package io.github.grokspring.chain;

import java.util.Map;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.util.StringUtils;

/**
 * Metadata keys and utility methods for responses and stream elements.
 *
 * @since 0.1.0
 */
public final class ChatResponses {

	/**
	 * Metadata key of the tool calls of an incomplete response, which are not executed. A
	 * list of {@code AssistantMessage.ToolCall}.
	 */
	public static final String TRUNCATED_TOOL_CALLS = "grok.truncated-tool-calls";

	/**
	 * Metadata key of the requested model, a {@code String}. Only on the last element of
	 * a stream.
	 */
	public static final String REQUESTED_MODEL = "grok.requested-model";

	/**
	 * Metadata key of the number of attempts, including retries and fallbacks, an
	 * {@code Integer}. Cached responses have 0.
	 */
	public static final String ATTEMPTS = "grok.attempts";

	/**
	 * Metadata key of the fallback model or {@code ChatModel} bean that responded, a
	 * {@code String}.
	 */
	public static final String FALLBACK = "grok.fallback";

	/**
	 * Metadata key of the model that a budget replaced with a cheaper one, a
	 * {@code String}.
	 */
	public static final String DOWNGRADED = "grok.downgraded";

	private ChatResponses() {
	}

	/**
	 * Whether an element is the last one of a stream, with the finish reason, usage and
	 * metadata of the response. No content follows it. A response that is not streamed is
	 * its own last element.
	 * @param element the element
	 * @return {@code true} if it is the last one
	 */
	public static boolean isLast(ChatResponse element) {
		if (element.getMetadata().containsKey(REQUESTED_MODEL)) {
			return true;
		}
		Generation generation = element.getResult();
		return generation != null && StringUtils.hasText(generation.getMetadata().getFinishReason());
	}

	/**
	 * Whether an element has content that the caller may already have used: text,
	 * reasoning or tool calls. After such an element, a stream cannot be restarted.
	 * @param element the element
	 * @return {@code true} if it has content
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
	 * Returns a copy of a response with an additional metadata entry.
	 * @param response the response
	 * @param key the key
	 * @param value the value, which replaces an existing one
	 * @return the copy
	 */
	public static ChatResponse with(ChatResponse response, String key, Object value) {
		return with(response, Map.of(key, value));
	}

	/**
	 * Returns a copy of a response with additional metadata entries.
	 * @param response the response
	 * @param entries the entries, which replace existing ones
	 * @return the copy
	 */
	public static ChatResponse with(ChatResponse response, Map<String, ?> entries) {
		return with(response, response.getMetadata().getUsage(), entries);
	}

	/**
	 * Returns a copy of a response with another usage and additional metadata entries.
	 * @param response the response
	 * @param usage the usage
	 * @param entries the entries, which replace existing ones
	 * @return the copy
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
