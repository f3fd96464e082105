package io.github.grokspring.cache;

import java.time.Duration;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * Texts in a cache of Spring.
 */
final class SpringStore implements ResponseStore {

	private static final String CAFFEINE = "com.github.benmanes.caffeine.";

	private final Cache cache;

	SpringStore(Cache cache) {
		this.cache = cache;
	}

	@Override
	public @Nullable String get(String key) {
		Cache.ValueWrapper value = this.cache.get(key);
		// Whatever else is there was not put there by a store like this one.
		return (value != null && value.get() instanceof String text) ? text : null;
	}

	@Override
	public void put(String key, String text, Duration ttl) {
		this.cache.put(key, text);
	}

	@Override
	public void clear() {
		this.cache.clear();
	}

	@Override
	public boolean mayBlock() {
		Object store = this.cache.getNativeCache();
		return !(store instanceof ConcurrentMap) && !store.getClass().getName().startsWith(CAFFEINE);
	}

}
