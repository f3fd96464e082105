package io.github.grokspring.scrub;

/**
 * What is done about a parameter that the model refuses.
 *
 * @since 0.1.0
 */
public enum OnUnsupported {

	/**
	 * It is left out, or moved to the nearest value, and reported.
	 */
	DROP,

	/**
	 * The request is not sent.
	 */
	FAIL,

	/**
	 * It is sent all the same.
	 */
	PASS

}
