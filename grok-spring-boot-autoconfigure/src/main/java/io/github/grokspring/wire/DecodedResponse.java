package io.github.grokspring.wire;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Response decoded from the JSON of an endpoint.
 *
 * @since 0.1.0
 */
public interface DecodedResponse {

	/**
	 * Whether the response is an error despite its successful HTTP status.
	 * @return {@code true} if it is an error
	 */
	boolean hasFailed();

	/**
	 * Returns the error if it is not at the top level of the body.
	 * @return a body with the error at its top level, or {@code null} to use the original
	 * body
	 */
	default byte @Nullable [] error() {
		return null;
	}

	/**
	 * Whether the JSON is a response of the endpoint.
	 * @return {@code true} if the characteristic field is present
	 */
	boolean isRecognized();

	/**
	 * Converts this response.
	 * @return the chat response
	 */
	ChatResponse toChatResponse();

}
