package io.github.grokspring.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.grokspring.chain.ChatResponses;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Removes tool calls from incomplete responses. Their arguments may be truncated, even if
 * they are valid JSON, so they must not be executed. The calls are available in the
 * response metadata as {@link ChatResponses#TRUNCATED_TOOL_CALLS}.
 *
 * @since 0.1.0
 */
public final class TruncatedToolCalls {

	private static final Set<String> INCOMPLETE = Set.of("LENGTH", "MAX_TOKENS", "MODEL_LENGTH", "MAX_OUTPUT_TOKENS",
			"MAX_PROMPT_TOKENS", "MAX_TIME_LIMIT", "CONTENT_FILTER", "INCOMPLETE", "CANCELLED", "FAILED", "ERROR");

	private TruncatedToolCalls() {
	}

	/**
	 * Whether a finish reason denotes an incomplete response.
	 * @param finishReason the finish reason in any case, or {@code null}
	 * @return {@code true} if the response is incomplete
	 */
	public static boolean isIncomplete(@Nullable String finishReason) {
		return finishReason != null && INCOMPLETE.contains(finishReason.toUpperCase(Locale.ROOT));
	}

	/**
	 * Removes the tool calls of generations with an incomplete finish reason.
	 * @param response a whole response or the last element of a stream
	 * @return the same response if there are no such calls
	 */
	public static ChatResponse remove(ChatResponse response) {
		return remove(response, false);
	}

	/**
	 * Removes the tool calls of incomplete generations.
	 * @param response a whole response or the last element of a stream
	 * @param incomplete whether all generations are incomplete, regardless of their
	 * finish reasons
	 * @return the same response if there are no such calls
	 */
	public static ChatResponse remove(ChatResponse response, boolean incomplete) {
		List<AssistantMessage.ToolCall> removed = null;
		List<Generation> generations = response.getResults();
		for (int i = 0; i < generations.size(); i++) {
			Generation generation = generations.get(i);
			AssistantMessage message = generation.getOutput();
			if (message.hasToolCalls() && (incomplete || isIncomplete(generation.getMetadata().getFinishReason()))) {
				if (removed == null) {
					removed = new ArrayList<>(message.getToolCalls().size());
					generations = new ArrayList<>(generations);
				}
				removed.addAll(message.getToolCalls());
				generations.set(i, new Generation(withoutToolCalls(message), generation.getMetadata()));
			}
		}
		return (removed != null) ? ChatResponses.with(new ChatResponse(generations, response.getMetadata()),
				ChatResponses.TRUNCATED_TOOL_CALLS, List.copyOf(removed)) : response;
	}

	private static AssistantMessage withoutToolCalls(AssistantMessage message) {
		return AssistantMessage.builder()
			.content(message.getText())
			.properties(message.getMetadata())
			.media(message.getMedia())
			.build();
	}

}
