package io.github.grokspring.event;

/**
 * A response was too much: a stream was cancelled for it, or a whole response was
 * explained or refused.
 *
 * @param client the client
 * @param model the model that was asked
 * @param reason {@link #RUNAWAY} or {@link #TOO_LARGE}
 * @since 0.1.0
 */
public record OutputStopped(String client, String model, String reason) implements GrokEvent {

	/**
	 * The model repeated itself without end.
	 */
	public static final String RUNAWAY = "runaway";

	/**
	 * The response was larger than {@code grok.http.max-response-size}.
	 */
	public static final String TOO_LARGE = "too-large";

}
