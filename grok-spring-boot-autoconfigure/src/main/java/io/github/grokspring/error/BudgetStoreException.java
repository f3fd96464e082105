package io.github.grokspring.error;

import org.jspecify.annotations.Nullable;

/**
 * A request was not sent, because what it costs could not be noted in the budgets it
 * belongs to.
 *
 * @since 0.1.0
 */
public final class BudgetStoreException extends GrokException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause what led to it
	 */
	public BudgetStoreException(String message, @Nullable Throwable cause) {
		super(message, cause, true);
	}

}
