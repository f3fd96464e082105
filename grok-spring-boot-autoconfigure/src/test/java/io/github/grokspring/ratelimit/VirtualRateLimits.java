package io.github.grokspring.ratelimit;

import java.time.Duration;

/**
 * Default rate limits in virtual time.
 */
public final class VirtualRateLimits {

	private final Limits limits = new Limits().learning();

	public RateLimits rateLimits() {
		return this.limits.limiter();
	}

	public void advance(Duration duration) {
		this.limits.advance(duration);
	}

}
