package io.github.grokspring.chain;

import java.time.Duration;

import reactor.core.publisher.Mono;

/**
 * Strategy for waiting, which tests replace with one that returns at once.
 * Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 * @see TimeSource
 */
public interface Sleeper {

	/**
	 * Blocks the calling thread.
	 * @param duration how long to wait
	 * @throws InterruptedException if the thread is interrupted before or while it waits
	 */
	void sleep(Duration duration) throws InterruptedException;

	/**
	 * Waits without a thread.
	 * @param duration how long to wait, from the subscription on
	 * @return completes after the delay, on a thread that may block; holds nothing once
	 * cancelled
	 */
	Mono<Void> delay(Duration duration);

	/**
	 * Returns a sleeper that waits in real time.
	 * @return the system sleeper
	 */
	static Sleeper system() {
		return SystemTime.INSTANCE;
	}

}
