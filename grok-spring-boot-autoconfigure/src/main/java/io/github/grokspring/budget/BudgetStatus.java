package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Instant;

import io.github.grokspring.chain.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Status of a budget in its current window. Amounts are available in ticks and in US
 * dollars.
 *
 * @param budget the name of the budget
 * @param scope the dimension that the limit applies to
 * @param scopeValue the name of the client, model or tenant, or {@code all}
 * @param limitTicks the limit
 * @param usedTicks the used amount
 * @param reservedTicks the amount reserved for calls in progress
 * @param windowStart the start of the window, or {@code null} without a window
 * @param resetsAt the start of the next window, or {@code null} for never
 * @param exhausted whether the limit is spent, or so little is left that a call of
 * average size is rejected even without concurrent calls
 * @since 0.1.0
 */
public record BudgetStatus(String budget, BudgetScope scope, String scopeValue, long limitTicks, long usedTicks,
		long reservedTicks, @Nullable Instant windowStart, @Nullable Instant resetsAt, boolean exhausted) {

	/**
	 * Returns the amount that is neither used nor reserved.
	 * @return the amount in ticks, at least 0
	 */
	public long remainingTicks() {
		return Math.max(0, this.limitTicks - this.usedTicks - this.reservedTicks);
	}

	/**
	 * Returns the limit.
	 * @return the amount in US dollars
	 */
	public BigDecimal limit() {
		return Ticks.toUsd(this.limitTicks);
	}

	/**
	 * Returns the used amount.
	 * @return the amount in US dollars
	 */
	public BigDecimal used() {
		return Ticks.toUsd(this.usedTicks);
	}

	/**
	 * Returns the amount reserved for calls in progress.
	 * @return the amount in US dollars
	 */
	public BigDecimal reserved() {
		return Ticks.toUsd(this.reservedTicks);
	}

	/**
	 * Returns the amount that is neither used nor reserved.
	 * @return the amount in US dollars, at least 0
	 */
	public BigDecimal remaining() {
		return Ticks.toUsd(remainingTicks());
	}

}
