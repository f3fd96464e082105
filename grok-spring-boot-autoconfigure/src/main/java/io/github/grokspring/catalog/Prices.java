package io.github.grokspring.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a model costs from some day on. Amounts are in ticks, of which 10^10 are one US
 * dollar; a price of 12,500 ticks per token is 1.25 dollars per million tokens, and the
 * number that {@code GET /v1/language-models} gives.
 *
 * @param from since when these prices hold, {@code null} for always
 * @param tokens prices per token, or {@code null} if the model is not billed by tokens
 * @param longContextThreshold the number of prompt tokens from which all tokens of a
 * request have the long-context price, 0 if there is no such tier
 * @param longContext prices per token of the long-context tier, if there is one
 * @param batchPercent what a batch costs, in percent of these prices; 100 if there is no
 * discount
 * @param units prices of what is not tokens, such as images, by name
 * @since 0.1.0
 */
public record Prices(@Nullable Instant from, @Nullable TokenPrices tokens, int longContextThreshold,
		@Nullable TokenPrices longContext, int batchPercent, Map<String, Long> units) {

	/**
	 * Prices of which nothing is known.
	 */
	static final Prices UNKNOWN = new Prices(null, null, 0, null, 100, Map.of());

	/**
	 * A dollar per token is no price, it is a mistake.
	 */
	static final long MOST_TICKS_PER_TOKEN = 10_000_000_000L;

	private static final BigDecimal MOST_PER_MILLION = new BigDecimal(1_000_000);

	private static final int PLACES = 4;

	/**
	 * Create prices. The units are copied.
	 */
	public Prices {
		units = Map.copyOf(units);
	}

	/**
	 * The prices per token of a request.
	 * @param promptTokens how many tokens its prompt has, cached ones included
	 * @return the prices, or {@code null} if the model is not billed by tokens
	 */
	public @Nullable TokenPrices forPrompt(long promptTokens) {
		return (this.longContext != null && this.longContextThreshold > 0 && promptTokens >= this.longContextThreshold)
				? this.longContext : this.tokens;
	}

	/**
	 * The price of a token when a million of them costs an amount.
	 * @param usdPerMillion how many US dollars a million tokens cost
	 * @return ticks per token
	 * @throws IllegalArgumentException if that is no whole number of ticks, negative, or
	 * more than a dollar per token
	 */
	public static long ticksPerToken(BigDecimal usdPerMillion) {
		if (usdPerMillion.signum() < 0 || usdPerMillion.compareTo(MOST_PER_MILLION) > 0) {
			throw new IllegalArgumentException("is not between 0 and " + MOST_PER_MILLION.toPlainString());
		}
		if (usdPerMillion.signum() != 0 && usdPerMillion.stripTrailingZeros().scale() > PLACES) {
			throw new IllegalArgumentException("has more than " + PLACES
					+ " decimal places, but prices are whole ticks per token, and a tick per token is 0.0001 dollars per million");
		}
		return usdPerMillion.movePointRight(PLACES).longValueExact();
	}

	Prices from(@Nullable Instant from) {
		return new Prices(from, this.tokens, this.longContextThreshold, this.longContext, this.batchPercent,
				this.units);
	}

	boolean sameAmounts(Prices other) {
		return from(null).equals(other.from(null));
	}

	/**
	 * Prices per token, in ticks.
	 *
	 * @param input a token of the prompt
	 * @param cachedInput a token of the prompt that xAI still had in its cache
	 * @param imageInput a token of an image in the prompt
	 * @param output a token of the answer, reasoning included
	 */
	public record TokenPrices(long input, long cachedInput, long imageInput, long output) {

	}

}
