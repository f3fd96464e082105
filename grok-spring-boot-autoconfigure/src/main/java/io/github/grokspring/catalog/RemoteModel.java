package io.github.grokspring.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.Prices.TokenPrices;
import org.jspecify.annotations.Nullable;

/**
 * Model in xAI's list of language models. Missing values are {@code null}.
 *
 * @param efforts the reasoning efforts, empty if the parameter is refused
 * @param prompt the price of a prompt token in ticks
 * @param longContextThreshold the number of tokens of a long prompt, 0 if there is no
 * such tier
 */
record RemoteModel(String id, @Nullable Set<String> aliases, @Nullable Instant created, @Nullable Integer contextWindow,
		@Nullable Set<String> inputModalities, @Nullable Set<String> outputModalities, @Nullable List<String> efforts,
		@Nullable String defaultEffort, @Nullable Long prompt, @Nullable Long cachedPrompt, @Nullable Long promptImage,
		@Nullable Long completion, @Nullable Integer longContextThreshold, @Nullable Long longPrompt,
		@Nullable Long longCachedPrompt, @Nullable Long longCompletion) {

	/**
	 * Returns the capabilities with the listed values applied.
	 * @param known the known capabilities
	 */
	ModelCapabilities applyTo(ModelCapabilities known) {
		ModelCapabilities capabilities = known;
		if (this.contextWindow != null) {
			capabilities = capabilities.withContextWindow(this.contextWindow);
		}
		capabilities = capabilities.withModalities(
				(this.inputModalities != null) ? this.inputModalities : capabilities.inputModalities(),
				(this.outputModalities != null) ? this.outputModalities : capabilities.outputModalities());
		if (this.efforts != null) {
			capabilities = capabilities.withEfforts(this.efforts);
			capabilities = (this.defaultEffort != null) ? capabilities.withDefaultEffort(this.defaultEffort)
					: capabilities;
		}
		return capabilities;
	}

	/**
	 * Returns the listed prices.
	 * @param known the known prices, or {@code null} if there are none
	 * @param now the time from which the listed prices apply if there are known ones
	 * @return the prices, or {@code null} if the list has none
	 */
	@Nullable Prices applyTo(@Nullable Prices known, Instant now) {
		Long input = this.prompt;
		Long output = this.completion;
		// No text is free; a zero means that the price is not given.
		if (input == null || output == null || input == 0 || output == 0) {
			return null;
		}
		Prices before = (known != null) ? known : Prices.UNKNOWN;
		long ifMissing = (before.tokens() != null) ? before.tokens().cachedInput() : input;
		TokenPrices tokens = new TokenPrices(input, price(this.cachedPrompt, ifMissing, input),
				price(this.promptImage, input, input), output);
		int threshold = (this.longContextThreshold != null) ? this.longContextThreshold : before.longContextThreshold();
		TokenPrices longContext = (threshold > 0) ? longContext(tokens, before.longContext()) : null;
		return new Prices((known != null) ? now : null, tokens, (longContext != null) ? threshold : 0, longContext,
				before.batchPercent(), before.units());
	}

	private @Nullable TokenPrices longContext(TokenPrices normal, @Nullable TokenPrices before) {
		if (this.longPrompt == null && this.longCachedPrompt == null && this.longCompletion == null) {
			return before;
		}
		long prompt = price(this.longPrompt, normal.input(), normal.input());
		return new TokenPrices(prompt, price(this.longCachedPrompt, normal.cachedInput(), normal.cachedInput()),
				(normal.imageInput() == normal.input()) ? prompt : normal.imageInput(),
				price(this.longCompletion, normal.output(), normal.output()));
	}

	private static long price(@Nullable Long listed, long ifMissing, long ifZero) {
		if (listed == null) {
			return ifMissing;
		}
		return (listed != 0) ? listed : ifZero;
	}

}
