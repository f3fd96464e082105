package io.github.grokspring.ratelimit;

import java.time.Duration;

/**
 * How much is allowed in a time.
 *
 * @param burst how much of it may be taken at once
 * @param amount how much is allowed
 * @param period the time
 */
record Rate(long burst, long amount, Duration period) {

	/**
	 * Beyond this nobody needs to be kept waiting.
	 */
	static final long UNLIMITED = 10_000_000_000L;

	/**
	 * A rate per minute, all of which may be taken at once.
	 */
	static Rate perMinute(long amount) {
		return new Rate(amount, amount, Duration.ofMinutes(1));
	}

	/**
	 * A rate per second, evenly spread: xAI counts seconds, and two bursts could meet in
	 * one of them.
	 */
	static Rate perSecond(long amount) {
		return new Rate(1, amount, Duration.ofSeconds(1));
	}

	/**
	 * How long it takes until an amount has come back.
	 */
	Duration timeOf(long part) {
		return Duration.ofNanos((long) ((double) part / this.amount * this.period.toNanos()));
	}

	/**
	 * How much comes back in a time.
	 */
	long comingBackIn(long nanos) {
		return (long) Math.min(this.burst, (double) nanos / this.period.toNanos() * this.amount);
	}

}
