package io.github.grokspring.chain;

import java.time.InstantSource;

/**
 * Source of the wall-clock time, for what people read, and of a monotonic time, for
 * measuring. Only the monotonic time is unaffected by adjustments of the system clock.
 * Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 * @see Sleeper
 */
public interface TimeSource extends InstantSource {

	/**
	 * Returns the monotonic time.
	 * @return nanoseconds since an arbitrary origin, never less than an earlier value
	 */
	long nanoTime();

	/**
	 * Returns the time of this JVM.
	 * @return the system time source
	 */
	static TimeSource system() {
		return SystemTime.INSTANCE;
	}

}
