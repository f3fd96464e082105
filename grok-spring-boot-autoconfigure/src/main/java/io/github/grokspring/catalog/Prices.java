package io.github.grokspring.catalog;

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
