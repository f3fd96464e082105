package io.github.grokspring.budget;

/**
 * What happens to a call for which a budget has no room.
 *
 * @since 0.1.0
 */
public enum OnExceeded {

	/**
	 * It is not sent, and fails with a
	 * {@link io.github.grokspring.error.BudgetExceededException}.
	 */
	FAIL,

	/**
	 * It is sent all the same, and a warning is logged once per window.
	 */
	WARN,

	/**
	 * From a share of the limit on a cheaper model is asked, and it fails when there is
	 * no room for that either.
	 */
	DOWNGRADE

}
