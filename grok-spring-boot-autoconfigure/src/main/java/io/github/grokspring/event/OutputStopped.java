package io.github.grokspring.event;

/**
 * Published when output exceeded a limit: a stream was cancelled, or a complete response
 * was flagged or rejected.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param reason {@link #RUNAWAY} or {@link #TOO_LARGE}
 * @since 0.1.0
 */
public record OutputStopped(String client, String model, String reason) implements GrokEvent {

	/**
	 * Reason for output in which the model repeated itself endlessly.
	 */
	public static final String RUNAWAY = "runaway";

	/**
	 * Reason for a response larger than {@code grok.http.max-response-size}.
	 */
	public static final String TOO_LARGE = "too-large";

}
