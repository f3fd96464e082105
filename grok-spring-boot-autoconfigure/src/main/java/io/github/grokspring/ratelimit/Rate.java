package io.github.grokspring.ratelimit;

import java.time.Duration;

/**
 * Amount that is allowed per period and refilled continuously.
 *
 * @param burst maximum amount that can be taken at once
 * @param amount amount that is refilled per period
 * @param period the period
 */
record Rate(long burst, long amount, Duration period) {

	// Amount from which a rate counts as unlimited
	static final long UNLIMITED = 10_000_000_000L;

	static Rate perMinute(long amount) {
		return new Rate(amount, amount, Duration.ofMinutes(1));
	}

	// Without bursts: xAI counts calendar seconds, and two bursts could fall into one
	static Rate perSecond(long amount) {
		return new Rate(1, amount, Duration.ofSeconds(1));
	}

	Duration refillTime(long part) {
		return Duration.ofNanos((long) ((double) part / this.amount * this.period.toNanos()));
	}

	long refilledIn(long nanos) {
		return (long) Math.min(this.burst, (double) nanos / this.period.toNanos() * this.amount);
	}

}
