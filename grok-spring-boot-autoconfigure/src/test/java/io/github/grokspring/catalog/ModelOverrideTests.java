package io.github.grokspring.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelOverride.Price;
import io.github.grokspring.catalog.Prices.TokenPrices;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ModelOverride}.
 */
class ModelOverrideTests {

	private static final Instant TODAY = Instant.parse("2026-11-20T00:00:00Z");

	private final ModelCatalog bundled = ModelCatalog.bundled();

	@Test
	void onlySetValuesChange() {
		GrokModel before = this.bundled.get("grok-4.3");
		GrokModel model = catalog("grok-4.3", price(input(10_000L))).get("grok-4.3");
		assertThat(model.pricesAt(TODAY).tokens()).isEqualTo(new TokenPrices(10_000, 2000, 10_000, 25_000));
		assertThat(model.pricesAt(TODAY).longContext()).isEqualTo(before.pricesAt(TODAY).longContext());
		assertThat(model.pricesAt(TODAY).batchPercent()).isEqualTo(80);
		assertThat(ModelCapabilities.of(model)).isEqualTo(ModelCapabilities.of(before));
		assertThat(model.aliases()).isEqualTo(before.aliases());
		assertThat(model.checked()).isEqualTo(before.checked());
	}

	@Test
	void otherModelsStayAsTheyAre() {
		ModelCatalog catalog = catalog("grok-4.6", price(input(1L)));
		assertThat(catalog.models()).hasSameSizeAs(this.bundled.models());
		assertThat(catalog.models()).filteredOn((model) -> !model.id().equals("grok-4.6"))
			.allSatisfy((model) -> assertThat(model).isEqualTo(this.bundled.get(model.id())));
	}

	@Test
	void priceOverrideAppliesToPast() {
		GrokModel model = catalog("grok-4.5", price(new Price(1L, 2L, 3L, 100, 4L, 5L, 6L))).get("grok-4.5");
		for (Instant when : List.of(Instant.EPOCH, TODAY)) {
			assertThat(model.pricesAt(when).forPrompt(99)).isEqualTo(new TokenPrices(1, 2, 1, 3));
			assertThat(model.pricesAt(when).forPrompt(100)).isEqualTo(new TokenPrices(4, 5, 4, 6));
		}
		assertThat(model.prices()).hasSize(1);
		assertThat(catalog("grok-4.5", price(input(1L))).get("grok-4.5").prices()).hasSize(2);
	}

	@Test
	void priceOverrideAppliesToRedirectedModels() {
		ModelCatalog catalog = catalog("grok-4.3", price(input(7L)));
		assertThat(catalog.get("grok-4").pricesAt(TODAY).tokens().input()).isEqualTo(7);
		assertThat(catalog.get("grok-4").pricesAt(Instant.EPOCH).tokens().input()).isEqualTo(30_000);
	}

	@Test
	void zeroThresholdRemovesLongContextPrice() {
		Prices prices = catalog("grok-4.7", price(new Price(null, null, null, 0, null, null, null))).get("grok-4.7")
			.pricesAt(TODAY);
		assertThat(prices.longContext()).isNull();
		assertThat(prices.longContextThreshold()).isZero();
		assertThat(prices.forPrompt(400_000).input()).isEqualTo(20_000);
	}

	@Test
	void unknownIdAddsModelWithDefaultsOfItsFamily() {
		ModelOverride override = new ModelOverride(Set.of("newest"), 2_000_000,
				new Price(30_000L, null, 90_000L, 200_000, 60_000L, null, null), null, null, null);
		ModelCatalog catalog = catalog("grok-5", override);
		GrokModel model = catalog.find("grok-5");
		assertThat(model).isNotNull().isSameAs(catalog.find("newest"));
		assertThat(model.known()).isTrue();
		assertThat(model.status()).isEqualTo(Status.CURRENT);
		assertThat(model.checked()).isNull();
		assertThat(model.contextWindow()).isEqualTo(2_000_000);
		assertThat(model.refusedParameters()).isEqualTo(this.bundled.get("grok-5").refusedParameters());
		assertThat(model.pricesAt(TODAY).forPrompt(1)).isEqualTo(new TokenPrices(30_000, 30_000, 30_000, 90_000));
		assertThat(model.pricesAt(TODAY).forPrompt(200_000)).isEqualTo(new TokenPrices(60_000, 30_000, 60_000, 90_000));
		assertThat(catalog.models()).hasSize(this.bundled.models().size() + 1);
		assertThat(catalog.get("grok-6")).isEqualTo(this.bundled.get("grok-6"));
		assertThat(catalog.similar("grok5")).startsWith("grok-5");
	}

	@Test
	void addedModelNeedsNoPrice() {
		GrokModel model = catalog("house-model", new ModelOverride(Set.of(), 1000, null, null, null, null))
			.find("house-model");
		assertThat(model.prices()).isEmpty();
		assertThat(model.contextWindow()).isEqualTo(1000);
		assertThat(model.refuses("stop")).isFalse();
	}

	@Test
	void modelCanBeOverriddenByAlias() {
		ModelCatalog catalog = catalog("grok-4.3-latest", price(input(7L)));
		assertThat(catalog.get("grok-4.3").pricesAt(TODAY).tokens().input()).isEqualTo(7);
		assertThat(catalog.models()).hasSameSizeAs(this.bundled.models());
	}

	@Test
	void addedAliasIsRemovedFromOtherModels() {
		ModelCatalog catalog = catalog("grok-4.3",
				new ModelOverride(Set.of("grok-build-latest"), null, null, null, null, null));
		assertThat(catalog.find("grok-build-latest").id()).isEqualTo("grok-4.3");
		assertThat(catalog.find("grok-4.3").aliases()).contains("grok-build-latest", "grok-4.3-latest");
		assertThat(catalog.find("grok-4.5").aliases()).containsExactly("grok-4.5-latest");
	}

	@Test
	void refusedParametersReplaceThoseOfCatalog() {
		GrokModel model = catalog("grok-4.7",
				new ModelOverride(Set.of(), null, null, Set.of("seed", "logprobs"), null, null))
			.get("grok-4.7");
		assertThat(model.refusedParameters()).containsExactlyInAnyOrder("seed", "logprobs");
		assertThat(model.ignores("logprobs")).isFalse();
		assertThat(model.ignores("top_logprobs")).isFalse();
		assertThat(model.reasoningEfforts()).isNotEmpty();
	}

	@Test
	void modelThatRefusesParameterHasNoEfforts() {
		GrokModel model = catalog("grok-4.3",
				new ModelOverride(Set.of(), null, null, Set.of("reasoning_effort"), null, null))
			.get("grok-4.3");
		assertThat(model.reasoningEfforts()).isEmpty();
		assertThat(model.defaultReasoningEffort()).isNull();
		assertThat(model.thinks(null)).isTrue();
	}

	@Test
	void modelWithEffortsAcceptsParameter() {
		GrokModel model = catalog("grok-4.20",
				new ModelOverride(Set.of(), null, null, null, List.of("none", "high"), "none"))
			.get("grok-4.20");
		assertThat(model.refuses("reasoning_effort")).isFalse();
		assertThat(model.reasoningEfforts()).containsExactly("none", "high");
		assertThat(model.reasoning()).isEqualTo(Reasoning.CONFIGURABLE);
		assertThat(model.thinks(null)).isFalse();
		assertThat(model.thinks("high")).isTrue();
	}

	@Test
	void defaultEffortIsRemovedIfNoLongerAccepted() {
		GrokModel model = catalog("grok-4.3", new ModelOverride(Set.of(), null, null, null, List.of("high"), null))
			.get("grok-4.3");
		assertThat(model.defaultReasoningEffort()).isNull();
		assertThat(model.reasoning()).isEqualTo(Reasoning.ALWAYS);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-5,             1, ,  , , price.output,                 has no price
			grok-5,              , , 1, , price.input,                  has no price
			grok-5,              , 1, , , price.input,                  has no price
			grok-imagine-image, 1, ,  , , price.output,                 has no price
			grok-3-something,   1, , 1, 5, price.long-context-threshold, price for long prompts
			grok-3-fast,         , ,  , 5, price.long-context-threshold, price for long prompts
			""")
	void incompletePriceIsRejected(String id, Long input, Long cachedInput, Long output, Long longInput, String setting,
			String problem) {
		Price price = new Price(input, cachedInput, output, null, longInput, null, null);
		assertRefused(Map.of(id, price(price)), id, setting, problem);
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.7, none, 'low, medium, high, xhigh'", "grok-4.20, high, reasoning-efforts" })
	void unsupportedDefaultEffortIsRejected(String id, String effort, String action) {
		ModelOverride override = new ModelOverride(Set.of(), null, null, null, null, effort);
		assertRefused(Map.of(id, override), id, "reasoning-effort-default", "'" + effort + "'")
			.satisfies((ex) -> assertThat(ex.action()).contains(action));
	}

	@Test
	void nameOfAnotherModelIsRejectedAsAlias() {
		assertRefused(Map.of("grok-4.3", alias("grok-3")), "grok-4.3", "aliases", "'grok-3'");
		Map<String, ModelOverride> twice = new LinkedHashMap<>();
		twice.put("grok-4.3", alias("mine"));
		twice.put("grok-4.5", alias("mine"));
		assertRefused(twice, "grok-4.5", "aliases", "'mine'");
		Map<String, ModelOverride> added = new LinkedHashMap<>();
		added.put("grok-4.3", alias("mine"));
		added.put("mine", price(new Price(1L, null, 1L, null, null, null, null)));
		assertRefused(added, "grok-4.3", "aliases", "'mine'");
	}

	@Test
	void modelCannotBeOverriddenUnderTwoNames() {
		Map<String, ModelOverride> twice = new LinkedHashMap<>();
		twice.put("grok-4.3", price(input(1L)));
		twice.put("grok-4.3-latest", price(input(2L)));
		assertRefused(twice, "grok-4.3-latest", "aliases", "'grok-4.3' is the same model");
	}

	@Test
	void trainingDataRegionsAndPricesOfUnitsAreOverridden() {
		Price units = new Price(null, null, null, null, null, null, null,
				Map.of("image-low-1k", 1L, "image-high-1k", 2L));
		ModelCatalog catalog = ModelCatalog.bundled(Map.of("grok-imagine-image-2.0", price(units), "grok-4.3",
				new ModelOverride(Set.of(), null, null, null, null, null, YearMonth.of(2027, 1), Set.of("us"), null)));
		assertThat(catalog.find("grok-imagine-image-2.0").pricesAt(TODAY).units()).containsEntry("image-low-1k", 1L)
			.containsEntry("image-high-1k", 2L)
			.containsEntry("input-image", 100_000_000L);
		assertThat(catalog.find("grok-4.3").knowledgeCutoff()).isEqualTo("2027-01");
		assertThat(catalog.find("grok-4.3").regions()).containsExactly("us");
	}

	@Test
	void encryptedReasoningIsOverridden() {
		ModelCatalog catalog = ModelCatalog.bundled(
				Map.of("grok-4.7", encrypting(false), "grok-4.6", encrypting(true), "house-model", encrypting(true)));
		assertThat(catalog.get("grok-4.7").returnsEncryptedReasoning()).isFalse();
		assertThat(catalog.get("grok-4.6").returnsEncryptedReasoning()).isTrue();
		assertThat(catalog.get("grok-4.6-0812").returnsEncryptedReasoning()).isTrue();
		assertThat(catalog.get("house-model").returnsEncryptedReasoning()).isTrue();
		assertThat(catalog("grok-4.7", alias("newest")).get("newest").returnsEncryptedReasoning()).isTrue();
	}

	private static ModelOverride encrypting(boolean unasked) {
		return new ModelOverride(Set.of(), null, null, null, null, null, null, null, unasked);
	}

	@Test
	void namesStayUnique() {
		ModelCatalog catalog = catalog("grok-5", alias("grok-4.5-latest"));
		Set<String> names = new HashSet<>();
		for (GrokModel model : catalog.models()) {
			assertThat(names.add(model.id())).as(model.id()).isTrue();
			model.aliases().forEach((name) -> assertThat(names.add(name)).as(name).isTrue());
		}
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1.25, 12500", "2.0000000, 20000", "0.0001, 1", "1E+1, 100000", "1000000, 10000000000" })
	void dollarsPerMillionBecomeTicksPerToken(BigDecimal usdPerMillion, long ticks) {
		assertThat(Prices.ticksPerToken(usdPerMillion)).isEqualTo(ticks);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.00001", "1.25005", "1E-9" })
	void noAmountIsRounded(BigDecimal usdPerMillion) {
		assertThatIllegalArgumentException().isThrownBy(() -> Prices.ticksPerToken(usdPerMillion))
			.withMessageContaining("4 decimal places");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-0.01", "1000000.0001", "1E+1000000" })
	void invalidPriceIsRejected(BigDecimal usdPerMillion) {
		assertThatIllegalArgumentException().isThrownBy(() -> Prices.ticksPerToken(usdPerMillion))
			.withMessageContaining("between 0 and 1000000");
	}

	private static ThrowableAssertAlternative<ModelOverrideException> assertRefused(
			Map<String, ModelOverride> overrides, String model, String setting, String problem) {
		return assertThatExceptionOfType(ModelOverrideException.class).isThrownBy(() -> ModelCatalog.bundled(overrides))
			.satisfies((ex) -> {
				assertThat(ex.model()).isEqualTo(model);
				assertThat(ex.setting()).isEqualTo(setting);
				assertThat(ex.problem()).contains(problem);
				assertThat(ex).hasMessageContaining(ex.problem()).hasMessageContaining(ex.action());
			});
	}

	private static ModelCatalog catalog(String id, ModelOverride override) {
		return ModelCatalog.bundled(Map.of(id, override));
	}

	private static ModelOverride alias(String name) {
		return new ModelOverride(Set.of(name), null, null, null, null, null);
	}

	private static ModelOverride price(Price price) {
		return new ModelOverride(Set.of(), null, price, null, null, null);
	}

	private static Price input(Long ticks) {
		return new Price(ticks, null, null, null, null, null, null);
	}

}
