package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How money is reserved.
 *
 * @param ceiling how many US dollars are reserved at most for a call of which nothing
 * limits how much it thinks or writes, {@code null} for a tenth of each limit
 * @param lease after which time a reservation that nobody has settled counts as spent;
 * longer than any call takes
 * @since 0.1.0
 */
public record BudgetSettings(@Nullable BigDecimal ceiling, Duration lease) {

	/**
	 * The terms that apply when nothing is said.
	 */
	public static final BudgetSettings DEFAULTS = new BudgetSettings(null, Duration.ofHours(1));

	private static final int DEFAULT_LIMIT_DIVISOR = 10;

	/**
	 * Create terms.
	 */
	public BudgetSettings {
		Assert.isTrue(!lease.isNegative() && !lease.isZero(), "'lease' must be longer than 0");
	}

	/**
	 * The ceiling in ticks.
	 * @param limit the limit of the budget it is for
	 */
	long ceilingTicks(long limit) {
		return (this.ceiling != null) ? Budget.ticks(this.ceiling) : Math.max(1, limit / DEFAULT_LIMIT_DIVISOR);
	}

}
