package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A limit of money.
 *
 * @param name what it is called
 * @param limit how much may be spent in a window, in ticks, of which 10^10 are one US
 * dollar
 * @param window how long it lasts until it begins anew
 * @param zone where the clock hangs that tells windows
 * @param scope what has a limit of its own within it
 * @param warnAt at which percentages of the limit an event says so, in ascending order
 * @param onExceeded what happens to a call for which there is no room
 * @param downgradeModel the model that is asked instead, {@code null} unless calls are
 * downgraded
 * @param downgradeAt at which percentage of the limit, spent and reserved, calls are
 * downgraded; the rest is left for the cheaper model
 * @since 0.1.0
 */
public record Budget(String name, long limit, BudgetWindow window, ZoneId zone, BudgetScope scope, List<Integer> warnAt,
		OnExceeded onExceeded, @Nullable String downgradeModel, int downgradeAt) {

	/**
	 * At which percentage calls are downgraded when nothing is said.
	 */
	public static final int DEFAULT_DOWNGRADE_AT = 80;

	/**
	 * How many decimals of a US dollar a tick is.
	 */
	static final int SCALE = 10;

	/**
	 * Create a budget. Percentages are sorted, and what is there twice is left out.
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
	 * Create a budget that downgrades, if it does, at {@link #DEFAULT_DOWNGRADE_AT}
	 * percent.
	 * @param name what it is called
	 * @param limit how much may be spent in a window, in ticks
	 * @param window how long it lasts until it begins anew
	 * @param zone where the clock hangs that tells windows
	 * @param scope what has a limit of its own within it
	 * @param warnAt at which percentages of the limit an event says so
	 * @param onExceeded what happens to a call for which there is no room
	 * @param downgradeModel the model that is asked instead, {@code null} unless calls
	 * are downgraded
	 */
	public Budget(String name, long limit, BudgetWindow window, ZoneId zone, BudgetScope scope, List<Integer> warnAt,
			OnExceeded onExceeded, @Nullable String downgradeModel) {
		this(name, limit, window, zone, scope, warnAt, onExceeded, downgradeModel, DEFAULT_DOWNGRADE_AT);
	}

	/**
	 * A budget that refuses what it has no room for, in UTC and for all calls together.
	 * @param name what it is called
	 * @param limit how much may be spent in a window, in US dollars
	 * @param window how long it lasts until it begins anew
	 * @return the budget
	 */
	public static Budget of(String name, BigDecimal limit, BudgetWindow window) {
		return new Budget(name, ticks(limit), window, ZoneId.of("UTC"), BudgetScope.ALL, List.of(80), OnExceeded.FAIL,
				null);
	}

	/**
	 * An amount in ticks.
	 * @param usd the amount in US dollars, with at most ten decimals
	 * @return the same in ticks
	 * @throws ArithmeticException if there are more decimals, or it is too much
	 */
	public static long ticks(BigDecimal usd) {
		return usd.movePointRight(SCALE).longValueExact();
	}

	/**
	 * An amount in US dollars.
	 * @param ticks the amount in ticks
	 * @return the exact amount, with ten decimals
	 */
	static BigDecimal usd(long ticks) {
		return BigDecimal.valueOf(ticks, SCALE);
	}

	/**
	 * The amount at which a percentage of the limit is reached.
	 */
	long threshold(int percent) {
		return BigDecimal.valueOf(this.limit)
			.multiply(BigDecimal.valueOf(percent))
			.movePointLeft(2)
			.setScale(0, RoundingMode.CEILING)
			.longValueExact();
	}

}
