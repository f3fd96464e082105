package io.github.grokspring.actuate;

import java.math.BigDecimal;

/**
 * Amounts of money as they are shown: decimal numbers of US dollars, in texts because
 * readers of JSON make floating point of numbers.
 */
final class UsdFormat {

	private static final int PLACES_OF_A_TICK = 10;

	private static final int PLACES_OF_A_TICK_PER_TOKEN = 4;

	private UsdFormat() {
	}

	static String of(long ticks) {
		return plain(BigDecimal.valueOf(ticks, PLACES_OF_A_TICK));
	}

	/**
	 * A price per million tokens.
	 * @param ticksPerToken what a token costs
	 */
	static String perMillion(long ticksPerToken) {
		return plain(BigDecimal.valueOf(ticksPerToken, PLACES_OF_A_TICK_PER_TOKEN));
	}

	private static String plain(BigDecimal usd) {
		BigDecimal stripped = usd.stripTrailingZeros();
		return ((stripped.scale() < 2) ? stripped.setScale(2) : stripped).toPlainString();
	}

}
