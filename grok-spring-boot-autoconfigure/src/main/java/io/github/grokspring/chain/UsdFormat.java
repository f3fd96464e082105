package io.github.grokspring.chain;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Formats amounts in US dollars as plain decimal numbers with at least two decimals and
 * without a currency symbol.
 *
 * @since 0.1.0
 */
public final class UsdFormat {

	private static final int MIN_DECIMALS = 2;

	/** A tick per token is 10^-4 US dollars per million tokens. */
	private static final int SCALE_PER_MILLION = Ticks.SCALE - 6;

	private UsdFormat() {
	}

	/**
	 * Formats an exact amount.
	 * @param ticks the amount in ticks
	 * @return the amount in US dollars
	 */
	public static String format(long ticks) {
		return format(Ticks.toUsd(ticks));
	}

	/**
	 * Formats a rounded amount.
	 * @param ticks the amount in ticks
	 * @param maxDecimals the number of decimals to round to, half up
	 * @return the amount in US dollars
	 */
	public static String format(long ticks, int maxDecimals) {
		return format(Ticks.toUsd(ticks).setScale(maxDecimals, RoundingMode.HALF_UP));
	}

	/**
	 * Formats a price per million tokens.
	 * @param ticksPerToken the price in ticks per token
	 * @return the price in US dollars per million tokens
	 */
	public static String formatPerMillion(long ticksPerToken) {
		return format(BigDecimal.valueOf(ticksPerToken, SCALE_PER_MILLION));
	}

	/**
	 * Formats an exact amount.
	 * @param usd the amount in US dollars
	 * @return the amount without trailing zeros
	 */
	public static String format(BigDecimal usd) {
		BigDecimal stripped = usd.stripTrailingZeros();
		return stripped.setScale(Math.max(MIN_DECIMALS, stripped.scale())).toPlainString();
	}

}
