package io.github.grokspring.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Prices of a model from a point in time on. Amounts are in ticks, 10^10 of which are one
 * US dollar. 12,500 ticks per token are 1.25 dollars per million tokens and the value in
 * {@code GET /v1/language-models}.
 *
 * @param from the time from which these prices apply, or {@code null} if there are no
 * older ones
 * @param tokens the prices per token, or {@code null} if the model is not billed by
 * tokens
 * @param longContextThreshold the number of prompt tokens from which all tokens of a
 * request have the long-context price, 0 if there is no such tier
 * @param longContext the prices per token of the long-context tier, or {@code null}
 * @param batchPercent the price of a batch in percent of these prices, 100 without a
 * discount
 * @param units the prices of other units, such as images, by name
 * @since 0.1.0
 */
public record Prices(@Nullable Instant from, @Nullable TokenPrices tokens, int longContextThreshold,
		@Nullable TokenPrices longContext, int batchPercent, Map<String, Long> units) {

	/** Unknown prices. */
	static final Prices UNKNOWN = new Prices(null, null, 0, null, 100, Map.of());

	/** Upper bound for plausible prices: one dollar per token. */
	static final long MAX_TICKS_PER_TOKEN = 10_000_000_000L;

	private static final BigDecimal MAX_PER_MILLION = new BigDecimal(1_000_000);

	private static final int MAX_DECIMAL_PLACES = 4;

	/**
	 * Creates prices. The units are copied.
	 */
	public Prices {
		units = Map.copyOf(units);
	}

	/**
	 * Returns the prices per token of a request.
	 * @param promptTokens the number of prompt tokens, including cached ones
	 * @return the prices, or {@code null} if the model is not billed by tokens
	 */
	public @Nullable TokenPrices forPrompt(long promptTokens) {
		return (this.longContext != null && this.longContextThreshold > 0 && promptTokens >= this.longContextThreshold)
				? this.longContext : this.tokens;
	}

	/**
	 * Converts a price per million tokens.
	 * @param usdPerMillion the price of a million tokens in US dollars
	 * @return the price in ticks per token
	 * @throws IllegalArgumentException if the price is negative, not a whole number of
	 * ticks, or more than a dollar per token
	 */
	public static long ticksPerToken(BigDecimal usdPerMillion) {
		if (usdPerMillion.signum() < 0 || usdPerMillion.compareTo(MAX_PER_MILLION) > 0) {
			throw new IllegalArgumentException("is not between 0 and " + MAX_PER_MILLION.toPlainString());
		}
		if (usdPerMillion.signum() != 0 && usdPerMillion.stripTrailingZeros().scale() > MAX_DECIMAL_PLACES) {
			throw new IllegalArgumentException("has more than " + MAX_DECIMAL_PLACES
					+ " decimal places, but prices are whole ticks per token, and a tick per token is 0.0001 dollars per million");
		}
		return usdPerMillion.movePointRight(MAX_DECIMAL_PLACES).longValueExact();
	}

	Prices withFrom(@Nullable Instant from) {
		return new Prices(from, this.tokens, this.longContextThreshold, this.longContext, this.batchPercent,
				this.units);
	}

	boolean hasSameAmounts(Prices other) {
		return withFrom(null).equals(other.withFrom(null));
	}

	/**
	 * Prices per token, in ticks.
	 *
	 * @param input the price of a prompt token
	 * @param cachedInput the price of a cached prompt token
	 * @param imageInput the price of a token of an image in the prompt
	 * @param output the price of a response token, including reasoning
	 */
	public record TokenPrices(long input, long cachedInput, long imageInput, long output) {

	}

}
