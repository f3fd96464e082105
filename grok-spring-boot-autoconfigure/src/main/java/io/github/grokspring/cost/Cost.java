package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.util.Locale;

import io.github.grokspring.chain.Ticks;

/**
 * Cost of a response, in ticks. One US dollar is 10^10 ticks.
 *
 * @param ticks the effective amount
 * @param source the source of the amount
 * @param tableTicks the amount according to the price table, or -1 if unknown
 * @param estimated whether the price of the model is unknown and the highest known price
 * of its family is used instead
 * @since 0.1.0
 */
public record Cost(long ticks, Source source, long tableTicks, boolean estimated) {

	/**
	 * Number of ticks in one US dollar.
	 */
	public static final long TICKS_PER_USD = Ticks.PER_USD;

	/**
	 * Cost of a response whose price is unknown.
	 */
	public static final Cost NONE = new Cost(0, Source.NONE, -1);

	/**
	 * Creates a new {@code Cost} instance.
	 * @throws IllegalArgumentException if the amount is negative
	 */
	public Cost {
		if (ticks < 0) {
			throw new IllegalArgumentException("'ticks' must not be negative");
		}
	}

	/**
	 * Creates a cost that is not estimated.
	 * @param ticks the effective amount
	 * @param source the source of the amount
	 * @param tableTicks the amount according to the price table, or -1 if unknown
	 */
	public Cost(long ticks, Source source, long tableTicks) {
		this(ticks, source, tableTicks, false);
	}

	/**
	 * Creates a cost based on the price of another model.
	 * @param ticks the amount
	 * @return the cost
	 */
	public static Cost estimated(long ticks) {
		return new Cost(ticks, Source.TABLE, -1, true);
	}

	/**
	 * Creates a cost based on the price table.
	 * @param ticks the amount
	 * @return the cost
	 */
	public static Cost table(long ticks) {
		return new Cost(ticks, Source.TABLE, ticks);
	}

	/**
	 * Creates a cost reported by xAI.
	 * @param ticks the reported amount
	 * @param tableTicks the amount according to the price table, or -1 if unknown
	 * @return the cost
	 */
	public static Cost reported(long ticks, long tableTicks) {
		return new Cost(ticks, Source.REPORTED, tableTicks);
	}

	/**
	 * Returns the amount in US dollars.
	 * @return the exact amount, with ten decimals
	 */
	public BigDecimal usd() {
		return Ticks.toUsd(this.ticks);
	}

	/**
	 * Sources of an amount.
	 */
	public enum Source {

		/**
		 * Reported by xAI with the response.
		 */
		REPORTED,

		/**
		 * Calculated from tokens and the price table.
		 */
		TABLE,

		/**
		 * None, because the price is unknown.
		 */
		NONE;

		private final String id = name().toLowerCase(Locale.ROOT);

		/**
		 * Returns the value of the {@code source} tag.
		 * @return the name in lower case
		 */
		public String id() {
			return this.id;
		}

	}

}
