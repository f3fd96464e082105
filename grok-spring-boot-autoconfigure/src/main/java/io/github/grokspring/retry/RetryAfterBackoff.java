package io.github.grokspring.retry;

import java.time.Duration;

import io.github.grokspring.error.GrokApiException;

/**
 * Never waits less than the server asked for.
 *
 * @param own what is waited on top of what the server asked for
 */
record RetryAfterBackoff(Backoff own) implements Backoff {

	@Override
	public Duration delay(GrokApiException failure, int wait) {
		return this.own.delay(failure, wait);
	}

	@Override
	public Duration minimum(GrokApiException failure) {
		Duration minimum = this.own.minimum(failure);
		Duration asked = failure.retryAfter();
		return (asked != null && asked.compareTo(minimum) > 0) ? asked : minimum;
	}

}
