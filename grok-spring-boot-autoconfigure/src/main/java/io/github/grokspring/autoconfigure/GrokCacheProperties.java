package io.github.grokspring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the cache of responses. All clients share it.
 *
 * @param enabled Whether answers are kept and given again to equal requests
 * @param ttl How long an answer is kept
 * @param maxEntries How many answers are kept at most, where the application has no
 * CacheManager; one that is longer than 16 KiB counts as several
 * @param cacheName Name of the cache in the CacheManager of the application, if there is
 * one
 * @param namespace Separates applications that have one cache in common
 * @param scope Who shares answers
 * @param serverTools Whether answers for which tools ran at xAI are kept, too
 * @param timeout How long a cache in another process is waited for before a request goes
 * on without it
 */
@ConfigurationProperties("grok.cache")
record GrokCacheProperties(@DefaultValue("false") Boolean enabled, @DefaultValue("1h") Duration ttl,
		@DefaultValue("10000") Integer maxEntries, @DefaultValue("grok-responses") String cacheName,
		@Nullable String namespace, @DefaultValue("tenant") Scope scope, @DefaultValue("false") Boolean serverTools,
		@DefaultValue("500ms") Duration timeout) {

	GrokCacheProperties {
		requireTime("ttl", ttl, "1h");
		requireTime("timeout", timeout, "500ms");
		if (maxEntries < 1) {
			throw new GrokConfigurationException("max-entries", "is " + maxEntries + " but must be at least 1",
					"Write how many answers are kept, or set 'grok.cache.enabled' to false.");
		}
		if (!StringUtils.hasText(cacheName)) {
			throw new GrokConfigurationException("cache-name", "is empty",
					"Write the name of a cache, or remove the property.");
		}
		cacheName = cacheName.strip();
		namespace = StringUtils.hasText(namespace) ? namespace.strip() : null;
	}

	private static void requireTime(String name, Duration value, String example) {
		if (value.isZero() || value.isNegative()) {
			throw new GrokConfigurationException(name, "is " + value.toMillis() + " ms but must be longer than 0",
					"Write a duration such as " + example + ", or remove the property.");
		}
	}

	/**
	 * Who shares answers.
	 */
	enum Scope {

		/**
		 * Requests of one tenant and user.
		 */
		TENANT,

		/**
		 * All requests.
		 */
		ALL

	}

}
