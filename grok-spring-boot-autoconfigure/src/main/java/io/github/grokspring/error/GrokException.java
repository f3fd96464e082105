package io.github.grokspring.error;

import org.jspecify.annotations.Nullable;

/**
 * Root of the exceptions that a call to Grok can end with. Messages say what happened and
 * what to do about it; they never hold a key, a prompt or an answer.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class GrokException extends RuntimeException {

	private final boolean unsent;

	/**
	 * Create an exception for a request that may have been sent.
	 * @param message what happened and what to do
	 */
	public GrokException(String message) {
		this(message, null, false);
	}

	/**
	 * Create an exception for a request that may have been sent.
	 * @param message what happened and what to do
	 * @param cause what led to it
	 */
	public GrokException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause what led to it
	 * @param unsent whether it is known that the request was not sent
	 */
	protected GrokException(String message, @Nullable Throwable cause, boolean unsent) {
		super(message, cause);
		this.unsent = unsent;
	}

	/**
	 * Create an exception for a request of which it is known that it was not sent.
	 * @param message what happened and what to do
	 * @return the exception
	 */
	public static GrokException unsent(String message) {
		return new GrokException(message, null, true);
	}

	/**
	 * Whether it is known that nothing of the call reached xAI, so that it costs nothing:
	 * neither the request that failed with this exception nor an earlier one, whose
	 * failure is suppressed.
	 * @return {@code false} also if that is not known
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
