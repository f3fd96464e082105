package io.github.grokspring.context;

/**
 * What becomes of a prompt that does not fit into the context window of its model.
 *
 * @since 0.1.0
 */
public enum OnOverflow {

	/**
	 * It is not sent.
	 */
	FAIL,

	/**
	 * It is sent as it is, and the log says so.
	 */
	WARN,

	/**
	 * It is sent without its oldest turns.
	 */
	TRIM

}
