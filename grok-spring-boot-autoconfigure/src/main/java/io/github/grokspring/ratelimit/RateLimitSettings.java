package io.github.grokspring.ratelimit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What an application allows itself.
 *
 * @param requestsPerMinute requests to each model in a minute, {@code null} for no limit
 * @param tokensPerMinute tokens of each model in a minute, {@code null} for no limit
 * @param maxConcurrent requests that may be under way at once, whatever their model; 0
 * for no limit
 * @param maxQueued requests that may wait for any of the limits
 * @param maxWait how long a request waits before it is refused
 * @param learn whether to follow what xAI says of its own limits
 * @since 0.1.0
 */
public record RateLimitSettings(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, int maxConcurrent,
		int maxQueued, Duration maxWait, boolean learn) {

	/**
	 * Check the values.
	 */
	public RateLimitSettings {
		Assert.isTrue(requestsPerMinute == null || requestsPerMinute > 0, "'requestsPerMinute' must be positive");
		Assert.isTrue(tokensPerMinute == null || tokensPerMinute > 0, "'tokensPerMinute' must be positive");
		Assert.isTrue(maxConcurrent >= 0, "'maxConcurrent' must not be negative");
		Assert.isTrue(maxQueued >= 0, "'maxQueued' must not be negative");
		Assert.isTrue(!maxWait.isNegative(), "'maxWait' must not be negative");
	}

	/**
	 * Whether there is anything to limit.
	 * @return {@code false} when every request may go at once, for ever
	 */
	public boolean isActive() {
		return this.requestsPerMinute != null || this.tokensPerMinute != null || this.maxConcurrent > 0 || this.learn;
	}

}
