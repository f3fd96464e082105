package io.github.grokspring.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * Where answers are kept, as texts. Operations may throw; answers are then asked for
 * anew. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface ResponseStore {

	/**
	 * Look for a text.
	 * @param key its key
	 * @return the text, or {@code null} if there is none
	 */
	@Nullable String get(String key);

	/**
	 * Keep a text.
	 * @param key its key
	 * @param text the text
	 * @param ttl how long it is of use; may be kept longer
	 */
	void put(String key, String text, Duration ttl);

	/**
	 * Forget all texts.
	 */
	void clear();

	/**
	 * Whether operations wait for something, such as a network. They are then done on
	 * threads of their own, and not waited for longer than is allowed.
	 * @return whether they do
	 */
	boolean mayBlock();

	/**
	 * Keep texts in the memory of this process, with Caffeine.
	 * @param maxEntries how many, of which a long one counts as several; those that are
	 * of the least use make room for others
	 * @return a store
	 */
	static ResponseStore local(long maxEntries) {
		return new CaffeineResponseStore(maxEntries);
	}

	/**
	 * Keep texts in a cache of Spring, which decides how long, and how many.
	 * @param cache the cache
	 * @return a store
	 */
	static ResponseStore of(Cache cache) {
		return new SpringCacheResponseStore(cache);
	}

}
