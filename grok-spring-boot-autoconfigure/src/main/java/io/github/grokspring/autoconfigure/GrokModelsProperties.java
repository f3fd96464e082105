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
 * Properties of models, for what the application knows better than the catalogue.
 *
 * @param models Models that the catalogue does not know or that differ from what it says,
 * by id in brackets
 */
@ConfigurationProperties("grok")
record GrokModelsProperties(@DefaultValue Map<String, Model> models) {

	/**
	 * What the catalogue is to be changed by.
	 * @return the changes, by id
	 */
	Map<String, ModelOverride> overrides() {
		Map<String, ModelOverride> overrides = new LinkedHashMap<>();
		this.models.forEach((id, model) -> overrides.put(id, model.override()));
		return overrides;
	}

	/**
	 * What is said about one model. An empty list says nothing.
	 *
	 * @param aliases Comma-separated list of further names it goes by
	 * @param contextWindow How many tokens prompt and answer may have together
	 * @param price What it costs
	 * @param unsupportedParameters Comma-separated list of parameters it refuses, in
	 * place of what the catalogue says
	 * @param reasoningEfforts Comma-separated list of reasoning efforts it accepts
	 * @param reasoningEffortDefault Reasoning effort that applies when none is sent
	 * @param knowledgeCutoff Month in which its training data ends, such as 2026-05.
	 * @param regions Comma-separated list of regional hosts that serve it, such as us for
	 * us.api.x.ai.
	 * @param returnsEncryptedReasoning Whether it returns encrypted reasoning although
	 * the request does not include it.
	 */
	record Model(@DefaultValue List<String> aliases, @Nullable Integer contextWindow, @Nullable Price price,
			@DefaultValue List<String> unsupportedParameters, @DefaultValue List<ReasoningEffort> reasoningEfforts,
			@Nullable ReasoningEffort reasoningEffortDefault, @Nullable YearMonth knowledgeCutoff,
			@DefaultValue List<String> regions, @Nullable Boolean returnsEncryptedReasoning) {

		Model {
			if (contextWindow != null && contextWindow < 1) {
				throw new GrokConfigurationException("context-window",
						"is " + contextWindow + " but must be at least 1",
						"Write how many tokens prompt and answer may have together, or remove the property.");
			}
			requireNames("aliases", aliases, "Write names of the model, or remove the property.");
			requireNames("regions", regions, "Write regions such as us, or remove the property.");
			requireNames("unsupported-parameters", unsupportedParameters,
					"Write parameters as xAI spells them, such as presence_penalty, or remove the property.");
		}

		private static void requireNames(String property, List<String> names, String action) {
			if (names.stream().anyMatch(String::isBlank)) {
				throw new GrokConfigurationException(property, "contains an empty name", action);
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

		/** Whether written as a request, a property or Java spells it. */
		private static String wireName(String parameter) {
			return parameter.strip().replace('-', '_').replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Prices of a model, in US dollars per million tokens.
	 *
	 * @param input Price of the prompt, in US dollars per million tokens, as are all
	 * prices
	 * @param cachedInput Price of the part of the prompt that xAI still had in its cache
	 * @param output Price of the answer, reasoning included
	 * @param longContextInput Price of a long prompt
	 * @param longContextCachedInput Price of the cached part of a long prompt
	 * @param longContextOutput Price of the answer to a long prompt
	 * @param longContextThreshold Number of prompt tokens from which the prices of a long
	 * prompt hold; 0 for never
	 * @param units Prices of what is not tokens, such as an image, in US dollars each, by
	 * unit.
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
						"Write the number of prompt tokens from which a prompt is long, or 0 if none is.");
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
						"Write US dollars for one unit, such as 0.04.");
			}
			return usd.movePointRight(TICKS_OF_A_DOLLAR).longValueExact();
		}

		private static @Nullable Long ticks(String property, @Nullable BigDecimal usdPerMillion) {
			try {
				return (usdPerMillion != null) ? Prices.ticksPerToken(usdPerMillion) : null;
			}
			catch (IllegalArgumentException ex) {
				throw new GrokConfigurationException(property, "is " + usdPerMillion + ", which " + ex.getMessage(),
						"Write US dollars per million tokens, such as 1.25.");
			}
		}

	}

}
