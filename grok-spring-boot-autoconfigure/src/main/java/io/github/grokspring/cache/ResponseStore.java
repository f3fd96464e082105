package io.github.grokspring.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * Stores responses as strings. Operations may throw, in which case the request is sent.
 * Implementations must be thread-safe.
 *
 * @since 0.1.0
 */
public interface ResponseStore {

	/**
	 * Returns the text that is stored under a key.
	 * @param key the key
	 * @return the text, or {@code null} if there is none
	 */
	@Nullable String get(String key);

	/**
	 * Stores a text.
	 * @param key the key
	 * @param text the text
	 * @param ttl time for which the text is used; it may be retained longer
	 */
	void put(String key, String text, Duration ttl);

	/**
	 * Removes all texts.
	 */
	void clear();

	/**
	 * Returns whether operations may block, for example on a network. Such operations run
	 * on separate threads with a timeout.
	 * @return {@code true} if operations may block
	 */
	boolean mayBlock();

	/**
	 * Creates a store in memory that uses Caffeine.
	 * @param maxEntries maximum number of entries, where long entries count several times
	 * @return the store
	 */
	static ResponseStore local(long maxEntries) {
		return new CaffeineResponseStore(maxEntries);
	}

	/**
	 * Creates a store that uses a Spring cache, which determines expiry and size.
	 * @param cache the cache
	 * @return the store
	 */
	static ResponseStore of(Cache cache) {
		return new SpringCacheResponseStore(cache);
	}

}
