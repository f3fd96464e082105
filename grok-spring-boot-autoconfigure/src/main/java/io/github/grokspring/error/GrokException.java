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

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 */
	public GrokException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause what led to it
	 */
	public GrokException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
