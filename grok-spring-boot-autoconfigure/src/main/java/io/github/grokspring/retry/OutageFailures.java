package io.github.grokspring.retry;

import io.github.grokspring.error.GrokApiException;

/**
 * Tells the failures that show that a model, or the way to it, is out of order. All
 * others say nothing about that: rate limits, wrong keys and refusals are decided before
 * the model is asked, or are about the request itself; timeouts of callers, full
 * connection pools and slow subscribers are of this application.
 */
final class OutageFailures {

	private OutageFailures() {
	}

	static boolean isOne(Throwable failure) {
		return failure instanceof GrokApiException api && !api.isCausedByApplication() && switch (api.kind()) {
			case SERVER_ERROR, OVERLOADED, TIMEOUT -> true;
			// a connection that is not worth a retry was closed by the application
			case CONNECTION, STREAM_BROKEN -> api.isRetryable();
			default -> false;
		};
	}

}
