package io.github.grokspring.autoconfigure;

import java.util.concurrent.ConcurrentHashMap;

import org.springframework.cache.Cache;

/**
 * The caches in the memory of this process whose entries stay for good: what Spring Boot
 * makes of a name, unless it is told a limit.
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
	 * Needs Caffeine.
	 */
	private static final class CaffeineInspector {

		static boolean contain(Object store) {
			return store instanceof com.github.benmanes.caffeine.cache.Cache<?, ?> cache
					&& cache.policy().eviction().isEmpty() && cache.policy().expireAfterWrite().isEmpty()
					&& cache.policy().expireAfterAccess().isEmpty() && cache.policy().expireVariably().isEmpty();
		}

	}

}
