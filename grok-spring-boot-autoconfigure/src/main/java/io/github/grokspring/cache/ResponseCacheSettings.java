package io.github.grokspring.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a response cache.
 *
 * @param ttl time for which a response is cached unless the request overrides it
 * @param serverTools whether to cache responses that used server-side tools unless the
 * request overrides it
 * @param timeout maximum time to wait for a remote cache
 * @param scope the scope within which responses are shared
 * @param costs access to the costs of responses
 * @param conversations resolves the conversation id for the options of a request, {@code
 * null} for none
 * @since 0.1.0
 */
public record ResponseCacheSettings(Duration ttl, boolean serverTools, Duration timeout, CacheScope scope,
		ResponseCosts costs, Function<GrokChatOptions, @Nullable String> conversations) {

	/**
	 * Validates the settings.
	 */
	public ResponseCacheSettings {
		if (ttl.isZero() || ttl.isNegative() || timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("'ttl' and 'timeout' must be longer than 0");
		}
		Objects.requireNonNull(scope, "'scope' must not be null");
		Objects.requireNonNull(costs, "'costs' must not be null");
		Objects.requireNonNull(conversations, "'conversations' must not be null");
	}

}
