package io.github.grokspring.event;

/**
 * Published when a request was looked up in the response cache. Amounts are in ticks;
 * 10^10 ticks are one US dollar.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param result {@code hit}, {@code miss}, {@code bypass}, or {@code shared} if the
 * response was that of an identical request in progress
 * @param savedTicks the original cost of the response, or 0 if it was requested from xAI
 * @since 0.1.0
 */
public record ResponseCacheAccessed(String client, String model, String result, long savedTicks) implements GrokEvent {

}
