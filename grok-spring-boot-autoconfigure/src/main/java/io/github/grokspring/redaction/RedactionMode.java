package io.github.grokspring.redaction;

/**
 * What is done about private values in a request.
 *
 * @since 0.1.0
 */
public enum RedactionMode {

	/**
	 * Each is replaced by a placeholder of its own, and put back wherever the answer
	 * names that.
	 */
	REVERSIBLE,

	/**
	 * Each is replaced by its kind, for good.
	 */
	MASK,

	/**
	 * The request is not sent.
	 */
	FAIL

}
