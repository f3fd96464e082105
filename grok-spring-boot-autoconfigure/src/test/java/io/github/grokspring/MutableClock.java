package io.github.grokspring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import io.github.grokspring.chain.TimeSource;

/**
 * A clock that only moves when a test moves it.
 */
public final class MutableClock extends Clock implements TimeSource {

	private Instant now = Instant.parse("2026-08-01T12:00:00Z");

	private long nanos;

	/**
	 * Lets time pass.
	 */
	public synchronized void move(Duration duration) {
		this.now = this.now.plus(duration);
		this.nanos += duration.toNanos();
	}

	/**
	 * Adjusts the wall-clock time, without time passing.
	 */
	public synchronized void adjust(Duration duration) {
		this.now = this.now.plus(duration);
	}

	@Override
	public synchronized Instant instant() {
		return this.now;
	}

	@Override
	public synchronized long nanoTime() {
		return this.nanos;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
