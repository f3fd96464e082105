package io.github.grokspring.error;

import java.math.BigDecimal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request is rejected because its estimated cost does not fit into a
 * budget. Amounts are in US dollars.
 *
 * @since 0.1.0
 */
public final class BudgetExceededException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String budget;

	private final String scope;

	private final BigDecimal limit;

	private final BigDecimal used;

	private final BigDecimal reserved;

	private final BigDecimal needed;

	private final @Nullable Instant resetsAt;

	/**
	 * Creates an exception.
	 * @param budget the name of the budget
	 * @param scope the name of the client, model or tenant that reached its limit, or
	 * {@code all}
	 * @param amounts the amounts of the budget
	 * @param resetsAt the start of the next window, or {@code null} if the budget never
	 * resets
	 * @param message what happened and what to do
	 */
	public BudgetExceededException(String budget, String scope, Amounts amounts, @Nullable Instant resetsAt,
			String message) {
		super(message, null, true);
		this.budget = budget;
		this.scope = scope;
		this.limit = amounts.limit();
		this.used = amounts.used();
		this.reserved = amounts.reserved();
		this.needed = amounts.needed();
		this.resetsAt = resetsAt;
	}

	/**
	 * Returns the name of the budget.
	 * @return the name
	 */
	public String budget() {
		return this.budget;
	}

	/**
	 * Returns the name of the client, model or tenant that the limit applies to.
	 * @return the name, or {@code all}
	 */
	public String scope() {
		return this.scope;
	}

	/**
	 * Returns the limit of the budget.
	 * @return the amount
	 */
	public BigDecimal limit() {
		return this.limit;
	}

	/**
	 * Returns the amount spent in the current window.
	 * @return the amount
	 */
	public BigDecimal used() {
		return this.used;
	}

	/**
	 * Returns the amount reserved for calls in progress.
	 * @return the amount
	 */
	public BigDecimal reserved() {
		return this.reserved;
	}

	/**
	 * Returns the estimated maximum cost of the rejected call.
	 * @return the amount
	 */
	public BigDecimal needed() {
		return this.needed;
	}

	/**
	 * Returns the start of the next window.
	 * @return the instant, or {@code null} if the budget never resets
	 */
	public @Nullable Instant resetsAt() {
		return this.resetsAt;
	}

	/**
	 * Amounts of a budget in US dollars.
	 *
	 * @param limit the limit
	 * @param used the amount spent
	 * @param reserved the amount reserved for calls in progress
	 * @param needed the estimated maximum cost of the rejected call
	 */
	public record Amounts(BigDecimal limit, BigDecimal used, BigDecimal reserved, BigDecimal needed) {

	}

}
