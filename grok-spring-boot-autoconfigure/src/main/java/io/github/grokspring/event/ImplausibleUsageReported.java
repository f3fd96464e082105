package io.github.grokspring.event;

/**
 * Published when xAI reported implausible token counts or costs, and other values were
 * recorded instead. Amounts are in ticks; 10^10 ticks are one US dollar.
 *
 * @param client the name of the client
 * @param model the model that responded, or the requested model if that is unknown
 * @param promptTokens the reported number of prompt tokens
 * @param outputTokens the reported number of tokens billed as output
 * @param reportedTicks the reported cost, or -1 if none was reported
 * @param ticks the recorded cost
 * @since 0.1.0
 */
public record ImplausibleUsageReported(String client, String model, long promptTokens, long outputTokens,
		long reportedTicks, long ticks) implements GrokEvent {

}
