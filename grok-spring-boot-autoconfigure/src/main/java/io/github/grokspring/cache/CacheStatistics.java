package io.github.grokspring.cache;

/**
 * What a cache did since the application began.
 *
 * @param hits requests that got an answer that was kept
 * @param misses requests that were sent
 * @param shared requests that got the answer of an equal one that was under way
 * @param bypassed requests that had nothing to do with the cache
 * @param savedTicks what hits and shared answers would have cost, in ticks, of which
 * 10^10 are one US dollar
 * @since 0.1.0
 */
public record CacheStatistics(long hits, long misses, long shared, long bypassed, long savedTicks) {

}
