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
	 * A cheaper model is asked if there is room for that, else it fails.
	 */
	DOWNGRADE

}
