package io.github.grokspring.test;

import org.jspecify.annotations.Nullable;

/**
 * Valid request to a model, independent of the endpoint.
 */
sealed interface ModelCall permits ChatCall, ResponsesCall {

	/**
	 * Returns the request in the form that both endpoints share, including stored
	 * history.
	 */
	ChatRequest request();

	ServingContext context();

	ServerTools serverTools();

	ResponseRenderer render(ModelOutput modelOutput);

	default Model model() {
		return context().model();
	}

	/**
	 * Returns the effective reasoning effort: that of the request, of a redirect, or of
	 * the model.
	 */
	default @Nullable String effort() {
		if (request().reasoningEffort() != null) {
			return request().reasoningEffort();
		}
		String redirected = context().redirectedEffort();
		return (redirected != null) ? redirected : model().defaultReasoningEffort();
	}

}
