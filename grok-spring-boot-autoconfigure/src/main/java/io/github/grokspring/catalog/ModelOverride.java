package io.github.grokspring.catalog;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.Prices.TokenPrices;
import org.jspecify.annotations.Nullable;

/**
 * Override of catalog values of a model, or definition of a model that is not in the
 * catalog. {@code null} leaves a value unchanged.
 *
 * @param aliases additional aliases
 * @param contextWindow the maximum number of tokens of prompt and response together
 * @param price the prices, which also apply to the past
 * @param refusedParameters the request parameters that are answered with an error;
 * replaces both the refused and the ignored parameters of the catalog
 * @param reasoningEfforts the accepted values of {@code reasoning_effort}, lowest first;
 * empty if the parameter is refused
 * @param defaultReasoningEffort the effort of requests without one
 * @param knowledgeCutoff the month in which the training data ends
 * @param regions the regional hosts that serve the model besides {@code api.x.ai}
 * @param returnsEncryptedReasoning whether the Responses API returns encrypted reasoning
 * without being asked for it
 * @since 0.1.0
 */
public record ModelOverride(Set<String> aliases, @Nullable Integer contextWindow, @Nullable Price price,
		@Nullable Set<String> refusedParameters, @Nullable List<String> reasoningEfforts,
		@Nullable String defaultReasoningEffort, @Nullable YearMonth knowledgeCutoff, @Nullable Set<String> regions,
		@Nullable Boolean returnsEncryptedReasoning) {

	/**
	 * Creates an override. Collections are copied.
	 */
	public ModelOverride {
		aliases = Set.copyOf(aliases);
		refusedParameters = (refusedParameters != null) ? Set.copyOf(refusedParameters) : null;
		reasoningEfforts = (reasoningEfforts != null) ? List.copyOf(reasoningEfforts) : null;
		regions = (regions != null) ? Set.copyOf(regions) : null;
	}

	/**
	 * Creates an override without training data, regional hosts and encrypted reasoning.
	 * @param aliases additional aliases
	 * @param contextWindow the maximum number of tokens of prompt and response together
	 * @param price the prices, which also apply to the past
	 * @param refusedParameters the request parameters that are answered with an error
	 * @param reasoningEfforts the accepted values of {@code reasoning_effort}, lowest
	 * first
	 * @param defaultReasoningEffort the effort of requests without one
	 */
	public ModelOverride(Set<String> aliases, @Nullable Integer contextWindow, @Nullable Price price,
			@Nullable Set<String> refusedParameters, @Nullable List<String> reasoningEfforts,
			@Nullable String defaultReasoningEffort) {
		this(aliases, contextWindow, price, refusedParameters, reasoningEfforts, defaultReasoningEffort, null, null,
				null);
	}

	GrokModel applyTo(GrokModel model) {
		ModelCapabilities capabilities = applyTo(ModelCapabilities.of(model));
		Set<String> names = new HashSet<>(model.aliases());
		names.addAll(this.aliases);
		names.remove(model.id());
		return new GrokModel(model.id(), names, model.known(), model.status(), model.released(), model.checked(),
				capabilities.knowledgeCutoff(), capabilities.contextWindow(), capabilities.inputModalities(),
				capabilities.outputModalities(), capabilities.endpoints(), capabilities.regions(),
				capabilities.reasoning(), capabilities.reasoningEfforts(), capabilities.defaultReasoningEffort(),
				capabilities.returnsEncryptedReasoning(), capabilities.refusedParameters(),
				capabilities.ignoredParameters(),
				(this.price != null) ? this.price.applyTo(model.prices()) : model.prices(), model.retirement());
	}

	private ModelCapabilities applyTo(ModelCapabilities given) {
		ModelCapabilities capabilities = given;
		if (this.contextWindow != null) {
			capabilities = capabilities.withContextWindow(this.contextWindow);
		}
		if (this.reasoningEfforts != null) {
			capabilities = capabilities.withEfforts(this.reasoningEfforts);
		}
		if (this.refusedParameters != null) {
			capabilities = capabilities.withRefused(this.refusedParameters);
		}
		if (this.defaultReasoningEffort != null) {
			capabilities = capabilities.withDefaultEffort(this.defaultReasoningEffort);
		}
		if (this.knowledgeCutoff != null) {
			capabilities = capabilities.withKnowledgeCutoff(this.knowledgeCutoff);
		}
		if (this.regions != null) {
			capabilities = capabilities.withRegions(this.regions);
		}
		if (this.returnsEncryptedReasoning != null) {
			capabilities = capabilities.withEncryptedReasoning(this.returnsEncryptedReasoning);
		}
		return capabilities;
	}

	/**
	 * Override of prices per token, in ticks. {@code null} leaves a price unchanged; if
	 * there is none, the price without discount or surcharge applies.
	 *
	 * @param input the price of a prompt token
	 * @param cachedInput the price of a cached prompt token
	 * @param output the price of a response token, including reasoning
	 * @param longContextThreshold the number of prompt tokens from which all tokens of a
	 * request have the long-context price, 0 if there is no such tier
	 * @param longContextInput the price of a token of a long prompt
	 * @param longContextCachedInput the price of a cached token of a long prompt
	 * @param longContextOutput the price of a token of the response to a long prompt
	 * @param units the prices of other units, such as images, by name
	 */
	public record Price(@Nullable Long input, @Nullable Long cachedInput, @Nullable Long output,
			@Nullable Integer longContextThreshold, @Nullable Long longContextInput,
			@Nullable Long longContextCachedInput, @Nullable Long longContextOutput, Map<String, Long> units) {

		/**
		 * Creates prices. The units are copied.
		 */
		public Price {
			units = Map.copyOf(units);
		}

		/**
		 * Creates prices of tokens only.
		 * @param input the price of a prompt token
		 * @param cachedInput the price of a cached prompt token
		 * @param output the price of a response token, including reasoning
		 * @param longContextThreshold the number of prompt tokens from which all tokens
		 * of a request have the long-context price, 0 if there is no such tier
		 * @param longContextInput the price of a token of a long prompt
		 * @param longContextCachedInput the price of a cached token of a long prompt
		 * @param longContextOutput the price of a token of the response to a long prompt
		 */
		public Price(@Nullable Long input, @Nullable Long cachedInput, @Nullable Long output,
				@Nullable Integer longContextThreshold, @Nullable Long longContextInput,
				@Nullable Long longContextCachedInput, @Nullable Long longContextOutput) {
			this(input, cachedInput, output, longContextThreshold, longContextInput, longContextCachedInput,
					longContextOutput, Map.of());
		}

		boolean hasTokenPrices() {
			return this.input != null || this.cachedInput != null || this.output != null
					|| this.longContextThreshold != null || hasLongContextPrices();
		}

		boolean hasLongContextPrices() {
			return this.longContextInput != null || this.longContextCachedInput != null
					|| this.longContextOutput != null;
		}

		List<Prices> applyTo(List<Prices> history) {
			List<Prices> changed = new ArrayList<>();
			for (Prices prices : history) {
				Prices next = applyTo(prices);
				if (!changed.isEmpty() && changed.get(changed.size() - 1).hasSameAmounts(next)) {
					changed.remove(changed.size() - 1);
				}
				changed.add(next);
			}
			return changed.isEmpty() ? List.of(applyTo(Prices.UNKNOWN)) : changed;
		}

		private Prices applyTo(Prices prices) {
			TokenPrices tokens = tokens(prices.tokens(), this.input, this.cachedInput, this.output);
			int threshold = (this.longContextThreshold != null) ? this.longContextThreshold
					: prices.longContextThreshold();
			TokenPrices longContext = null;
			if (threshold > 0 && (hasLongContextPrices() || prices.longContext() != null)) {
				longContext = tokens((prices.longContext() != null) ? prices.longContext() : tokens,
						this.longContextInput, this.longContextCachedInput, this.longContextOutput);
			}
			Map<String, Long> units = new HashMap<>(prices.units());
			units.putAll(this.units);
			return new Prices(prices.from(), tokens, (longContext != null) ? threshold : 0, longContext,
					prices.batchPercent(), units);
		}

		private static @Nullable TokenPrices tokens(@Nullable TokenPrices known, @Nullable Long input,
				@Nullable Long cachedInput, @Nullable Long output) {
			if (known == null) {
				return (input == null || output == null) ? null
						: new TokenPrices(input, (cachedInput != null) ? cachedInput : input, input, output);
			}
			long prompt = (input != null) ? input : known.input();
			return new TokenPrices(prompt, (cachedInput != null) ? cachedInput : known.cachedInput(),
					(known.imageInput() == known.input()) ? prompt : known.imageInput(),
					(output != null) ? output : known.output());
		}

	}

}
