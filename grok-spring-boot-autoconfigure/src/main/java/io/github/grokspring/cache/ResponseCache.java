package io.github.grokspring.cache;

import java.time.InstantSource;

import io.github.grokspring.event.GrokEventListener;

/**
 * The cache of responses: what it did, and a way to empty it.
 *
 * @since 0.1.0
 */
public sealed interface ResponseCache extends AutoCloseable permits DefaultResponseCache {

	/**
	 * What the cache did.
	 * @return numbers since the application began
	 */
	CacheStatistics statistics();

	/**
	 * Forget all answers. Those that are on their way are not kept either. May take as
	 * long as the cache takes, and fails when that fails.
	 */
	void clear();

	/**
	 * Release the threads. Calls made later do without the cache.
	 */
	@Override
	void close();

	/**
	 * Create a cache.
	 * @param terms what is kept, and for whom
	 * @param store where it is kept
	 * @param listener is told of every request that comes to the cache
	 * @param clock tells the time, by which answers expire
	 * @return a cache, to be put into chains with {@link CachingChatModel#decorator}
	 */
	static ResponseCache of(ResponseCacheSettings terms, ResponseStore store, GrokEventListener listener,
			InstantSource clock) {
		return new DefaultResponseCache(terms, new FailSafeResponseStore(store, terms.timeout(), System::nanoTime),
				listener, clock);
	}

}
