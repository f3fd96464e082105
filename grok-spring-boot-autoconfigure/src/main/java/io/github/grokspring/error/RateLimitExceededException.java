package io.github.grokspring.error;

import java.time.Duration;

/**
 * A request was not sent, because a limit that is set in this application left no room
 * for it in time. It is not to be confused with {@link ErrorKind#RATE_LIMITED}, which is
 * the limit of xAI: it refused a request, or would have, for what it told before.
 *
 * @since 0.1.0
 */
public final class RateLimitExceededException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String limit;

	private final Duration retryAfter;

	/**
	 * Create an exception.
	 * @param limit which limit, {@code requests}, {@code tokens} or {@code concurrency}
	 * @param retryAfter when there probably is room again, {@link Duration#ZERO} when it
	 * can not be known
	 * @param message what happened and what to do
	 */
	public RateLimitExceededException(String limit, Duration retryAfter, String message) {
		super(message, null, true);
		this.limit = limit;
		this.retryAfter = retryAfter;
	}

	/**
	 * Which limit was reached.
	 * @return {@code requests}, {@code tokens} or {@code concurrency}
	 */
	public String limit() {
		return this.limit;
	}

	/**
	 * When there probably is room again.
	 * @return the wait, {@link Duration#ZERO} when it can not be known
	 */
	public Duration retryAfter() {
		return this.retryAfter;
	}

}
