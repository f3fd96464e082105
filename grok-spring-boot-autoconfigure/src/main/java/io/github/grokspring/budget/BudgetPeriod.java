package io.github.grokspring.budget;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One particular hour, day or month, or all time. Begins and ends at a full second.
 *
 * @param window what it is one of
 * @param start when it began, the epoch for all time
 * @param end when the next one begins, {@code null} for never
 * @since 0.1.0
 */
public record BudgetPeriod(BudgetWindow window, Instant start, @Nullable Instant end) {

	static final BudgetPeriod ALWAYS = new BudgetPeriod(BudgetWindow.TOTAL, Instant.EPOCH, null);

	/**
	 * Whether an instant lies in this period.
	 * @param instant the instant
	 * @return whether it does
	 */
	public boolean contains(Instant instant) {
		return !instant.isBefore(this.start) && (this.end == null || instant.isBefore(this.end));
	}

	/**
	 * Whether the period is over.
	 * @param now the time
	 * @return whether it is
	 */
	public boolean isOver(Instant now) {
		return this.end != null && !now.isBefore(this.end);
	}

}
