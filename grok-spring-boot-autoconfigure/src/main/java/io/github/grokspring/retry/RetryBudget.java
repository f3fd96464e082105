package io.github.grokspring.retry;

/**
 * What all calls together may spend on retries, so that an outage is not answered with a
 * multiple of the usual traffic. First tries are never refused. Implementations are safe
 * for use by several threads and do not block.
 *
 * @since 0.1.0
 */
public interface RetryBudget {

	/**
	 * Ask for a retry and pay for it.
	 * @return whether there was enough left
	 */
	boolean takeRetry();

	/**
	 * Take note that a call succeeded.
	 */
	void succeeded();

	/**
	 * A budget that never runs out.
	 * @return the budget
	 */
	static RetryBudget unlimited() {
		return new UnlimitedRetries();
	}

	/**
	 * A bucket of tokens, full at the start.
	 * @param tokens how many it holds
	 * @param retryCost what a retry takes out
	 * @param successRefund what a call that succeeds puts back
	 * @return the budget
	 */
	static RetryBudget ofTokens(int tokens, int retryCost, int successRefund) {
		return new TokenBucketRetryBudget(tokens, retryCost, successRefund);
	}

}
