package io.github.grokspring.ratelimit;

import java.time.Instant;

import reactor.core.Disposable;

/**
 * Tells the time and waits for it. Safe for use by several threads.
 */
interface TimeSource {

	/**
	 * The time for measuring.
	 * @return nanoseconds since any moment; later times are greater
	 */
	long nanos();

	/**
	 * The time for people.
	 * @return now
	 */
	Instant now();

	/**
	 * Run a task later. It must not block.
	 * @param nanos in how many nanoseconds
	 * @param task what to run
	 * @return keeps it from running
	 */
	Disposable after(long nanos, Runnable task);

}
