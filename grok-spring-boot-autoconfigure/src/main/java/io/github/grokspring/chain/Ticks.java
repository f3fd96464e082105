package io.github.grokspring.chain;

import java.math.BigDecimal;

/**
 * Arithmetic with non-negative amounts in ticks, the unit in which xAI reports costs:
 * 10^10 ticks are one US dollar. Results saturate at {@link Long#MAX_VALUE}, about 922
 * million US dollars.
 *
 * @since 0.1.0
 */
public final class Ticks {

	/**
	 * Ticks of one US dollar.
	 */
	public static final long PER_USD = 10_000_000_000L;

	static final int SCALE = 10;

	private static final int THOUSAND = 1000;

	private Ticks() {
	}

	/**
	 * Adds two amounts.
	 * @param first an amount
	 * @param second another amount
	 * @return the sum, at most {@link Long#MAX_VALUE}
	 */
	public static long plus(long first, long second) {
		long sum = first + second;
		return (sum >= 0) ? sum : Long.MAX_VALUE;
	}

	/**
	 * Multiplies an amount.
	 * @param amount the amount
	 * @param factor the factor, not negative
	 * @return the product, at most {@link Long#MAX_VALUE}
	 */
	public static long times(long amount, long factor) {
		if (amount == 0 || factor == 0) {
			return 0;
		}
		return (Math.multiplyHigh(amount, factor) == 0 && amount * factor >= 0) ? amount * factor : Long.MAX_VALUE;
	}

	/**
	 * Returns a share of an amount, rounded half up. A saturated amount stays saturated.
	 * @param amount the amount
	 * @param thousandths the share in thousandths, at most a few thousands
	 * @return the share
	 */
	public static long share(long amount, int thousandths) {
		if (thousandths == THOUSAND || amount == Long.MAX_VALUE) {
			return amount;
		}
		long rest = (amount % THOUSAND) * thousandths;
		return plus(times(amount / THOUSAND, thousandths), (rest + THOUSAND / 2) / THOUSAND);
	}

	/**
	 * Converts an amount to US dollars.
	 * @param ticks the amount
	 * @return the exact amount in US dollars, with ten decimals
	 */
	public static BigDecimal toUsd(long ticks) {
		return BigDecimal.valueOf(ticks, SCALE);
	}

	/**
	 * Converts an amount to US dollars, as the value of a meter.
	 * @param ticks the amount
	 * @return the approximate amount in US dollars
	 */
	public static double toApproximateUsd(double ticks) {
		return ticks / PER_USD;
	}

	/**
	 * Converts an amount from US dollars.
	 * @param usd the amount in US dollars, with at most ten decimals
	 * @return the amount in ticks
	 * @throws ArithmeticException if there are more decimals or the amount is too large
	 */
	public static long fromUsd(BigDecimal usd) {
		return usd.movePointRight(SCALE).longValueExact();
	}

}
