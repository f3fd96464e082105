package io.github.grokspring.event;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Published when an attempt was billed or probably was. Token types are disjoint. Amounts
 * are in ticks; 10^10 ticks are one US dollar. A response from the response cache is
 * recorded with no tokens and an amount of 0.
 *
 * @param client the name of the client
 * @param requestedModel the requested model
 * @param model the model that responded, or the requested model if that is unknown
 * @param inputTokens the number of text tokens of the prompt that were not in xAI's cache
 * @param cachedInputTokens the number of text tokens of the prompt that were in xAI's
 * cache
 * @param imageInputTokens the number of image tokens of the prompt
 * @param outputTokens the number of output tokens without reasoning
 * @param reasoningTokens the number of reasoning tokens
 * @param serverToolCalls the number of calls by server-side tool, and the number of items
 * fetched from X
 * @param ticks the cost
 * @param tableTicks the cost according to the price table, or -1 if it has no price
 * @param cacheSavedTicks the amount saved by xAI's prompt cache
 * @param source the source of the amount: {@code reported}, {@code table} or {@code none}
 * @param estimated whether the amount is an estimate, because the response was
 * interrupted or never arrived, or because the model has no price
 * @param tenant the tenant that is charged, or {@code null} if there is none
 * @param at the time at which the cost became known
 * @param callId the ID of the call, shared by all of its attempts
 * @param attempt the number of the attempt within the call, starting at 1, or 0 for a
 * response that this call did not request from xAI
 * @param requestId the ID that xAI assigned to the request, or {@code null} if unknown
 * @param conversationId the conversation ID that was sent to xAI, or {@code null} if none
 * was sent
 * @since 0.1.0
 */
public record CostRecorded(String client, String requestedModel, String model, long inputTokens, long cachedInputTokens,
		long imageInputTokens, long outputTokens, long reasoningTokens, Map<String, Long> serverToolCalls, long ticks,
		long tableTicks, long cacheSavedTicks, String source, boolean estimated, @Nullable String tenant, Instant at,
		String callId, int attempt, @Nullable String requestId, @Nullable String conversationId) implements GrokEvent {

	/**
	 * Creates an event.
	 */
	public CostRecorded {
		serverToolCalls = Map.copyOf(serverToolCalls);
	}

	/**
	 * Returns whether the response came from the response cache or was shared with an
	 * identical request in progress, in which case nothing was billed.
	 * @return {@code true} if this call sent no request for the response
	 */
	public boolean isCached() {
		return this.attempt == 0;
	}

}
