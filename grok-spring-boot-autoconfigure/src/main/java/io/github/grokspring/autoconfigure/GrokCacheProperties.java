package io.github.grokspring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the response cache, which all clients share.
 *
 * @param enabled Whether to cache responses and reuse them for equal requests.
 * @param ttl Time-to-live of cached responses.
 * @param maxEntries Maximum number of cached responses when the application has no
 * CacheManager. Responses longer than 16 KiB count as several.
 * @param cacheName Name of the application's cache to use.
 * @param namespace Namespace of this application's entries in a cache that several
 * applications share.
 * @param scope Requests that share cached responses.
 * @param serverTools Whether to cache responses that used server-side tools as well.
 * @param timeout Maximum time to wait for a remote cache before the request proceeds
 * without it.
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
					"Set the property to the maximum number of responses, or set 'grok.cache.enabled' to 'false'.");
		}
		if (!StringUtils.hasText(cacheName)) {
			throw new GrokConfigurationException("cache-name", "is empty",
					"Set the property to the name of a cache, or remove it.");
		}
		cacheName = cacheName.strip();
		namespace = StringUtils.hasText(namespace) ? namespace.strip() : null;
	}

	private static void requireTime(String name, Duration value, String example) {
		if (value.isZero() || value.isNegative()) {
			throw new GrokConfigurationException(name, "is " + value.toMillis() + " ms but must be longer than 0",
					"Set the property to a duration, for example " + example + ", or remove it.");
		}
	}

	/**
	 * Requests that share cached responses.
	 */
	enum Scope {

		/**
		 * Requests of the same tenant and user.
		 */
		TENANT,

		/**
		 * All requests.
		 */
		ALL

	}

}
