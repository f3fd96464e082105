package io.github.grokspring.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a cache keeps, and for whom.
 *
 * @param ttl how long an answer is kept, unless its request says otherwise
 * @param serverTools whether answers for which tools ran at xAI are kept, unless their
 * request says otherwise
 * @param timeout how long a cache that is elsewhere is waited for
 * @param scope who shares answers
 * @param costs what answers cost
 * @param conversations gives the id of the conversation as a request with these options
 * would send it, {@code null} for none
 * @since 0.1.0
 */
public record ResponseCacheSettings(Duration ttl, boolean serverTools, Duration timeout, CacheScope scope,
		ResponseCosts costs, Function<GrokChatOptions, @Nullable String> conversations) {

	/**
	 * Check the values.
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
