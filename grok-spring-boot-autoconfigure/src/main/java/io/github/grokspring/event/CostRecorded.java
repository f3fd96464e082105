package io.github.grokspring.event;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An attempt was billed, or probably was. The types of tokens are disjoint. Amounts are
 * in ticks, of which 10^10 are one US dollar. A response of the cache of responses is
 * recorded, too, with no tokens and an amount of 0.
 *
 * @param client the client
 * @param requestedModel the model that was asked
 * @param model the model that answered, or was asked if that is not known
 * @param inputTokens text of the prompt that xAI had not in its cache
 * @param cachedInputTokens text of the prompt that xAI had in its cache
 * @param imageInputTokens images of the prompt
 * @param outputTokens what the model wrote
 * @param reasoningTokens what the model thought
 * @param serverToolCalls how often xAI ran which of its own tools, and how much it
 * fetched from X
 * @param ticks what it costs
 * @param tableTicks what it costs by the table of prices, -1 when the table does not say
 * @param cacheSavedTicks how much more it would have cost without the cache of xAI
 * @param source where the amount comes from, {@code reported}, {@code table} or
 * {@code none}
 * @param estimated whether the tokens were not counted by xAI, because the answer broke
 * off or never came, or the price of the model is not known
 * @param tenant on whose account it goes, {@code null} if on nobody's in particular
 * @param at when it was known
 * @param callId the id of the call, the same for all of its attempts
 * @param attempt the number of the attempt within the call, 1 for the first; 0 for a
 * response that this call did not ask xAI for
 * @param requestId the id of the request at xAI, {@code null} if it is not known
 * @param conversationId the id of the conversation as it is sent to xAI, {@code null} if
 * none is sent
 * @since 0.1.0
 */
public record CostRecorded(String client, String requestedModel, String model, long inputTokens, long cachedInputTokens,
		long imageInputTokens, long outputTokens, long reasoningTokens, Map<String, Long> serverToolCalls, long ticks,
		long tableTicks, long cacheSavedTicks, String source, boolean estimated, @Nullable String tenant, Instant at,
		String callId, int attempt, @Nullable String requestId, @Nullable String conversationId) implements GrokEvent {

	/**
	 * Create an event. The map is copied.
	 */
	public CostRecorded {
		serverToolCalls = Map.copyOf(serverToolCalls);
	}

	/**
	 * Whether the response came from the cache of responses, or is that of an equal
	 * request at the same time. Nothing was billed then.
	 * @return whether it was no attempt of this call
	 */
	public boolean isCached() {
		return this.attempt == 0;
	}

}
