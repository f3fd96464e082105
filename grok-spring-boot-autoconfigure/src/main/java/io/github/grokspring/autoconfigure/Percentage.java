package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;

/**
 * Parses percentages, for example {@code 1%} and {@code 0.5 %}.
 */
final class Percentage {

	private static final int MAX_LENGTH = 12;

	private Percentage() {
	}

	/**
	 * Parses a percentage.
	 * @param property the name of the property
	 * @param text the value, with or without the percent sign
	 * @return the number of percent
	 * @throws GrokConfigurationException if it is not a percentage
	 */
	static BigDecimal of(String property, String text) {
		String number = (text.endsWith("%") ? text.substring(0, text.length() - 1) : text).strip();
		if (number.length() > MAX_LENGTH || !number.matches("\\d+(\\.\\d+)?")) {
			throw new GrokConfigurationException(property, "is '" + text + "' but must be a percentage",
					"Set the property to a number with a percent sign, for example 1% or 0.5%, or remove it.");
		}
		return new BigDecimal(number);
	}

}
