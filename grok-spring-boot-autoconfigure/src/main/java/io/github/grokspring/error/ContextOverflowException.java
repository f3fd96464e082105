package io.github.grokspring.error;

/**
 * A request was not sent, because its prompt does not fit into the context window of the
 * model that would have answered. It is not to be confused with
 * {@link ErrorKind#CONTEXT_TOO_LONG}, which is what xAI says of a prompt that was sent.
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
	 * Create an exception.
	 * @param model the id of the model that would have answered
	 * @param window how many tokens a prompt may have
	 * @param estimated how many the prompt probably has
	 * @param requestedOutput how many the answer may have, 0 when the request sets no
	 * limit
	 * @param message what does not fit and what to do
	 */
	public ContextOverflowException(String model, long window, long estimated, long requestedOutput, String message) {
		super(message, null, true);
		this.model = model;
		this.window = window;
		this.estimated = estimated;
		this.requestedOutput = requestedOutput;
	}

	/**
	 * The model that would have answered.
	 * @return its id
	 */
	public String model() {
		return this.model;
	}

	/**
	 * The context window of the model.
	 * @return how many tokens a prompt may have
	 */
	public long window() {
		return this.window;
	}

	/**
	 * How long the prompt is.
	 * @return how many tokens it probably has
	 */
	public long estimated() {
		return this.estimated;
	}

	/**
	 * How long the answer may be.
	 * @return the limit that the request sets in tokens, 0 when it sets none
	 */
	public long requestedOutput() {
		return this.requestedOutput;
	}

}
