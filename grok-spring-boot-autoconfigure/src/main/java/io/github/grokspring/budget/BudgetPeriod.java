package io.github.grokspring.budget;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A specific hour, day or month, or all time. Starts and ends at a full second.
 *
 * @param window the type of the period
 * @param start the start, the epoch for all time
 * @param end the start of the next period, or {@code null} for never
 * @since 0.1.0
 */
public record BudgetPeriod(BudgetWindow window, Instant start, @Nullable Instant end) {

	static final BudgetPeriod ALWAYS = new BudgetPeriod(BudgetWindow.TOTAL, Instant.EPOCH, null);

	/**
	 * Returns whether an instant is within this period.
	 * @param instant the instant
	 * @return {@code true} if it is
	 */
	public boolean contains(Instant instant) {
		return !instant.isBefore(this.start) && (this.end == null || instant.isBefore(this.end));
	}

	/**
	 * Returns whether the period has ended.
	 * @param now the current time
	 * @return {@code true} if it has
	 */
	public boolean isOver(Instant now) {
		return this.end != null && !now.isBefore(this.end);
	}

}
