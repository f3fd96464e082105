package io.github.grokspring.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.grokspring.error.GrokApiException;

/**
 * A wait anywhere between zero and that of another back-off.
 *
 * @param longest says the longest wait
 * @param random where chance comes from
 */
record FullJitter(Backoff longest, RandomGenerator random) implements Backoff {

	@Override
	public Duration delay(GrokApiException failure, int wait) {
		long nanos = this.longest.delay(failure, wait).toNanos();
		return Duration.ofNanos((long) (nanos * this.random.nextDouble()));
	}

	@Override
	public Duration minimum(GrokApiException failure) {
		return this.longest.minimum(failure);
	}

}
