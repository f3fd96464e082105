package io.github.grokspring.budget;

/**
 * What has a limit of its own within a budget.
 *
 * @since 0.1.0
 */
public enum BudgetScope {

	/**
	 * All calls of the application share one limit.
	 */
	ALL,

	/**
	 * Each client has its own.
	 */
	CLIENT,

	/**
	 * Each model has its own. The model that was asked counts, whichever answers.
	 */
	MODEL,

	/**
	 * Each tenant has its own.
	 */
	TENANT

}
