package io.github.grokspring.cost;

/**
 * What is done about a model whose price is not known.
 *
 * @since 0.1.0
 */
public enum OnUnpriced {

	/**
	 * It is asked; once for each model a warning says that its cost is missing.
	 */
	WARN,

	/**
	 * It is not asked.
	 */
	FAIL,

	/**
	 * It is asked, and counts as free where xAI does not report a cost.
	 */
	ZERO

}
