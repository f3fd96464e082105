package io.github.grokspring.ratelimit;

import java.time.Duration;

/**
 * Limits as an application has them by default, in time that a test moves.
 */
public final class MovableLimits {

	private final Limits limits = new Limits().learning();

	public RateLimits rateLimits() {
		return this.limits.queue();
	}

	public void pass(Duration duration) {
		this.limits.pass(duration);
	}

}
