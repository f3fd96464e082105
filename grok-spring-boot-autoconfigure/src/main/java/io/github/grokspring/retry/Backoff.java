package io.github.grokspring.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.grokspring.error.GrokApiException;

/**
 * How long is waited before a request is sent again; {@link RetryRule} says whether it
 * is. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Backoff {

	/**
	 * What to wait on top of {@link #minimum(GrokApiException)}, as far as there is time
	 * left.
	 * @param failure the failure of the last attempt
	 * @param wait which wait of this call it is, 1 for the first
	 * @return the wait, not negative
	 */
	Duration delay(GrokApiException failure, int wait);

	/**
	 * What must be waited at least. A call that can not wait that long is given up
	 * instead of being sent too early.
	 * @param failure the failure of the last attempt
	 * @return the shortest wait that makes sense, {@link Duration#ZERO} when there is no
	 * such thing
	 */
	default Duration minimum(GrokApiException failure) {
		return Duration.ZERO;
	}

	/**
	 * Nothing is waited.
	 * @return the back-off
	 */
	static Backoff none() {
		return fixed(Duration.ZERO);
	}

	/**
	 * The same is waited every time.
	 * @param delay the wait
	 * @return the back-off
	 */
	static Backoff fixed(Duration delay) {
		return (failure, wait) -> delay;
	}

	/**
	 * More is waited every time.
	 * @param initial the first wait
	 * @param multiplier by what every wait is longer than the one before, at least 1
	 * @param max the longest wait
	 * @return the back-off
	 */
	static Backoff exponential(Duration initial, double multiplier, Duration max) {
		return new ExponentialBackoff(initial, multiplier, max);
	}

	/**
	 * This back-off, with a wait that is chosen at random between zero and what it would
	 * be, so that those who failed together do not come back together.
	 * @param random where chance comes from; safe for use by several threads
	 * @return the back-off
	 */
	default Backoff withFullJitter(RandomGenerator random) {
		return new FullJitter(this, random);
	}

	/**
	 * This back-off, but never less than the server asked for with {@code Retry-After}.
	 * @return the back-off
	 */
	default Backoff respectingRetryAfter() {
		return new RetryAfterBackoff(this);
	}

}
