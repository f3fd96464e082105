package io.github.grokspring.error;

/**
 * Thrown when a request is rejected because its prompt does not fit into the context
 * window of the model. xAI's own rejection of a prompt is
 * {@link ErrorKind#CONTEXT_TOO_LONG}.
 *
 * @since 0.1.0
 */
public final class ContextOverflowException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	private final long window;

	private final long estimated;

	private final long requestedOutput;

	/**
	 * Creates an exception.
	 * @param model the ID of the model
	 * @param window the maximum number of prompt tokens
	 * @param estimated the estimated number of prompt tokens
	 * @param requestedOutput the maximum number of output tokens, or 0 if the request
	 * sets no limit
	 * @param message what happened and what to do
	 */
	public ContextOverflowException(String model, long window, long estimated, long requestedOutput, String message) {
		super(message, null, true);
		this.model = model;
		this.window = window;
		this.estimated = estimated;
		this.requestedOutput = requestedOutput;
	}

	/**
	 * Returns the ID of the model.
	 * @return the model
	 */
	public String model() {
		return this.model;
	}

	/**
	 * Returns the context window of the model.
	 * @return the maximum number of prompt tokens
	 */
	public long window() {
		return this.window;
	}

	/**
	 * Returns the estimated length of the prompt.
	 * @return the number of tokens
	 */
	public long estimated() {
		return this.estimated;
	}

	/**
	 * Returns the output limit of the request.
	 * @return the maximum number of output tokens, or 0 if the request sets no limit
	 */
	public long requestedOutput() {
		return this.requestedOutput;
	}

}
