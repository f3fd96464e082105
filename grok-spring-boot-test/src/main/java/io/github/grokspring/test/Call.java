package io.github.grokspring.test;

import org.jspecify.annotations.Nullable;

/**
 * A valid request on its way to an answer, whichever endpoint it came to.
 */
sealed interface Call permits ChatCall, ResponsesCall {

	/**
	 * What was asked, in terms both endpoints share.
	 * @return the whole dialogue, history of the server included
	 */
	ChatRequest request();

	Serving serving();

	/**
	 * The tools that xAI itself may run for this request.
	 * @return none where there are none
	 */
	ServerTools serverTools();

	/**
	 * Puts an answer into the form of the endpoint.
	 * @param speech what the model says
	 * @return ready to be written
	 */
	Rendition render(Speech speech);

	default Model model() {
		return serving().model();
	}

	/**
	 * The effort that counts: asked for, set by a redirect, or the model's own.
	 * @return {@code null} for a model without effort values
	 */
	default @Nullable String effort() {
		if (request().reasoningEffort() != null) {
			return request().reasoningEffort();
		}
		String redirected = serving().redirectedEffort();
		return (redirected != null) ? redirected : model().defaultReasoningEffort();
	}

}
