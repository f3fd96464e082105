package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until it is moved.
 */
final class OffsetClock implements InstantSource {

	private volatile Instant now;

	private volatile long nanos = Long.MAX_VALUE - 1_000_000_000L;

	OffsetClock(String now) {
		this.now = Instant.parse(now);
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	/**
	 * What a clock shows that nobody sets, and that begins anywhere.
	 */
	long nanoTime() {
		return this.nanos;
	}

	/**
	 * Somebody sets the clock.
	 */
	void moveTo(String instant) {
		this.now = Instant.parse(instant);
	}

	/**
	 * Time passes.
	 */
	void moveBy(Duration duration) {
		this.nanos += duration.toNanos();
		this.now = this.now.plus(duration);
	}

}
