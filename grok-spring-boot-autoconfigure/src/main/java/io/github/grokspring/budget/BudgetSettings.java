package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Settings for reservations.
 *
 * @param ceiling the maximum amount reserved for a call with unlimited output, in US
 * dollars, or {@code null} for 10 % of each limit
 * @param lease the time after which an unsettled reservation counts as spent; must be
 * longer than any call
 * @since 0.1.0
 */
public record BudgetSettings(@Nullable BigDecimal ceiling, Duration lease) {

	/**
	 * Default settings.
	 */
	public static final BudgetSettings DEFAULTS = new BudgetSettings(null, Duration.ofHours(1));

	private static final int DEFAULT_LIMIT_DIVISOR = 10;

	/**
	 * Creates settings.
	 */
	public BudgetSettings {
		Assert.isTrue(!lease.isNegative() && !lease.isZero(), "'lease' must be longer than 0");
	}

	long ceilingTicks(long limit) {
		return (this.ceiling != null) ? Budget.ticks(this.ceiling) : Math.max(1, limit / DEFAULT_LIMIT_DIVISOR);
	}

}
