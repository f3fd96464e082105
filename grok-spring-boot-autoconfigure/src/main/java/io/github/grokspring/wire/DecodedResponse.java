package io.github.grokspring.wire;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * An answer that was read from the JSON of an endpoint.
 *
 * @since 0.1.0
 */
public interface DecodedResponse {

	/**
	 * Whether it is an error after all.
	 * @return whether it is
	 */
	boolean hasFailed();

	/**
	 * The error that it is, where that is not told at the top level of its JSON.
	 * @return a body with the error at its top level, or {@code null}
	 */
	default byte @Nullable [] error() {
		return null;
	}

	/**
	 * Whether it has what makes it an answer of the endpoint.
	 * @return whether it has
	 */
	boolean isRecognized();

	/**
	 * The answer in the terms of Spring AI.
	 * @return the answer
	 */
	ChatResponse toChatResponse();

}
