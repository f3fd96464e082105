package io.github.grokspring.ratelimit;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Rate limits of an application.
 *
 * @param requestsPerMinute requests per minute and model, {@code null} for no limit
 * @param tokensPerMinute tokens per minute and model, {@code null} for no limit
 * @param maxConcurrent maximum number of concurrent requests of all models, 0 for no
 * limit
 * @param maxQueued maximum number of waiting requests
 * @param maxWait maximum time that a request waits
 * @param learn whether to apply limits reported by xAI
 * @param burst percentage of {@code requestsPerMinute} that can be sent at once, but at
 * least 10 requests
 * @since 0.1.0
 */
public record RateLimitSettings(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, int maxConcurrent,
		int maxQueued, Duration maxWait, boolean learn, BigDecimal burst) {

	private static final BigDecimal DEFAULT_BURST = BigDecimal.TEN;

	private static final long MIN_BURST = 10;

	private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if a value is out of range
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
	 * Creates settings with the default burst of 10 percent.
	 * @param requestsPerMinute requests per minute and model, {@code null} for no limit
	 * @param tokensPerMinute tokens per minute and model, {@code null} for no limit
	 * @param maxConcurrent maximum number of concurrent requests, 0 for no limit
	 * @param maxQueued maximum number of waiting requests
	 * @param maxWait maximum time that a request waits
	 * @param learn whether to apply limits reported by xAI
	 */
	public RateLimitSettings(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, int maxConcurrent,
			int maxQueued, Duration maxWait, boolean learn) {
		this(requestsPerMinute, tokensPerMinute, maxConcurrent, maxQueued, maxWait, learn, DEFAULT_BURST);
	}

	/**
	 * Returns whether requests can be delayed or rejected.
	 * @return {@code false} if there is no limit and limits of xAI are not learned
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
		long requestBurst = Math.min(this.requestsPerMinute, Math.max(MIN_BURST, share));
		return new Rate(requestBurst, this.requestsPerMinute, Duration.ofMinutes(1));
	}

}
