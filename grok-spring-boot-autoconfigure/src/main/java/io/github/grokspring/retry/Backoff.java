package io.github.grokspring.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.grokspring.error.GrokApiException;

/**
 * Strategy for the delay before a retry; {@link RetryRule} decides whether to retry.
 * Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Backoff {

	/**
	 * Returns the delay to add to {@link #minimum(GrokApiException)}. It is shortened if
	 * less time is left.
	 * @param failure the failure of the last attempt
	 * @param retry the number of the delayed retry within the call, from 1
	 * @return the delay, not negative
	 */
	Duration delay(GrokApiException failure, int retry);

	/**
	 * Returns the minimum delay. A call fails if less time is left.
	 * @param failure the failure of the last attempt
	 * @return the minimum delay, not negative; {@link Duration#ZERO} by default
	 */
	default Duration minimum(GrokApiException failure) {
		return Duration.ZERO;
	}

	/**
	 * Creates a back-off without delays.
	 * @return the back-off
	 */
	static Backoff none() {
		return fixed(Duration.ZERO);
	}

	/**
	 * Creates a back-off with a fixed delay.
	 * @param delay the delay
	 * @return the back-off
	 */
	static Backoff fixed(Duration delay) {
		return (failure, retry) -> delay;
	}

	/**
	 * Creates a back-off with exponentially growing delays.
	 * @param initial the first delay
	 * @param multiplier factor by which the delay grows, at least 1
	 * @param max the maximum delay
	 * @return the back-off
	 * @throws IllegalArgumentException if a value is out of range
	 */
	static Backoff exponential(Duration initial, double multiplier, Duration max) {
		return new ExponentialBackoff(initial, multiplier, max);
	}

	/**
	 * Returns this back-off with full jitter: delays are chosen at random between zero
	 * and the original delay, so that calls that failed together are not repeated
	 * together.
	 * @param random the source of randomness; must be safe for use by several threads
	 * @return the back-off
	 */
	default Backoff withFullJitter(RandomGenerator random) {
		return new FullJitter(this, random);
	}

	/**
	 * Returns this back-off with {@code Retry-After} as the minimum delay.
	 * @return the back-off
	 */
	default Backoff respectingRetryAfter() {
		return new RetryAfterBackoff(this);
	}

}
