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
 * What an application knows better about a model than the catalogue, or knows about one
 * that is not in it. What is {@code null} stays as it is.
 *
 * @param aliases further names the model goes by, in addition to those it has
 * @param contextWindow how many tokens prompt and answer may have together
 * @param price what it costs, and has cost
 * @param refusedParameters what it answers with an error, in the spelling of the request;
 * replaces what the catalogue says, of what is without effect as well
 * @param reasoningEfforts the values of {@code reasoning_effort} it accepts, the least
 * first; empty when it refuses the parameter
 * @param defaultReasoningEffort the value that applies when none is sent
 * @param knowledgeCutoff the month in which its training data ends
 * @param regions the regional hosts that serve it, such as {@code us} for
 * {@code us.api.x.ai}
 * @param returnsEncryptedReasoning whether the Responses API returns its reasoning
 * encrypted, although the request does not include it
 * @since 0.1.0
 */
public record ModelOverride(Set<String> aliases, @Nullable Integer contextWindow, @Nullable Price price,
		@Nullable Set<String> refusedParameters, @Nullable List<String> reasoningEfforts,
		@Nullable String defaultReasoningEffort, @Nullable YearMonth knowledgeCutoff, @Nullable Set<String> regions,
		@Nullable Boolean returnsEncryptedReasoning) {

	/**
	 * Create an override. Collections are copied.
	 */
	public ModelOverride {
		aliases = Set.copyOf(aliases);
		refusedParameters = (refusedParameters != null) ? Set.copyOf(refusedParameters) : null;
		reasoningEfforts = (reasoningEfforts != null) ? List.copyOf(reasoningEfforts) : null;
		regions = (regions != null) ? Set.copyOf(regions) : null;
	}

	/**
	 * Create an override that says nothing about training data, regional hosts and
	 * encrypted reasoning.
	 * @param aliases further names the model goes by, in addition to those it has
	 * @param contextWindow how many tokens prompt and answer may have together
	 * @param price what it costs, and has cost
	 * @param refusedParameters what it answers with an error
	 * @param reasoningEfforts the values of {@code reasoning_effort} it accepts
	 * @param defaultReasoningEffort the value that applies when none is sent
	 */
	public ModelOverride(Set<String> aliases, @Nullable Integer contextWindow, @Nullable Price price,
			@Nullable Set<String> refusedParameters, @Nullable List<String> reasoningEfforts,
			@Nullable String defaultReasoningEffort) {
		this(aliases, contextWindow, price, refusedParameters, reasoningEfforts, defaultReasoningEffort, null, null,
				null);
	}

	GrokModel applyTo(GrokModel model) {
		ModelCapabilities facts = applyTo(ModelCapabilities.of(model));
		Set<String> names = new HashSet<>(model.aliases());
		names.addAll(this.aliases);
		names.remove(model.id());
		return new GrokModel(model.id(), names, model.known(), model.status(), model.released(), model.checked(),
				facts.knowledgeCutoff(), facts.contextWindow(), facts.inputModalities(), facts.outputModalities(),
				facts.endpoints(), facts.regions(), facts.reasoning(), facts.reasoningEfforts(),
				facts.defaultReasoningEffort(), facts.returnsEncryptedReasoning(), facts.refusedParameters(),
				facts.ignoredParameters(), (this.price != null) ? this.price.applyTo(model.prices()) : model.prices(),
				model.retirement());
	}

	private ModelCapabilities applyTo(ModelCapabilities given) {
		ModelCapabilities facts = given;
		if (this.contextWindow != null) {
			facts = facts.withContextWindow(this.contextWindow);
		}
		if (this.reasoningEfforts != null) {
			facts = facts.withEfforts(this.reasoningEfforts);
		}
		if (this.refusedParameters != null) {
			facts = facts.withRefused(this.refusedParameters);
		}
		if (this.defaultReasoningEffort != null) {
			facts = facts.withDefaultEffort(this.defaultReasoningEffort);
		}
		if (this.knowledgeCutoff != null) {
			facts = facts.withKnowledgeCutoff(this.knowledgeCutoff);
		}
		if (this.regions != null) {
			facts = facts.withRegions(this.regions);
		}
		if (this.returnsEncryptedReasoning != null) {
			facts = facts.withEncryptedReasoning(this.returnsEncryptedReasoning);
		}
		return facts;
	}

	/**
	 * Prices per token, in ticks. What is {@code null} stays as it is; what has never
	 * been anything is the price without discount or surcharge.
	 *
	 * @param input a token of the prompt
	 * @param cachedInput a token of the prompt that xAI still had in its cache
	 * @param output a token of the answer, reasoning included
	 * @param longContextThreshold the number of prompt tokens from which all tokens of a
	 * request have the long-context price, 0 if there is no such tier
	 * @param longContextInput a token of a long prompt
	 * @param longContextCachedInput a cached token of a long prompt
	 * @param longContextOutput a token of the answer to a long prompt
	 * @param units what is not tokens, such as an image, by its name
	 */
	public record Price(@Nullable Long input, @Nullable Long cachedInput, @Nullable Long output,
			@Nullable Integer longContextThreshold, @Nullable Long longContextInput,
			@Nullable Long longContextCachedInput, @Nullable Long longContextOutput, Map<String, Long> units) {

		/**
		 * Create prices. The units are copied.
		 */
		public Price {
			units = Map.copyOf(units);
		}

		/**
		 * Create prices of tokens only.
		 * @param input a token of the prompt
		 * @param cachedInput a token of the prompt that xAI still had in its cache
		 * @param output a token of the answer, reasoning included
		 * @param longContextThreshold the number of prompt tokens from which a prompt is
		 * long, 0 if there is no such tier
		 * @param longContextInput a token of a long prompt
		 * @param longContextCachedInput a cached token of a long prompt
		 * @param longContextOutput a token of the answer to a long prompt
		 */
		public Price(@Nullable Long input, @Nullable Long cachedInput, @Nullable Long output,
				@Nullable Integer longContextThreshold, @Nullable Long longContextInput,
				@Nullable Long longContextCachedInput, @Nullable Long longContextOutput) {
			this(input, cachedInput, output, longContextThreshold, longContextInput, longContextCachedInput,
					longContextOutput, Map.of());
		}

		boolean namesTokens() {
			return this.input != null || this.cachedInput != null || this.output != null
					|| this.longContextThreshold != null || namesLongContext();
		}

		boolean namesLongContext() {
			return this.longContextInput != null || this.longContextCachedInput != null
					|| this.longContextOutput != null;
		}

		List<Prices> applyTo(List<Prices> history) {
			List<Prices> changed = new ArrayList<>();
			for (Prices prices : history) {
				Prices next = applyTo(prices);
				if (!changed.isEmpty() && changed.get(changed.size() - 1).sameAmounts(next)) {
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
			if (threshold > 0 && (namesLongContext() || prices.longContext() != null)) {
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
