package io.github.grokspring.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.grokspring.error.GrokApiException;

record FullJitter(Backoff backoff, RandomGenerator random) implements Backoff {

	@Override
	public Duration delay(GrokApiException failure, int retry) {
		long nanos = this.backoff.delay(failure, retry).toNanos();
		return Duration.ofNanos((long) (nanos * this.random.nextDouble()));
	}

	@Override
	public Duration minimum(GrokApiException failure) {
		return this.backoff.minimum(failure);
	}

}
