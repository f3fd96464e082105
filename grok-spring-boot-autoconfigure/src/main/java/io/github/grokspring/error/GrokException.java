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
	 * Create an exception.
	 * @param message what happened and what to do
	 */
	public GrokException(String message) {
		this(message, false);
	}

	private GrokException(String message, boolean unsent) {
		super(message);
		this.unsent = unsent;
	}

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause what led to it
	 */
	public GrokException(String message, @Nullable Throwable cause) {
		super(message, cause);
		this.unsent = false;
	}

	/**
	 * Create an exception for a request of which it is known that it was not sent.
	 * @param message what happened and what to do
	 * @return the exception
	 */
	public static GrokException unsent(String message) {
		return new GrokException(message, true);
	}

	/**
	 * Whether it is known that the request did not reach xAI, so that it costs nothing.
	 * @return {@code false} also if that is not known
	 */
	public boolean isUnsent() {
		return this.unsent;
	}

}
