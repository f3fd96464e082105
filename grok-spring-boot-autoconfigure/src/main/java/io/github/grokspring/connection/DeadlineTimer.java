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
 * Expires the deadlines of all exchanges in progress with a single timer that is
 * scheduled for the earliest deadline. An exchange that completes in time usually needs
 * no timer task. Thread-safe.
 */
final class DeadlineTimer {

	static final long NEVER = Long.MAX_VALUE;

	private static final long START = System.nanoTime();

	private final Set<Timed> inFlight = ConcurrentHashMap.newKeySet();

	private final AtomicLong wakeUp = new AtomicLong(NEVER);

	private final EventExecutorGroup timer;

	DeadlineTimer(EventExecutorGroup timer) {
		this.timer = timer;
	}

	// Returns nanoseconds since this class was loaded
	static long now() {
		return System.nanoTime() - START;
	}

	// Limited to a quarter of the range of long, so that sums do not overflow
	static long toNanos(Duration duration) {
		return (duration.getSeconds() >= NEVER / 4_000_000_000L) ? NEVER / 4 : duration.toNanos();
	}

	void add(Timed timed) {
		this.inFlight.add(timed);
		scheduleIfEarlier(timed.deadline());
	}

	void remove(Timed timed) {
		this.inFlight.remove(timed);
	}

	/**
	 * Schedules the timer if the deadline is earlier than the scheduled one. Not
	 * necessary for a deadline that moves into the future.
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
			// Closing the connection ends all exchanges
			this.wakeUp.set(NEVER);
		}
	}

	private void wakeUp(long deadline) {
		// Superseded by an earlier wake-up
		if (!this.wakeUp.compareAndSet(deadline, NEVER)) {
			return;
		}
		long now = now();
		// If expire throws, the remaining deadlines are checked right away
		long next = now;
		try {
			next = expire(now);
		}
		finally {
			scheduleIfEarlier(next);
		}
	}

	private long expire(long now) {
		long earliest = NEVER;
		for (Timed timed : this.inFlight) {
			long due = timed.deadline();
			if (due <= now) {
				this.inFlight.remove(timed);
				timed.expire(now);
			}
			else {
				earliest = Math.min(earliest, due);
			}
		}
		return earliest;
	}

	/**
	 * Object with a deadline. Methods may be called on any thread and must not block.
	 */
	interface Timed {

		/**
		 * Returns the deadline relative to {@link DeadlineTimer#now()}.
		 */
		long deadline();

		/**
		 * Invoked after the deadline has passed. The deadline may still move.
		 */
		void expire(long now);

		/**
		 * Invoked when the connection is closed.
		 */
		void close();

	}

}
