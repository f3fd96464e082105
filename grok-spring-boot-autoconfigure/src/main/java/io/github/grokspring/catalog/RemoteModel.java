package io.github.grokspring.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.Prices.TokenPrices;
import org.jspecify.annotations.Nullable;

/**
 * What xAI says about a model in its list of language models. What it does not say is
 * {@code null}.
 *
 * @param efforts the reasoning efforts, empty if the parameter is refused
 * @param prompt what a token of the prompt costs, in ticks; {@code null} if the list has
 * no prices
 * @param longContextThreshold 0 if there is no such tier
 */
record RemoteModel(String id, @Nullable Set<String> aliases, @Nullable Instant created, @Nullable Integer contextWindow,
		@Nullable Set<String> inputModalities, @Nullable Set<String> outputModalities, @Nullable List<String> efforts,
		@Nullable String defaultEffort, @Nullable Long prompt, @Nullable Long cachedPrompt, @Nullable Long promptImage,
		@Nullable Long completion, @Nullable Integer longContextThreshold, @Nullable Long longPrompt,
		@Nullable Long longCachedPrompt, @Nullable Long longCompletion) {

	/**
	 * What is known of a model, together with what is listed.
	 * @param known what is known
	 * @return the facts
	 */
	ModelCapabilities over(ModelCapabilities known) {
		ModelCapabilities facts = known;
		if (this.contextWindow != null) {
			facts = facts.withContextWindow(this.contextWindow);
		}
		facts = facts.withModalities((this.inputModalities != null) ? this.inputModalities : facts.inputModalities(),
				(this.outputModalities != null) ? this.outputModalities : facts.outputModalities());
		if (this.efforts != null) {
			facts = facts.withEfforts(this.efforts);
			facts = (this.defaultEffort != null) ? facts.withDefaultEffort(this.defaultEffort) : facts;
		}
		return facts;
	}

	/**
	 * What a model costs according to the list.
	 * @param known what it is known to cost, {@code null} if nothing is
	 * @param now since when that holds if it is not what is known
	 * @return the prices, or {@code null} if there are none in the list
	 */
	@Nullable Prices over(@Nullable Prices known, Instant now) {
		Long input = this.prompt;
		Long output = this.completion;
		// No text is free; zeros stand where a price was left open
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
