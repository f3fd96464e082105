package io.github.grokspring.event;

/**
 * A request came to the cache of responses. Amounts are in ticks, of which 10^10 are one
 * US dollar.
 *
 * @param client the client
 * @param model the model that is asked
 * @param result {@code hit}, {@code miss}, {@code bypass}, or {@code shared} if it got
 * the answer of an equal request that was under way
 * @param savedTicks what its answer cost when it was asked for, 0 if it had to be asked
 * for now
 * @since 0.1.0
 */
public record ResponseCacheAccessed(String client, String model, String result, long savedTicks) implements GrokEvent {

}
