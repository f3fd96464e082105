package io.github.grokspring.error;

/**
 * A thread that waited for xAI was interrupted. The call was cancelled, and the thread is
 * still interrupted.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class CallInterruptedException extends GrokException {

	private final boolean sent;

	/**
	 * Create an exception.
	 * @param message what happened
	 * @param sent whether the request may have reached xAI
	 */
	public CallInterruptedException(String message, boolean sent) {
		super(message);
		this.sent = sent;
	}

	/**
	 * Whether the request may have reached xAI, so that it may be billed.
	 * @return {@code false} if nothing was sent
	 */
	public boolean isSent() {
		return this.sent;
	}

}
