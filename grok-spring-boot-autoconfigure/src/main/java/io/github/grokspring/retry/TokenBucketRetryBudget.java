package io.github.grokspring.retry;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.util.Assert;

/**
 * Retries pay with tokens, which successes earn.
 */
final class TokenBucketRetryBudget implements RetryBudget {

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
	public boolean takeRetry() {
		int before = this.tokens.getAndUpdate((left) -> (left >= this.retryCost) ? left - this.retryCost : left);
		return before >= this.retryCost;
	}

	// Every call of a healthy application comes by here, so a full bucket is only read.
	@Override
	public void succeeded() {
		if (this.tokens.get() < this.capacity) {
			this.tokens.updateAndGet((left) -> left + Math.min(this.successRefund, this.capacity - left));
		}
	}

	@Override
	public String toString() {
		return this.tokens + " of " + this.capacity + " tokens";
	}

}
