package io.github.grokspring.test;

/**
 * Changes that gateways in front of xAI make to responses. Quirks of Chat Completions do
 * not apply to the Responses API.
 *
 * @since 0.1.0
 */
public enum GatewayQuirk {

	/**
	 * Streams of Chat Completions start with a chunk without choices and with blank id
	 * and model.
	 */
	BLANK_FIRST_CHUNK,

	/**
	 * Errors of {@link Answer#failed} or {@link Answer#failsAfter} in Chat Completions
	 * are part of the choice, with finish reason {@code error}.
	 */
	ERROR_IN_CHOICE,

	/**
	 * Streamed tool calls in Chat Completions have several chunks, each with the complete
	 * name.
	 */
	REPEATED_TOOL_NAMES,

	/**
	 * Streamed tool calls in Chat Completions have no index.
	 */
	NO_TOOL_INDEXES,

	/**
	 * Streamed tool calls in Chat Completions all have index 0.
	 */
	ZERO_TOOL_INDEXES,

	/**
	 * Streams contain comments between events.
	 */
	COMMENTS,

	/**
	 * Streams contain events named {@code ping} whose data is not JSON.
	 */
	PINGS,

	/**
	 * Streams of Chat Completions with usage end with a second usage whose counts are all
	 * 0.
	 */
	ZERO_USAGE_LAST

}
