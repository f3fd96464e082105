package io.github.grokspring.redaction;

/**
 * Treatment of private values in a request.
 *
 * @since 0.1.0
 */
public enum RedactionMode {

	/**
	 * Replace values with placeholders and restore them in the response.
	 */
	REVERSIBLE,

	/**
	 * Replace values with their kind, without restoring them.
	 */
	MASK,

	/**
	 * Reject the request.
	 */
	FAIL

}
