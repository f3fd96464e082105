package io.github.grokspring.error;

/**
 * A request was not sent, because it could have cost more than a budget has left.
 *
 * @since 0.1.0
 */
public final class BudgetExceededException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String budget;

	/**
	 * Create an exception.
	 * @param budget the name of the budget
	 * @param message what happened and what to do
	 */
	public BudgetExceededException(String budget, String message) {
		super(message);
		this.budget = budget;
	}

	/**
	 * Which budget has not enough left.
	 * @return its name
	 */
	public String budget() {
		return this.budget;
	}

}
