package io.github.grokspring.ratelimit;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * The time of this machine. Whatever waits, waits on the timers that Reactor has anyway,
 * not on a thread of its own.
 */
final class SystemTimeSource implements TimeSource {

	private static final long START = System.nanoTime();

	private final Clock clock = Clock.systemUTC();

	@Override
	public long nanos() {
		return System.nanoTime() - START;
	}

	@Override
	public Instant now() {
		return this.clock.instant();
	}

	@Override
	public Disposable after(long nanos, Runnable task) {
		return Schedulers.parallel().schedule(task, nanos, TimeUnit.NANOSECONDS);
	}

}
