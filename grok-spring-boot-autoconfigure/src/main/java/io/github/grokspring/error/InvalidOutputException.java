package io.github.grokspring.error;

/**
 * A model did not answer as its schema says, however often it was asked
 * ({@code grok.chat.structured-output}): neither the output nor the arguments are in the
 * message.
 *
 * @since 0.1.0
 */
public final class InvalidOutputException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final int attempts;

	/**
	 * Create an exception.
	 * @param attempts how often the model was asked
	 * @param message what does not match and what to do
	 */
	public InvalidOutputException(int attempts, String message) {
		super(message);
		this.attempts = attempts;
	}

	/**
	 * How often the model was asked.
	 * @return the number of attempts
	 */
	public int attempts() {
		return this.attempts;
	}

}
