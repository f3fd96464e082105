package io.github.grokspring.connection;

/**
 * An answer, or an event of it, is longer than allowed. The message holds nothing of it.
 */
final class ResponseTooLargeException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	ResponseTooLargeException(String message) {
		super(message);
	}

}
