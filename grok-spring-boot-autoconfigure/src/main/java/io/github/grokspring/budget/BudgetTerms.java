package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How money is reserved.
 *
 * @param ceiling how many US dollars are reserved at most for what nothing limits, that
 * is for thinking and for an answer without a limit of tokens; {@code null} for
 * {@link #STANDARD_CEILING} or, where that is less, a tenth of the smallest limit
 * @param lease after which time a reservation is given back that nobody has settled;
 * longer than any call takes
 * @since 0.1.0
 */
public record BudgetTerms(@Nullable BigDecimal ceiling, Duration lease) {

	/**
	 * The terms that apply when nothing is said.
	 */
	public static final BudgetTerms STANDARD = new BudgetTerms(null, Duration.ofHours(1));

	/**
	 * The ceiling that applies when none is set, if no limit is small.
	 */
	public static final BigDecimal STANDARD_CEILING = new BigDecimal("0.10");

	private static final int SHARE_OF_LIMIT = 10;

	/**
	 * Create terms.
	 */
	public BudgetTerms {
		Assert.isTrue(!lease.isNegative() && !lease.isZero(), "'lease' must be longer than 0");
	}

	/**
	 * The ceiling in ticks.
	 * @param smallestLimit the smallest limit of all budgets
	 */
	long ceilingTicks(long smallestLimit) {
		return (this.ceiling != null) ? Budget.ticks(this.ceiling)
				: Math.min(Budget.ticks(STANDARD_CEILING), smallestLimit / SHARE_OF_LIMIT);
	}

}
