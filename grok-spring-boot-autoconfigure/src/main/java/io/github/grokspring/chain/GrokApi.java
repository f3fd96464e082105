package io.github.grokspring.chain;

/**
 * The endpoint of xAI that answers a prompt.
 *
 * @since 0.1.0
 */
public enum GrokApi {

	/**
	 * Chat Completions, unless the request needs what only the Responses API can do, or
	 * offers tools to a model that always reasons.
	 */
	AUTO,

	/**
	 * {@code POST /v1/chat/completions}.
	 */
	CHAT_COMPLETIONS,

	/**
	 * {@code POST /v1/responses}.
	 */
	RESPONSES

}
