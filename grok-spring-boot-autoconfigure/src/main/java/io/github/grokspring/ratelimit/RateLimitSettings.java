package io.github.grokspring.ratelimit;

import java.math.BigDecimal;
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
 * @param burst percentage of {@code requestsPerMinute} that may be sent at once; at least
 * 10 requests
 * @since 0.1.0
 */
public record RateLimitSettings(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, int maxConcurrent,
		int maxQueued, Duration maxWait, boolean learn, BigDecimal burst) {

	private static final BigDecimal DEFAULT_BURST = BigDecimal.TEN;

	private static final long MIN_BURST = 10;

	private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

	/**
	 * Check the values.
	 */
	public RateLimitSettings {
		Assert.isTrue(requestsPerMinute == null || requestsPerMinute > 0, "'requestsPerMinute' must be positive");
		Assert.isTrue(tokensPerMinute == null || tokensPerMinute > 0, "'tokensPerMinute' must be positive");
		Assert.isTrue(maxConcurrent >= 0, "'maxConcurrent' must not be negative");
		Assert.isTrue(maxQueued >= 0, "'maxQueued' must not be negative");
		Assert.isTrue(!maxWait.isNegative(), "'maxWait' must not be negative");
		Assert.isTrue(burst.signum() >= 0 && burst.compareTo(HUNDRED) <= 0, "'burst' must be between 0 and 100");
	}

	/**
	 * Create settings with the default burst of 10 percent.
	 * @param requestsPerMinute requests to each model in a minute
	 * @param tokensPerMinute tokens of each model in a minute
	 * @param maxConcurrent requests that may be under way at once
	 * @param maxQueued requests that may wait
	 * @param maxWait how long a request waits
	 * @param learn whether to follow what xAI says of its own limits
	 */
	public RateLimitSettings(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, int maxConcurrent,
			int maxQueued, Duration maxWait, boolean learn) {
		this(requestsPerMinute, tokensPerMinute, maxConcurrent, maxQueued, maxWait, learn, DEFAULT_BURST);
	}

	/**
	 * Whether there is anything to limit.
	 * @return {@code false} when every request may go at once, for ever
	 */
	public boolean isActive() {
		return this.requestsPerMinute != null || this.tokensPerMinute != null || this.maxConcurrent > 0 || this.learn;
	}

	@Nullable Rate requestRate() {
		if (this.requestsPerMinute == null) {
			return null;
		}
		long share = this.burst.multiply(BigDecimal.valueOf(this.requestsPerMinute))
			.divideToIntegralValue(HUNDRED)
			.longValue();
		long atOnce = Math.min(this.requestsPerMinute, Math.max(MIN_BURST, share));
		return new Rate(atOnce, this.requestsPerMinute, Duration.ofMinutes(1));
	}

}
