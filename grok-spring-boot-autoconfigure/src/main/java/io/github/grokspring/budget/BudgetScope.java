package io.github.grokspring.budget;

/**
 * Dimension that the limit of a budget applies to.
 *
 * @since 0.1.0
 */
public enum BudgetScope {

	/**
	 * All calls share one limit.
	 */
	ALL,

	/**
	 * Each client has its own limit.
	 */
	CLIENT,

	/**
	 * Each model has its own limit. The requested model counts, not the answering one.
	 */
	MODEL,

	/**
	 * Each tenant has its own limit.
	 */
	TENANT

}
