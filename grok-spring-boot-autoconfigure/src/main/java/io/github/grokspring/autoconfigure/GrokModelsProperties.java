package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.autoconfigure.GrokChatProperties.ReasoningEffort;
import io.github.grokspring.catalog.ModelOverride;
import io.github.grokspring.catalog.Prices;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of models, to add them to the catalog or to override its entries.
 *
 * @param models Models to add to the catalog or to override in it, by id in brackets.
 */
@ConfigurationProperties("grok")
record GrokModelsProperties(@DefaultValue Map<String, Model> models) {

	/**
	 * Returns the overrides for the catalog.
	 * @return the overrides, by id
	 */
	Map<String, ModelOverride> overrides() {
		Map<String, ModelOverride> overrides = new LinkedHashMap<>();
		this.models.forEach((id, model) -> overrides.put(id, model.override()));
		return overrides;
	}

	/**
	 * Properties of a model. Empty lists override nothing.
	 *
	 * @param aliases Comma-separated list of additional names of the model.
	 * @param contextWindow Size of the context window, in tokens. Includes the prompt and
	 * the response.
	 * @param price Prices of the model.
	 * @param unsupportedParameters Comma-separated list of parameters that the model
	 * rejects. Replaces the list of the catalog.
	 * @param reasoningEfforts Comma-separated list of reasoning efforts that the model
	 * accepts.
	 * @param reasoningEffortDefault Reasoning effort that the model uses when a request
	 * does not set one.
	 * @param knowledgeCutoff Month in which the training data ends, for example 2026-05.
	 * @param regions Comma-separated list of regional hosts that serve the model, for
	 * example us for us.api.x.ai.
	 * @param returnsEncryptedReasoning Whether the model returns encrypted reasoning even
	 * when the request does not include it.
	 */
	record Model(@DefaultValue List<String> aliases, @Nullable Integer contextWindow, @Nullable Price price,
			@DefaultValue List<String> unsupportedParameters, @DefaultValue List<ReasoningEffort> reasoningEfforts,
			@Nullable ReasoningEffort reasoningEffortDefault, @Nullable YearMonth knowledgeCutoff,
			@DefaultValue List<String> regions, @Nullable Boolean returnsEncryptedReasoning) {

		Model {
			if (contextWindow != null && contextWindow < 1) {
				throw new GrokConfigurationException("context-window",
						"is " + contextWindow + " but must be at least 1",
						"Set the property to the size of the context window in tokens, or remove it.");
			}
			requireNames("aliases", aliases, "Set the property to names of the model, or remove it.");
			requireNames("regions", regions, "Set the property to regions, for example us, or remove it.");
			requireNames("unsupported-parameters", unsupportedParameters,
					"Set the property to parameters as xAI spells them, for example presence_penalty, or remove it.");
		}

		private static void requireNames(String property, List<String> names, String action) {
			if (names.stream().anyMatch(String::isBlank)) {
				throw new GrokConfigurationException(property, "contains an empty entry", action);
			}
		}

		ModelOverride override() {
			Set<String> names = stripped(this.aliases);
			Set<String> refused = new LinkedHashSet<>();
			this.unsupportedParameters.forEach((parameter) -> refused.add(wireName(parameter)));
			List<String> efforts = this.reasoningEfforts.stream().sorted().distinct().map(Model::wireName).toList();
			return new ModelOverride(names, this.contextWindow, (this.price != null) ? this.price.override() : null,
					refused.isEmpty() ? null : refused, efforts.isEmpty() ? null : efforts,
					(this.reasoningEffortDefault != null) ? wireName(this.reasoningEffortDefault) : null,
					this.knowledgeCutoff, this.regions.isEmpty() ? null : stripped(this.regions),
					this.returnsEncryptedReasoning);
		}

		private static Set<String> stripped(List<String> names) {
			Set<String> stripped = new LinkedHashSet<>();
			names.forEach((name) -> stripped.add(name.strip()));
			return stripped;
		}

		private static String wireName(ReasoningEffort effort) {
			return effort.name().toLowerCase(Locale.ROOT);
		}

		// Accepts snake case, kebab case and camel case
		private static String wireName(String parameter) {
			return parameter.strip().replace('-', '_').replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Prices of a model, in US dollars per million tokens.
	 *
	 * @param input Price of prompt tokens, in US dollars per million tokens.
	 * @param cachedInput Price of cached prompt tokens, in US dollars per million tokens.
	 * @param output Price of output tokens, including reasoning tokens, in US dollars per
	 * million tokens.
	 * @param longContextInput Price of the tokens of a long prompt, in US dollars per
	 * million tokens.
	 * @param longContextCachedInput Price of the cached tokens of a long prompt, in US
	 * dollars per million tokens.
	 * @param longContextOutput Price of the output tokens of a request with a long
	 * prompt, in US dollars per million tokens.
	 * @param longContextThreshold Number of prompt tokens from which the long-context
	 * prices apply. Zero to never apply them.
	 * @param units Prices of other billed units, for example images, in US dollars per
	 * unit, by name of the unit.
	 */
	record Price(@Nullable BigDecimal input, @Nullable BigDecimal cachedInput, @Nullable BigDecimal output,
			@Nullable BigDecimal longContextInput, @Nullable BigDecimal longContextCachedInput,
			@Nullable BigDecimal longContextOutput, @Nullable Integer longContextThreshold,
			@DefaultValue Map<String, BigDecimal> units) {

		private static final int TICKS_OF_A_DOLLAR = 10;

		private static final BigDecimal MAX_UNIT_PRICE = new BigDecimal(1000);

		Price {
			units.forEach(Price::unitTicks);
			ticks("input", input);
			ticks("cached-input", cachedInput);
			ticks("output", output);
			ticks("long-context-input", longContextInput);
			ticks("long-context-cached-input", longContextCachedInput);
			ticks("long-context-output", longContextOutput);
			if (longContextThreshold != null && longContextThreshold < 0) {
				throw new GrokConfigurationException("long-context-threshold",
						"is " + longContextThreshold + " but must be at least 0",
						"Set the property to the number of prompt tokens from which a prompt is long, or to 0 if none is.");
			}
		}

		private ModelOverride.Price override() {
			Map<String, Long> units = new HashMap<>();
			this.units.forEach((unit, usd) -> units.put(unit, unitTicks(unit, usd)));
			return new ModelOverride.Price(ticks("input", this.input), ticks("cached-input", this.cachedInput),
					ticks("output", this.output), this.longContextThreshold,
					ticks("long-context-input", this.longContextInput),
					ticks("long-context-cached-input", this.longContextCachedInput),
					ticks("long-context-output", this.longContextOutput), units);
		}

		private static long unitTicks(String unit, BigDecimal usd) {
			if (usd.signum() < 0 || usd.compareTo(MAX_UNIT_PRICE) > 0
					|| (usd.signum() != 0 && usd.stripTrailingZeros().scale() > TICKS_OF_A_DOLLAR)) {
				throw new GrokConfigurationException("units." + unit,
						"is " + usd.toPlainString() + " but must be between 0 and " + MAX_UNIT_PRICE.toPlainString()
								+ ", with at most " + TICKS_OF_A_DOLLAR + " decimal places",
						"Set the property to an amount in US dollars per unit, for example 0.04.");
			}
			return usd.movePointRight(TICKS_OF_A_DOLLAR).longValueExact();
		}

		private static @Nullable Long ticks(String property, @Nullable BigDecimal usdPerMillion) {
			try {
				return (usdPerMillion != null) ? Prices.ticksPerToken(usdPerMillion) : null;
			}
			catch (IllegalArgumentException ex) {
				throw new GrokConfigurationException(property, "is " + usdPerMillion + ", which " + ex.getMessage(),
						"Set the property to an amount in US dollars per million tokens, for example 1.25.");
			}
		}

	}

}
