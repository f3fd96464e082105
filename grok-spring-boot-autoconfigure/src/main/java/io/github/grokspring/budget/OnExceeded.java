package io.github.grokspring.budget;

/**
 * Behavior for a call that exceeds the limit of a budget.
 *
 * @since 0.1.0
 */
public enum OnExceeded {

	/**
	 * The call fails with a {@link io.github.grokspring.error.BudgetExceededException}
	 * and is not sent.
	 */
	FAIL,

	/**
	 * The call is sent, and a warning is logged once per window.
	 */
	WARN,

	/**
	 * From a percentage of the limit, a cheaper model is used. The call fails if that
	 * exceeds the limit as well.
	 */
	DOWNGRADE

}
