package io.github.grokspring.connection;

/**
 * Thrown when a response or one of its events exceeds a limit. The message contains no
 * content.
 */
final class ResponseTooLargeException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	ResponseTooLargeException(String message) {
		super(message);
	}

}
