package io.github.grokspring.connection;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.netty.util.concurrent.EventExecutorGroup;

/**
 * Watches the deadlines of everything in flight with one timer that sleeps until the
 * soonest of them. An exchange that ends in time, as nearly all do, costs no timer at
 * all. Safe for use by several threads.
 */
final class DeadlineTimer {

	/** No deadline. */
	static final long NEVER = Long.MAX_VALUE;

	private static final long START = System.nanoTime();

	private final Set<Timed> inFlight = ConcurrentHashMap.newKeySet();

	private final AtomicLong wakeUp = new AtomicLong(NEVER);

	private final EventExecutorGroup timer;

	DeadlineTimer(EventExecutorGroup timer) {
		this.timer = timer;
	}

	/**
	 * The time, in nanoseconds since this class was loaded.
	 * @return now
	 */
	static long now() {
		return System.nanoTime() - START;
	}

	/**
	 * A duration in nanoseconds.
	 * @param duration the duration
	 * @return its nanoseconds, at most a quarter of what a long can hold
	 */
	static long toNanos(Duration duration) {
		return (duration.getSeconds() >= NEVER / 4_000_000_000L) ? NEVER / 4 : duration.toNanos();
	}

	void add(Timed one) {
		this.inFlight.add(one);
		scheduleIfEarlier(one.deadline());
	}

	void remove(Timed one) {
		this.inFlight.remove(one);
	}

	/**
	 * Take note of a deadline that may be sooner than all others. One that has moved
	 * further away need not be noticed.
	 * @param deadline the deadline
	 */
	void scheduleIfEarlier(long deadline) {
		long current = this.wakeUp.get();
		while (deadline < current) {
			if (this.wakeUp.compareAndSet(current, deadline)) {
				schedule(deadline);
				return;
			}
			current = this.wakeUp.get();
		}
	}

	void forEach(Consumer<Timed> action) {
		this.inFlight.forEach(action);
	}

	int size() {
		return this.inFlight.size();
	}

	private void schedule(long deadline) {
		try {
			this.timer.schedule(() -> wakeUp(deadline), Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The connection is being closed, which ends everything in flight.
			this.wakeUp.set(NEVER);
		}
	}

	private void wakeUp(long deadline) {
		// A wake-up that was overtaken by a sooner one has nothing left to do.
		if (!this.wakeUp.compareAndSet(deadline, NEVER)) {
			return;
		}
		long now = now();
		// Whatever the one that expires throws, the others are looked at, if not now then
		// in a moment.
		long next = now;
		try {
			next = expire(now);
		}
		finally {
			scheduleIfEarlier(next);
		}
	}

	private long expire(long now) {
		long soonest = NEVER;
		for (Timed one : this.inFlight) {
			long due = one.deadline();
			if (due <= now) {
				this.inFlight.remove(one);
				one.expire(now);
			}
			else {
				soonest = Math.min(soonest, due);
			}
		}
		return soonest;
	}

	/**
	 * Something with a deadline. Methods are called on any thread and do not block.
	 */
	interface Timed {

		/**
		 * When it is due.
		 * @return the time in terms of {@link DeadlineTimer#now()}
		 */
		long deadline();

		/**
		 * The deadline has passed. It may move again while this is called.
		 * @param now the time
		 */
		void expire(long now);

		/**
		 * The connection is being closed.
		 */
		void close();

	}

}
