package io.github.grokspring.autoconfigure;

import java.util.concurrent.ConcurrentHashMap;

import org.springframework.cache.Cache;

/**
 * Detects local caches without expiry or size limit, which Spring Boot creates by default
 * for a cache name.
 */
final class UnboundedCaches {

	private static final String CAFFEINE = "com.github.benmanes.caffeine.cache.";

	private UnboundedCaches() {
	}

	static boolean contain(Cache cache) {
		Object store = cache.getNativeCache();
		return store.getClass() == ConcurrentHashMap.class
				|| (store.getClass().getName().startsWith(CAFFEINE) && CaffeineInspector.contain(store));
	}

	/**
	 * Isolates the optional dependency on Caffeine.
	 */
	private static final class CaffeineInspector {

		static boolean contain(Object store) {
			return store instanceof com.github.benmanes.caffeine.cache.Cache<?, ?> cache
					&& cache.policy().eviction().isEmpty() && cache.policy().expireAfterWrite().isEmpty()
					&& cache.policy().expireAfterAccess().isEmpty() && cache.policy().expireVariably().isEmpty();
		}

	}

}
