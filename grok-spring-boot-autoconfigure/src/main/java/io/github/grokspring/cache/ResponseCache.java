package io.github.grokspring.cache;

import java.time.InstantSource;

import io.github.grokspring.event.GrokEventListener;

/**
 * A cache of chat responses, with its statistics.
 *
 * @since 0.1.0
 */
public sealed interface ResponseCache extends AutoCloseable permits DefaultResponseCache {

	/**
	 * Returns the statistics since the start of the application.
	 * @return the statistics
	 */
	CacheStatistics statistics();

	/**
	 * Removes all responses. Responses in progress are not cached either. Blocks as long
	 * as the underlying store does, and propagates its failures.
	 */
	void clear();

	/**
	 * Releases the threads. Later calls do not use the cache.
	 */
	@Override
	void close();

	/**
	 * Creates a cache.
	 * @param settings the settings
	 * @param store the store for cached responses
	 * @param listener the listener to notify of every access
	 * @param clock the clock that determines expiry
	 * @return a cache, to be added to chains with {@link CachingChatModel#decorator}
	 */
	static ResponseCache of(ResponseCacheSettings settings, ResponseStore store, GrokEventListener listener,
			InstantSource clock) {
		return new DefaultResponseCache(settings,
				new FailSafeResponseStore(store, settings.timeout(), System::nanoTime), listener, clock);
	}

}
