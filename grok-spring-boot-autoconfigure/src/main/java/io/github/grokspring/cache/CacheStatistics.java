package io.github.grokspring.cache;

/**
 * Statistics of a response cache since the start of the application.
 *
 * @param hits requests that were served from the cache
 * @param misses requests that were sent
 * @param shared requests that received the response of an equal concurrent request
 * @param bypassed requests that did not use the cache
 * @param savedTicks cost saved by hits and shared responses, in ticks; 10^10 ticks are
 * one US dollar
 * @since 0.1.0
 */
public record CacheStatistics(long hits, long misses, long shared, long bypassed, long savedTicks) {

}
