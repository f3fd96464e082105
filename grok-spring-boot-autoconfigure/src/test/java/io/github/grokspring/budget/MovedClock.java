package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until it is moved.
 */
final class MovedClock implements InstantSource {

	private volatile Instant now;

	MovedClock(String now) {
		this.now = Instant.parse(now);
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	void moveTo(String instant) {
		this.now = Instant.parse(instant);
	}

	void moveBy(Duration duration) {
		this.now = this.now.plus(duration);
	}

}
