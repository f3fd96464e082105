package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;

/**
 * Reads percentages such as {@code 1%} and {@code 0.5 %}.
 */
final class Percentage {

	private static final int LONGEST = 12;

	private Percentage() {
	}

	/**
	 * Read a percentage.
	 * @param property the name of the property it is the value of
	 * @param text the text, with or without the sign
	 * @return how many percent
	 * @throws GrokConfigurationException if it is none
	 */
	static BigDecimal of(String property, String text) {
		String number = (text.endsWith("%") ? text.substring(0, text.length() - 1) : text).strip();
		if (number.length() > LONGEST || !number.matches("\\d+(\\.\\d+)?")) {
			throw new GrokConfigurationException(property, "is '" + text + "' but must be a percentage",
					"Write a number with a percent sign, such as 1% or 0.5%, or remove the property.");
		}
		return new BigDecimal(number);
	}

}
