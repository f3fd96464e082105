package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a budget stands in its current window. Amounts in ticks have their twins in US
 * dollars.
 *
 * @param budget the name of the budget
 * @param scope what has a limit of its own within the budget
 * @param scopeValue the name of the client, the model or the tenant, or {@code all}
 * @param limitTicks how much may be spent
 * @param usedTicks how much was spent
 * @param reservedTicks how much the calls under way may spend
 * @param windowStart when the window began, {@code null} if there is no window
 * @param resetsAt when the next one begins, {@code null} for never
 * @param exhausted whether there is no more room: everything is spent, or so little is
 * left that a call of usual size does not fit though no other is under way
 * @since 0.1.0
 */
public record BudgetStatus(String budget, BudgetScope scope, String scopeValue, long limitTicks, long usedTicks,
		long reservedTicks, @Nullable Instant windowStart, @Nullable Instant resetsAt, boolean exhausted) {

	/**
	 * How much is neither spent nor reserved.
	 * @return the amount in ticks, 0 when more is
	 */
	public long remainingTicks() {
		return Math.max(0, this.limitTicks - this.usedTicks - this.reservedTicks);
	}

	/**
	 * How much may be spent.
	 * @return the amount in US dollars
	 */
	public BigDecimal limit() {
		return Budget.usd(this.limitTicks);
	}

	/**
	 * How much was spent.
	 * @return the amount in US dollars
	 */
	public BigDecimal used() {
		return Budget.usd(this.usedTicks);
	}

	/**
	 * How much the calls under way may spend.
	 * @return the amount in US dollars
	 */
	public BigDecimal reserved() {
		return Budget.usd(this.reservedTicks);
	}

	/**
	 * How much is neither spent nor reserved.
	 * @return the amount in US dollars, 0 when more is
	 */
	public BigDecimal remaining() {
		return Budget.usd(remainingTicks());
	}

}
