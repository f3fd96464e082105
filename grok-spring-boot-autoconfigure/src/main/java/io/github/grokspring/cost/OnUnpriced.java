package io.github.grokspring.cost;

/**
 * What is done about a model whose price is not known.
 *
 * @since 0.1.0
 */
public enum OnUnpriced {

	/**
	 * It is asked, and costs as much as the most expensive model of its family where xAI
	 * does not report a cost. A warning says so once for each model.
	 */
	WARN,

	/**
	 * It is not asked.
	 */
	FAIL,

	/**
	 * It is asked, and is free where xAI does not report a cost. Budgets reserve nothing
	 * for it.
	 */
	ZERO

}
