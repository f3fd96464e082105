package io.github.grokspring.chain;

/**
 * Endpoint of xAI.
 *
 * @since 0.1.0
 */
public enum GrokApi {

	/**
	 * Uses Chat Completions unless the request requires the Responses API or offers tools
	 * to a model that always reasons.
	 */
	AUTO,

	/**
	 * Uses {@code POST /v1/chat/completions}.
	 */
	CHAT_COMPLETIONS,

	/**
	 * Uses {@code POST /v1/responses}.
	 */
	RESPONSES

}
