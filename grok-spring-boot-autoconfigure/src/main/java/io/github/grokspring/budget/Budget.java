package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.List;

import io.github.grokspring.chain.Ticks;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A spending limit.
 *
 * @param name the name
 * @param limit the limit per window in ticks, where 10^10 ticks are one US dollar
 * @param window the period after which the budget resets
 * @param zone the time zone of the windows
 * @param scope the dimension that the limit applies to
 * @param warnAt the percentages of the limit that publish an event, in ascending order
 * @param onExceeded the behavior for a call that exceeds the limit
 * @param downgradeModel the model to use instead, or {@code null} unless calls are
 * downgraded
 * @param downgradeAt the percentage of the limit, spent and reserved, from which calls
 * are downgraded; the rest is left for the cheaper model
 * @since 0.1.0
 */
public record Budget(String name, long limit, BudgetWindow window, ZoneId zone, BudgetScope scope, List<Integer> warnAt,
		OnExceeded onExceeded, @Nullable String downgradeModel, int downgradeAt) {

	/**
	 * Default percentage from which calls are downgraded.
	 */
	public static final int DEFAULT_DOWNGRADE_AT = 80;

	/**
	 * Creates a budget. Percentages are sorted and duplicates removed.
	 */
	public Budget {
		Assert.hasText(name, "'name' must not be empty");
		Assert.isTrue(limit > 0, "'limit' must be more than 0");
		Assert.isTrue((onExceeded == OnExceeded.DOWNGRADE) == (downgradeModel != null),
				"'downgradeModel' must be set when calls are downgraded, and only then");
		Assert.isTrue(downgradeAt >= 1 && downgradeAt <= 100, "'downgradeAt' must be from 1 to 100");
		warnAt = warnAt.stream().sorted().distinct().toList();
	}

	/**
	 * Creates a budget with {@link #DEFAULT_DOWNGRADE_AT}.
	 * @param name the name
	 * @param limit the limit per window in ticks
	 * @param window the period after which the budget resets
	 * @param zone the time zone of the windows
	 * @param scope the dimension that the limit applies to
	 * @param warnAt the percentages of the limit that publish an event
	 * @param onExceeded the behavior for a call that exceeds the limit
	 * @param downgradeModel the model to use instead, or {@code null} unless calls are
	 * downgraded
	 */
	public Budget(String name, long limit, BudgetWindow window, ZoneId zone, BudgetScope scope, List<Integer> warnAt,
			OnExceeded onExceeded, @Nullable String downgradeModel) {
		this(name, limit, window, zone, scope, warnAt, onExceeded, downgradeModel, DEFAULT_DOWNGRADE_AT);
	}

	/**
	 * Creates a budget for all calls together, in UTC, that rejects calls at the limit.
	 * @param name the name
	 * @param limit the limit per window in US dollars
	 * @param window the period after which the budget resets
	 * @return the budget
	 */
	public static Budget of(String name, BigDecimal limit, BudgetWindow window) {
		return new Budget(name, ticks(limit), window, ZoneId.of("UTC"), BudgetScope.ALL, List.of(80), OnExceeded.FAIL,
				null);
	}

	/**
	 * Converts US dollars to ticks.
	 * @param usd the amount in US dollars, with at most ten decimals
	 * @return the amount in ticks
	 * @throws ArithmeticException if there are more decimals or the amount overflows
	 */
	public static long ticks(BigDecimal usd) {
		return Ticks.fromUsd(usd);
	}

	long threshold(int percent) {
		return BigDecimal.valueOf(this.limit)
			.multiply(BigDecimal.valueOf(percent))
			.movePointLeft(2)
			.setScale(0, RoundingMode.CEILING)
			.longValueExact();
	}

}
