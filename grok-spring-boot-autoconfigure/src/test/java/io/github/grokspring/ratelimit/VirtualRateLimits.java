package io.github.grokspring.ratelimit;

import java.time.Duration;

/**
 * Limits as an application has them by default, in time that a test moves.
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
