package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.util.Locale;

import io.github.grokspring.chain.Ticks;

/**
 * What one answer costs. Amounts are in ticks, of which 10^10 are one US dollar.
 *
 * @param ticks the amount that counts
 * @param source where the amount comes from
 * @param tableTicks what the answer costs by the table of prices, -1 when the table does
 * not say
 * @param estimated whether the price of the model is not known, and the highest known one
 * of its family counts instead
 * @since 0.1.0
 */
public record Cost(long ticks, Source source, long tableTicks, boolean estimated) {

	/**
	 * Ticks of one US dollar.
	 */
	public static final long TICKS_PER_USD = Ticks.PER_USD;

	/**
	 * An answer whose price is not known.
	 */
	public static final Cost NONE = new Cost(0, Source.NONE, -1);

	/**
	 * Create a cost, which is never negative.
	 */
	public Cost {
		if (ticks < 0) {
			throw new IllegalArgumentException("'ticks' must not be negative");
		}
	}

	/**
	 * Create a cost by a price that is known, or a cost that is not known.
	 * @param ticks the amount that counts
	 * @param source where the amount comes from
	 * @param tableTicks what the answer costs by the table of prices, -1 when the table
	 * does not say
	 */
	public Cost(long ticks, Source source, long tableTicks) {
		this(ticks, source, tableTicks, false);
	}

	/**
	 * A cost by the price of another model, because that of the model is not known.
	 * @param ticks the amount
	 * @return the cost
	 */
	public static Cost estimated(long ticks) {
		return new Cost(ticks, Source.TABLE, -1, true);
	}

	/**
	 * A cost by the table of prices.
	 * @param ticks the amount
	 * @return the cost
	 */
	public static Cost table(long ticks) {
		return new Cost(ticks, Source.TABLE, ticks);
	}

	/**
	 * A cost that xAI reported.
	 * @param ticks the amount
	 * @param tableTicks what the table says, -1 when it does not say
	 * @return the cost
	 */
	public static Cost reported(long ticks, long tableTicks) {
		return new Cost(ticks, Source.REPORTED, tableTicks);
	}

	/**
	 * The amount in US dollars.
	 * @return the exact amount, with ten decimals
	 */
	public BigDecimal usd() {
		return Ticks.toUsd(this.ticks);
	}

	/**
	 * Where an amount comes from.
	 */
	public enum Source {

		/**
		 * From xAI, with the answer.
		 */
		REPORTED,

		/**
		 * From the tokens of the answer and the table of prices.
		 */
		TABLE,

		/**
		 * From nowhere: the price is not known.
		 */
		NONE;

		private final String id = name().toLowerCase(Locale.ROOT);

		/**
		 * The value of the tag {@code source}.
		 * @return the name in lower case
		 */
		public String id() {
			return this.id;
		}

	}

}
