package io.github.grokspring.cache;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;

/**
 * {@link ResponseStore} that uses a Spring cache.
 */
final class SpringCacheResponseStore implements ResponseStore {

	private static final String CAFFEINE = "org.springframework.cache.caffeine.CaffeineCache";

	private static final String MAP = ConcurrentMapCache.class.getName();

	private final Cache cache;

	SpringCacheResponseStore(Cache cache) {
		this.cache = cache;
	}

	@Override
	public @Nullable String get(String key) {
		Cache.ValueWrapper value = this.cache.get(key);
		// Ignores values of other applications
		return (value != null && value.get() instanceof String text) ? text : null;
	}

	@Override
	public void put(String key, String text, Duration ttl) {
		this.cache.put(key, text);
	}

	@Override
	public void clear() {
		// Immediately, even within a transaction
		this.cache.invalidate();
	}

	@Override
	public boolean mayBlock() {
		// Only these are known not to block: maps of data grids are ConcurrentMaps as
		// well, and a decorated cache may wait for the end of a transaction
		String type = this.cache.getClass().getName();
		return !type.equals(CAFFEINE)
				&& !(type.equals(MAP) && this.cache.getNativeCache().getClass() == ConcurrentHashMap.class);
	}

}
