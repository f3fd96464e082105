package io.github.grokspring.scrub;

/**
 * Handling of parameters that the model does not support.
 *
 * @since 0.1.0
 */
public enum OnUnsupported {

	/**
	 * Remove the parameter, or replace its value with the nearest supported one, and
	 * report it.
	 */
	DROP,

	/**
	 * Fail without sending the request.
	 */
	FAIL,

	/**
	 * Send the parameter unchanged.
	 */
	PASS

}
