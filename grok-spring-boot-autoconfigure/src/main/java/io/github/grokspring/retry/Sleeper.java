package io.github.grokspring.retry;

import java.time.Duration;

import reactor.core.publisher.Mono;

/**
 * Lets time pass between two attempts. A test may put one in its place that only takes
 * note. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface Sleeper {

	/**
	 * Let the calling thread wait.
	 * @param duration how long
	 * @throws InterruptedException if the thread is interrupted, in which case it returns
	 * at once
	 */
	void sleep(Duration duration) throws InterruptedException;

	/**
	 * Wait without a thread.
	 * @param duration how long, from the subscription on
	 * @return completes then, on a thread that may be blocked; nothing is left behind
	 * when it is cancelled
	 */
	Mono<Void> delay(Duration duration);

	/**
	 * Waiting as the clock on the wall has it.
	 * @return waits that last as long as they say
	 */
	static Sleeper inRealTime() {
		return new SystemSleeper();
	}

}
