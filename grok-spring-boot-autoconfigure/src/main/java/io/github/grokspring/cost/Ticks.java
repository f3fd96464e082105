package io.github.grokspring.cost;

/**
 * Arithmetic with amounts that are never negative and stop at {@link Long#MAX_VALUE},
 * which is some 922 million dollars.
 */
final class Ticks {

	private static final int THOUSAND = 1000;

	private Ticks() {
	}

	static long plus(long first, long second) {
		long sum = first + second;
		return (sum >= 0) ? sum : Long.MAX_VALUE;
	}

	static long times(long amount, long factor) {
		if (amount == 0 || factor == 0) {
			return 0;
		}
		return (Math.multiplyHigh(amount, factor) == 0 && amount * factor >= 0) ? amount * factor : Long.MAX_VALUE;
	}

	/**
	 * A share of an amount, rounded to the nearest tick, half a tick up. An amount that
	 * has stopped at the largest stays there.
	 * @param amount the amount
	 * @param thousandths the share, 1000 for the whole; at most a few thousands
	 */
	static long share(long amount, int thousandths) {
		if (thousandths == THOUSAND || amount == Long.MAX_VALUE) {
			return amount;
		}
		long rest = (amount % THOUSAND) * thousandths;
		return plus(times(amount / THOUSAND, thousandths), (rest + THOUSAND / 2) / THOUSAND);
	}

}
