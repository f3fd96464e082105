package io.github.grokspring.retry;

import io.github.grokspring.error.GrokApiException;

/**
 * Failures that indicate an outage of a model or of the connection to it. Rate limits,
 * invalid keys and invalid requests are rejected before the model is called; short
 * timeouts of callers, exhausted connection pools and slow subscribers are caused by the
 * application.
 */
final class OutageFailures {

	private OutageFailures() {
	}

	static boolean matches(Throwable failure) {
		return failure instanceof GrokApiException apiFailure && !apiFailure.isCausedByApplication()
				&& switch (apiFailure.kind()) {
					case SERVER_ERROR, OVERLOADED, TIMEOUT -> true;
					// Not retryable if the application closed the connection
					case CONNECTION, STREAM_BROKEN -> apiFailure.isRetryable();
					default -> false;
				};
	}

}
