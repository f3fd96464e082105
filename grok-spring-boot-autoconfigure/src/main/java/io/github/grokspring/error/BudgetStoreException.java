package io.github.grokspring.error;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request is rejected because its cost could not be reserved in the budget
 * store.
 *
 * @since 0.1.0
 */
public final class BudgetStoreException extends GrokException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what happened and what to do
	 * @param cause the cause, or {@code null}
	 */
	public BudgetStoreException(String message, @Nullable Throwable cause) {
		super(message, cause, true);
	}

}
