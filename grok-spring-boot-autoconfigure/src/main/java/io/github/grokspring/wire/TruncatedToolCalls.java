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
 * Removes tool calls from responses that are not complete. Such a call may have lost a
 * part of its arguments, even where what is left is valid JSON, so it must not be
 * executed. The calls stay in the metadata of the response under
 * {@link ChatResponses#TRUNCATED_TOOL_CALLS}.
 *
 * @since 0.1.0
 */
public final class TruncatedToolCalls {

	private static final Set<String> INCOMPLETE = Set.of("LENGTH", "MAX_TOKENS", "MODEL_LENGTH", "MAX_OUTPUT_TOKENS",
			"MAX_PROMPT_TOKENS", "MAX_TIME_LIMIT", "CONTENT_FILTER", "INCOMPLETE", "CANCELLED", "FAILED", "ERROR");

	private TruncatedToolCalls() {
	}

	/**
	 * Whether a response with this finish reason is not complete.
	 * @param finishReason the finish reason in any case, or {@code null}
	 * @return whether the model was stopped before it had finished
	 */
	public static boolean isIncomplete(@Nullable String finishReason) {
		return finishReason != null && INCOMPLETE.contains(finishReason.toUpperCase(Locale.ROOT));
	}

	/**
	 * Removes the tool calls of generations whose finish reason says that they are not
	 * complete.
	 * @param response a whole response, or the last element of a stream
	 * @return the same response if it has no such calls, else a copy without them
	 */
	public static ChatResponse remove(ChatResponse response) {
		return remove(response, false);
	}

	/**
	 * Removes the tool calls of generations that are not complete.
	 * @param response a whole response, or the last element of a stream
	 * @param incomplete whether the response is known not to be complete, whatever its
	 * finish reasons say
	 * @return the same response if it has no such calls, else a copy without them
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
