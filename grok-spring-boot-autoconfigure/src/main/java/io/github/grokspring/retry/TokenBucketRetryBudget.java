package io.github.grokspring.retry;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.util.Assert;

final class TokenBucketRetryBudget implements RetryBudget {

	static final RetryBudget UNLIMITED = new TokenBucketRetryBudget(0, 0, 0);

	private final int capacity;

	private final int retryCost;

	private final int successRefund;

	private final AtomicInteger tokens;

	TokenBucketRetryBudget(int capacity, int retryCost, int successRefund) {
		Assert.isTrue(capacity >= 0, "'tokens' must not be negative");
		Assert.isTrue(retryCost >= 0, "'retryCost' must not be negative");
		Assert.isTrue(successRefund >= 0, "'successRefund' must not be negative");
		this.capacity = capacity;
		this.retryCost = retryCost;
		this.successRefund = successRefund;
		this.tokens = new AtomicInteger(capacity);
	}

	@Override
	public boolean tryAcquireRetry() {
		int before = this.tokens
			.getAndUpdate((available) -> (available >= this.retryCost) ? available - this.retryCost : available);
		return before >= this.retryCost;
	}

	// A full bucket, the normal case, is only read
	@Override
	public void onSuccess() {
		if (this.tokens.get() < this.capacity) {
			this.tokens
				.updateAndGet((available) -> available + Math.min(this.successRefund, this.capacity - available));
		}
	}

	@Override
	public String toString() {
		return this.tokens + " of " + this.capacity + " tokens";
	}

}
