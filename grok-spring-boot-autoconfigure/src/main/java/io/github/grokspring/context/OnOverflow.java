package io.github.grokspring.context;

/**
 * Action for a prompt that exceeds the context window of its model.
 *
 * @since 0.1.0
 */
public enum OnOverflow {

	/**
	 * Reject the prompt.
	 */
	FAIL,

	/**
	 * Send the prompt and log a warning.
	 */
	WARN,

	/**
	 * Send the prompt without its oldest turns.
	 */
	TRIM

}
