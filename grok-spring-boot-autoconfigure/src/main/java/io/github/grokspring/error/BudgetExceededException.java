package io.github.grokspring.error;

import java.math.BigDecimal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A request was not sent, because a budget has no room for what it may cost. Amounts are
 * in US dollars.
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
	 * Create an exception.
	 * @param budget the name of the budget
	 * @param scope the name of the client, the model or the tenant that has reached its
	 * limit, or {@code all}
	 * @param amounts how the budget stands
	 * @param resetsAt when there is room again, {@code null} for never
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
	 * Which budget has no room.
	 * @return its name
	 */
	public String budget() {
		return this.budget;
	}

	/**
	 * Whose limit it is.
	 * @return the name of a client, a model or a tenant, or {@code all}
	 */
	public String scope() {
		return this.scope;
	}

	/**
	 * How much may be spent.
	 * @return the amount
	 */
	public BigDecimal limit() {
		return this.limit;
	}

	/**
	 * How much was spent.
	 * @return the amount
	 */
	public BigDecimal used() {
		return this.used;
	}

	/**
	 * How much the calls under way may spend.
	 * @return the amount
	 */
	public BigDecimal reserved() {
		return this.reserved;
	}

	/**
	 * How much this call may cost.
	 * @return the amount
	 */
	public BigDecimal needed() {
		return this.needed;
	}

	/**
	 * When there is room again.
	 * @return the instant, {@code null} for never
	 */
	public @Nullable Instant resetsAt() {
		return this.resetsAt;
	}

	/**
	 * How a budget stands, in US dollars.
	 *
	 * @param limit how much may be spent
	 * @param used how much was spent
	 * @param reserved how much the calls under way may spend
	 * @param needed how much the call that was refused may cost
	 */
	public record Amounts(BigDecimal limit, BigDecimal used, BigDecimal reserved, BigDecimal needed) {

	}

}
