package io.github.grokspring.error;

/**
 * Thrown when the output of a model does not match its schema after all attempts
 * ({@code grok.chat.structured-output}). The message contains neither the output nor tool
 * arguments.
 *
 * @since 0.1.0
 */
public final class InvalidOutputException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final int attempts;

	/**
	 * Creates an exception.
	 * @param attempts the number of attempts
	 * @param message what does not match and what to do
	 */
	public InvalidOutputException(int attempts, String message) {
		super(message);
		this.attempts = attempts;
	}

	/**
	 * Returns the number of attempts.
	 * @return the number of attempts
	 */
	public int attempts() {
		return this.attempts;
	}

}
