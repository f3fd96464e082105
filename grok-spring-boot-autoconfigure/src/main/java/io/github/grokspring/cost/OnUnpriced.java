package io.github.grokspring.cost;

/**
 * Actions for models with an unknown price.
 *
 * @since 0.1.0
 */
public enum OnUnpriced {

	/**
	 * Send requests and log a warning once per model. If xAI reports no cost, the price
	 * of the most expensive model of the family is used.
	 */
	WARN,

	/**
	 * Reject requests before they are sent.
	 */
	FAIL,

	/**
	 * Send requests. If xAI reports no cost, they are free; budgets reserve nothing for
	 * them.
	 */
	ZERO

}
