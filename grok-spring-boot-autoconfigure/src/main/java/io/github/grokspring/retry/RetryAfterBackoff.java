package io.github.grokspring.retry;

import java.time.Duration;

import io.github.grokspring.error.GrokApiException;

record RetryAfterBackoff(Backoff backoff) implements Backoff {

	@Override
	public Duration delay(GrokApiException failure, int retry) {
		return this.backoff.delay(failure, retry);
	}

	@Override
	public Duration minimum(GrokApiException failure) {
		Duration minimum = this.backoff.minimum(failure);
		Duration retryAfter = failure.retryAfter();
		return (retryAfter != null && retryAfter.compareTo(minimum) > 0) ? retryAfter : minimum;
	}

}
