package io.github.grokspring.retry;

import java.time.Duration;

import io.github.grokspring.error.GrokApiException;

import org.springframework.util.Assert;

record ExponentialBackoff(Duration initial, double multiplier, Duration max) implements Backoff {

	ExponentialBackoff {
		Assert.isTrue(!initial.isNegative(), "'initial' must not be negative");
		Assert.isTrue(multiplier >= 1 && Double.isFinite(multiplier), "'multiplier' must be at least 1");
		Assert.isTrue(max.compareTo(initial) >= 0, "'max' must not be less than 'initial'");
	}

	@Override
	public Duration delay(GrokApiException failure, int retry) {
		double nanos = this.initial.toNanos() * Math.pow(this.multiplier, retry - 1);
		return (nanos < this.max.toNanos()) ? Duration.ofNanos((long) nanos) : this.max;
	}

}
