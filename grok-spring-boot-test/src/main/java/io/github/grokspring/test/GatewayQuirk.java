package io.github.grokspring.test;

/**
 * How a gateway between a client and xAI changes an answer. Those that concern the chunks
 * of chat completions do nothing on responses.
 *
 * @since 0.1.0
 */
public enum GatewayQuirk {

	/**
	 * A stream of chat completions begins with a chunk without choices whose id and model
	 * are blank.
	 */
	BLANK_FIRST_CHUNK,

	/**
	 * An error of {@link Answer#failed} or {@link Answer#failsAfter} on chat completions
	 * stands within the choice, with finish reason {@code error}.
	 */
	ERROR_IN_CHOICE,

	/**
	 * A streamed tool call on chat completions comes in several chunks, each with the
	 * whole name.
	 */
	REPEATED_TOOL_NAMES,

	/**
	 * Streamed tool calls on chat completions have no index.
	 */
	NO_TOOL_INDEXES,

	/**
	 * Streamed tool calls on chat completions all have index 0.
	 */
	ZERO_TOOL_INDEXES,

	/**
	 * Comments stand between the events of a stream.
	 */
	COMMENTS,

	/**
	 * Events named {@code ping} whose data is no JSON stand between the events of a
	 * stream.
	 */
	PINGS,

	/**
	 * A stream of chat completions that has usage ends with another one whose counts are
	 * all 0.
	 */
	ZERO_USAGE_LAST

}
