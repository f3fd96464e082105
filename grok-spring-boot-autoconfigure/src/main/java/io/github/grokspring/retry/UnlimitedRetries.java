package io.github.grokspring.retry;

/**
 * Retries for nothing.
 */
record UnlimitedRetries() implements RetryBudget {

	@Override
	public boolean takeRetry() {
		return true;
	}

	@Override
	public void succeeded() {
		// nothing was paid
	}

}
