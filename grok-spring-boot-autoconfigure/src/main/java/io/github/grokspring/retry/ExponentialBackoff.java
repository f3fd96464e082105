package io.github.grokspring.retry;

import java.time.Duration;

import io.github.grokspring.error.GrokApiException;

import org.springframework.util.Assert;

/**
 * Waits that grow by a factor.
 *
 * @param initial the first wait
 * @param multiplier the factor
 * @param max the longest wait
 */
record ExponentialBackoff(Duration initial, double multiplier, Duration max) implements Backoff {

	ExponentialBackoff {
		Assert.isTrue(!initial.isNegative(), "'initial' must not be negative");
		Assert.isTrue(multiplier >= 1 && Double.isFinite(multiplier), "'multiplier' must be a number from 1 on");
		Assert.isTrue(max.compareTo(initial) >= 0, "'max' must not be shorter than 'initial'");
	}

	@Override
	public Duration delay(GrokApiException failure, int wait) {
		double factor = Math.pow(this.multiplier, wait - 1);
		double nanos = this.initial.toNanos() * factor;
		return (nanos < this.max.toNanos()) ? Duration.ofNanos((long) nanos) : this.max;
	}

}
