package io.github.grokspring.event;

/**
 * xAI reported token counts or a cost that cannot be true, and something else was counted
 * instead. Amounts are in ticks, of which 10^10 are one US dollar.
 *
 * @param client the client
 * @param model the model that answered, or was asked if that is not known
 * @param promptTokens the reported tokens of the prompt
 * @param outputTokens the reported tokens that are billed as output
 * @param reportedTicks the reported cost, -1 if none was
 * @param ticks the cost that counts
 * @since 0.1.0
 */
public record ImplausibleUsageReported(String client, String model, long promptTokens, long outputTokens,
		long reportedTicks, long ticks) implements GrokEvent {

}
