package io.github.grokspring.error;

import org.jspecify.annotations.Nullable;

/**
 * Base class of the exceptions thrown by calls to Grok. Messages describe what happened
 * and what to do; they never contain a key, a prompt or a response.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class GrokException extends RuntimeException {

	private final boolean unsent;

	/**
	 * Creates an exception for a request that may have been sent.
	 * @param message what happened and what to do
	 */
	public GrokException(String message) {
		this(message, null, false);
	}

	/**
	 * Creates an exception for a request that may have been sent.
	 * @param message what happened and what to do
	 * @param cause the cause, or {@code null}
	 */
	public GrokException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	/**
	 * Creates an exception.
	 * @param message what happened and what to do
	 * @param cause the cause, or {@code null}
	 * @param unsent whether the request was certainly not sent
	 */
	protected GrokException(String message, @Nullable Throwable cause, boolean unsent) {
		super(message, cause);
		this.unsent = unsent;
	}

	/**
	 * Creates an exception for a request that was not sent.
	 * @param message what happened and what to do
	 * @return the exception
	 */
	public static GrokException unsent(String message) {
		return new GrokException(message, null, true);
	}

	/**
	 * Returns whether nothing of the call reached xAI, so that the call costs nothing.
	 * This covers earlier attempts, whose failures are {@linkplain #getSuppressed()
	 * suppressed}.
	 * @return {@code false} if a request was sent or may have been sent
	 */
	public final boolean isUnsent() {
		if (!this.unsent) {
			return false;
		}
		for (Throwable earlier : getSuppressed()) {
			if (earlier instanceof GrokException attempt && !attempt.isUnsent()) {
				return false;
			}
		}
		return true;
	}

}
