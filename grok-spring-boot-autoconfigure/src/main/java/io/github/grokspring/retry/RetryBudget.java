package io.github.grokspring.retry;

/**
 * Limits the retries of all calls together, so that an outage does not multiply the
 * traffic. First attempts are never limited. Implementations are safe for use by several
 * threads and do not block.
 *
 * @since 0.1.0
 */
public interface RetryBudget {

	/**
	 * Takes the cost of a retry from the budget.
	 * @return whether the budget was sufficient
	 */
	boolean tryAcquireRetry();

	/**
	 * Refunds the budget after a successful call.
	 */
	void onSuccess();

	/**
	 * Creates a budget without a limit.
	 * @return the budget
	 */
	static RetryBudget unlimited() {
		return TokenBucketRetryBudget.UNLIMITED;
	}

	/**
	 * Creates a budget of tokens, which is full at first.
	 * @param tokens the capacity
	 * @param retryCost tokens that a retry takes
	 * @param successRefund tokens that a successful call returns
	 * @return the budget
	 * @throws IllegalArgumentException if a value is negative
	 */
	static RetryBudget ofTokens(int tokens, int retryCost, int successRefund) {
		return new TokenBucketRetryBudget(tokens, retryCost, successRefund);
	}

}
