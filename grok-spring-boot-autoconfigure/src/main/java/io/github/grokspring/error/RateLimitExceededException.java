package io.github.grokspring.error;

import java.time.Duration;

/**
 * Thrown when a request is rejected because a rate limit configured in this application
 * did not permit it in time. The rate limit of xAI is {@link ErrorKind#RATE_LIMITED},
 * which also covers requests that this application rejects because of limits reported by
 * xAI.
 *
 * @since 0.1.0
 */
public final class RateLimitExceededException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String limit;

	private final Duration retryAfter;

	/**
	 * Creates an exception.
	 * @param limit the limit, {@code requests}, {@code tokens} or {@code concurrency}
	 * @param retryAfter the estimated delay until the request is permitted, or
	 * {@link Duration#ZERO} if unknown
	 * @param message what happened and what to do
	 */
	public RateLimitExceededException(String limit, Duration retryAfter, String message) {
		super(message, null, true);
		this.limit = limit;
		this.retryAfter = retryAfter;
	}

	/**
	 * Returns the limit that was reached.
	 * @return {@code requests}, {@code tokens} or {@code concurrency}
	 */
	public String limit() {
		return this.limit;
	}

	/**
	 * Returns the estimated delay until the request is permitted.
	 * @return the delay, or {@link Duration#ZERO} if unknown
	 */
	public Duration retryAfter() {
		return this.retryAfter;
	}

}
