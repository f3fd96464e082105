package io.github.grokspring.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Retirement;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.Prices.TokenPrices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the values in {@code models.json}, compared with what xAI publishes.
 */
class BundledModelsTests {

	private static final Instant AUTUMN = Instant.parse("2026-11-20T00:00:00Z");

	/** 2026-05-15 12:00 in California. */
	private static final Instant REDIRECTION = Instant.parse("2026-05-15T19:00:00Z");

	private final ModelCatalog catalog = ModelCatalog.bundled();

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-4.7,                     500000,  20000, 5000, 60000, 40000, 10000, 120000, 100
			grok-4.6,                     500000,  20000, 5000, 60000, 40000, 10000, 120000, 100
			grok-4.5,                     500000,  20000, 3000, 60000, 40000, 6000,  120000, 100
			grok-4.3,                     1000000, 12500, 2000, 25000, 25000, 4000,  50000,  80
			grok-4.20-0309-reasoning,     1000000, 12500, 2000, 25000, 25000, 4000,  50000,  80
			grok-4.20-0309-non-reasoning, 1000000, 12500, 2000, 25000, 25000, 4000,  50000,  80
			grok-4.20-multi-agent-0309,   1000000, 12500, 2000, 25000, 25000, 4000,  50000,  80
			""")
	void currentModelsHaveTheirWindowsAndPrices(String id, int window, long input, long cachedInput, long output,
			long longInput, long longCachedInput, long longOutput, int batchPercent) {
		GrokModel model = this.catalog.get(id);
		assertThat(model.known()).isTrue();
		assertThat(model.status()).isEqualTo(Status.CURRENT);
		assertThat(model.contextWindow()).isEqualTo(window);
		assertThat(model.checked()).isEqualTo("2026-11-30");
		assertThat(model.inputModalities()).containsExactlyInAnyOrder("text", "image");
		assertThat(model.outputModalities()).containsExactly("text");
		Prices prices = model.pricesAt(AUTUMN);
		TokenPrices tokens = new TokenPrices(input, cachedInput, input, output);
		TokenPrices longContext = new TokenPrices(longInput, longCachedInput, longInput, longOutput);
		assertThat(prices.forPrompt(199_999)).isEqualTo(tokens);
		assertThat(prices.forPrompt(200_000)).isEqualTo(longContext);
		assertThat(prices.batchPercent()).isEqualTo(batchPercent);
		assertThat(prices.units()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-4.7,                     ALWAYS,       low medium high xhigh,      high
			grok-4.6,                     ALWAYS,       low medium high xhigh,      high
			grok-4.5,                     ALWAYS,       low medium high xhigh,      high
			grok-4.3,                     CONFIGURABLE, none low medium high xhigh, low
			grok-4.20-0309-reasoning,     ALWAYS,       ,
			grok-4.20-0309-non-reasoning, NONE,         ,
			grok-4.20-multi-agent-0309,   ALWAYS,       low medium high xhigh,
			""")
	void currentModelsReasonAsDocumented(String id, Reasoning reasoning, String efforts, String defaultEffort) {
		GrokModel model = this.catalog.get(id);
		assertThat(model.reasoning()).isEqualTo(reasoning);
		assertThat(model.reasoningEfforts())
			.containsExactlyElementsOf((efforts != null) ? List.of(efforts.split(" ")) : List.of());
		assertThat(model.defaultReasoningEffort()).isEqualTo(defaultEffort);
		assertThat(model.refuses("reasoning_effort")).isEqualTo(efforts == null);
		assertThat(model.refuses("stop")).isEqualTo(reasoning != Reasoning.NONE);
		assertThat(model.thinks(null)).isEqualTo(reasoning != Reasoning.NONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "presence_penalty", "frequency_penalty", "search_parameters" })
	void everyTextModelRefuses(String parameter) {
		assertThat(textModels()).hasSizeGreaterThan(13).allMatch((model) -> model.refuses(parameter));
	}

	@ParameterizedTest
	@ValueSource(strings = { "temperature", "top_p", "seed", "max_tokens", "max_completion_tokens", "response_format",
			"parallel_tool_calls", "tools", "user" })
	void everyTextModelAccepts(String parameter) {
		assertThat(textModels()).noneMatch((model) -> model.refuses(parameter) || model.ignores(parameter));
	}

	@ParameterizedTest
	@ValueSource(strings = { "logprobs", "top_logprobs", "logit_bias", "n" })
	void ignoredParametersAreKnown(String parameter) {
		for (String id : List.of("grok-4.7", "grok-4.6", "grok-4.5", "grok-4.3", "grok-4.20", "grok-3")) {
			assertThat(this.catalog.get(id).ignores(parameter)).as(id).isTrue();
			assertThat(this.catalog.get(id).refuses(parameter)).as(id).isFalse();
		}
	}

	@Test
	void onlyResponsesServesSeveralAgents() {
		assertThat(this.catalog.models())
			.filteredOn((model) -> model.endpoints().contains(Endpoint.RESPONSES)
					&& !model.endpoints().contains(Endpoint.CHAT_COMPLETIONS))
			.extracting(GrokModel::id)
			.containsExactly("grok-4.20-multi-agent-0309");
		assertThat(this.catalog.get("grok-4.20-multi-agent").refuses("max_output_tokens")).isTrue();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-4.5-latest,                grok-4.5
			grok-build-latest,              grok-4.5
			grok-4.3-latest,                grok-4.3
			grok-4-latest,                  grok-4-0709
			grok-4.20,                      grok-4.20-0309-reasoning
			grok-4.20-0309,                 grok-4.20-0309-reasoning
			grok-4.20-reasoning,            grok-4.20-0309-reasoning
			grok-4.20-reasoning-latest,     grok-4.20-0309-reasoning
			grok-4.20-beta,                 grok-4.20-0309-reasoning
			grok-4.20-beta-0309,            grok-4.20-0309-reasoning
			grok-4.20-beta-latest,          grok-4.20-0309-reasoning
			grok-4.20-beta-reasoning,       grok-4.20-0309-reasoning
			grok-4.20-beta-0309-reasoning,  grok-4.20-0309-reasoning
			grok-4.20-beta-latest-reasoning,                  grok-4.20-0309-reasoning
			grok-4.20-experimental-beta-0304,                 grok-4.20-0309-reasoning
			grok-4.20-experimental-beta-0304-reasoning,       grok-4.20-0309-reasoning
			grok-4.20-experimental-beta-latest,               grok-4.20-0309-reasoning
			grok-4.20-experimental-beta-reasoning-latest,     grok-4.20-0309-reasoning
			grok-4.20-reasoning-gv2,        grok-4.20-0309-reasoning
			grok-4.20-non-reasoning,        grok-4.20-0309-non-reasoning
			grok-4.20-non-reasoning-latest, grok-4.20-0309-non-reasoning
			grok-4.20-multi-agent,          grok-4.20-multi-agent-0309
			grok-4.20-multi-agent-latest,   grok-4.20-multi-agent-0309
			grok-4.20-multi-agent-beta-0309,grok-4.20-multi-agent-0309
			grok-4,                         grok-4-0709
			grok-4-fast,                    grok-4-fast-reasoning
			grok-4-1-fast,                  grok-4-1-fast-reasoning
			grok-4-fast-reasoning-latest,   grok-4-fast-reasoning
			grok-4-1-fast-reasoning-latest, grok-4-1-fast-reasoning
			grok-4-fast-non-reasoning-latest,   grok-4-fast-non-reasoning
			grok-4-1-fast-non-reasoning-latest, grok-4-1-fast-non-reasoning
			grok-3-latest,                  grok-3
			grok-code-fast,                 grok-code-fast-1
			grok-code-fast-1-0825,          grok-code-fast-1
			grok-2,                         grok-2-1212
			grok-2-latest,                  grok-2-1212
			grok-2-vision,                  grok-2-vision-1212
			grok-2-image,                   grok-2-image-1212
			grok-4-0709-eu,                 grok-4-0709
			grok-4.20-beta-non-reasoning,                     grok-4.20-0309-non-reasoning
			grok-4.20-beta-latest-non-reasoning,              grok-4.20-0309-non-reasoning
			grok-4.20-experimental-beta-0304-non-reasoning,   grok-4.20-0309-non-reasoning
			grok-4.20-experimental-beta-non-reasoning-latest, grok-4.20-0309-non-reasoning
			grok-4.20-beta-0309-non-reasoning,                grok-4.20-0309-non-reasoning
			grok-4.20-non-reasoning-gv2,                      grok-4.20-0309-non-reasoning
			x-ai/grok-4.3,                  grok-4.3
			openrouter/x-ai/grok-4.3-latest,grok-4.3
			""")
	void aliasesNameTheirModel(String alias, String id) {
		GrokModel model = this.catalog.find(alias);
		assertThat(model).isNotNull().isSameAs(this.catalog.find(id));
		assertThat(model.id()).isEqualTo(id);
		String name = alias.substring(alias.lastIndexOf('/') + 1);
		assertThat(model.aliases().contains(name)).isNotEqualTo(id.equals(name));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-4-1-fast-reasoning,     grok-4.3,       low,  2000,  500,  5000
			grok-4-fast-reasoning,       grok-4.3,       low,  2000,  500,  5000
			grok-4-1-fast-non-reasoning, grok-4.3,       none, 2000,  500,  5000
			grok-4-fast-non-reasoning,   grok-4.3,       none, 2000,  500,  5000
			grok-4-0709,                 grok-4.3,       low,  30000, 7500, 150000
			grok-4,                      grok-4.3,       low,  30000, 7500, 150000
			grok-3,                      grok-4.3,       none, 30000, 7500, 150000
			grok-4-latest,               grok-4.3,       low,  30000, 7500, 150000
			""")
	void redirectedModelsAreLikeTheirReplacement(String id, String replacementId, String effort, long input,
			long cachedInput, long output) {
		GrokModel model = this.catalog.find(id);
		GrokModel replacement = this.catalog.find(replacementId);
		assertThat(model.status()).isEqualTo(Status.REDIRECTED);
		assertThat(model.retirement()).isEqualTo(new Retirement(LocalDate.parse("2026-05-15"), replacementId, effort));
		assertThat(model.refusedParameters()).isEqualTo(replacement.refusedParameters());
		assertThat(model.ignoredParameters()).isEqualTo(replacement.ignoredParameters());
		assertThat(model.reasoningEfforts()).isEqualTo(replacement.reasoningEfforts());
		assertThat(model.contextWindow()).isEqualTo(replacement.contextWindow());
		assertThat(model.endpoints()).isEqualTo(replacement.endpoints());
		assertThat(model.defaultReasoningEffort()).isEqualTo(effort);
		assertThat(model.thinks(null)).isEqualTo(!"none".equals(effort));
		assertThat(model.pricesAt(REDIRECTION.minusMillis(1)).tokens())
			.isEqualTo(new TokenPrices(input, cachedInput, input, output));
		Prices after = model.pricesAt(REDIRECTION);
		assertThat(after.tokens()).isEqualTo(replacement.pricesAt(REDIRECTION).tokens());
		assertThat(after.longContext()).isEqualTo(replacement.pricesAt(REDIRECTION).longContext());
	}

	@ParameterizedTest
	@CsvSource({ "grok-4-0709, 60000, 300000", "grok-4-fast-reasoning, 4000, 10000",
			"grok-4-1-fast-non-reasoning, 4000, 10000" })
	void oldLongContextPricesAreKnown(String id, long input, long output) {
		Prices prices = this.catalog.get(id).pricesAt(REDIRECTION.minusSeconds(1));
		assertThat(prices.forPrompt(128_000)).isEqualTo(new TokenPrices(input, input, input, output));
		assertThat(prices.forPrompt(127_999)).isEqualTo(prices.tokens());
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-3-fast,        50000, 12500, 250000
			grok-3-mini-fast,   6000,  1500,  40000
			grok-2-1212,        20000, 20000, 100000
			grok-2-vision-1212, 20000, 20000, 100000
			""")
	void retiredModelsKeepTheirPricesForOldLogs(String id, long input, long cachedInput, long output) {
		GrokModel model = this.catalog.find(id);
		assertThat(model.status()).isEqualTo(Status.RETIRED);
		assertThat(model.endpoints()).isEmpty();
		assertThat(model.pricesAt(Instant.parse("2025-10-01T00:00:00Z")).tokens())
			.isEqualTo(new TokenPrices(input, cachedInput, input, output));
	}

	@Test
	void redirectOnUnknownDayKeepsOwnPricesUntilLastSeen() {
		GrokModel model = this.catalog.find("grok-3-mini");
		TokenPrices own = new TokenPrices(3000, 750, 3000, 5000);
		assertThat(model.status()).isEqualTo(Status.REDIRECTED);
		assertThat(model.defaultReasoningEffort()).isEqualTo("low");
		assertThat(model.pricesAt(Instant.parse("2026-02-11T01:11:36Z")).tokens()).isEqualTo(own);
		assertThat(model.pricesAt(Instant.parse("2026-06-16T00:00:00Z")).tokens())
			.isEqualTo(this.catalog.get("grok-4.3").pricesAt(AUTUMN).tokens());
		assertThat(model.lastOwnPrices(AUTUMN).tokens()).isEqualTo(own);
	}

	@ParameterizedTest
	@CsvSource({ "grok-4, 30000", "grok-4-1-fast, 2000", "grok-code-fast-1, 10000", "grok-build-0.1, 10000",
			"grok-3-mini, 3000", "grok-3-fast, 50000", "grok-2, 20000", "grok-4.3, 12500" })
	void lastOwnPricesOfModels(String name, long input) {
		assertThat(this.catalog.find(name).lastOwnPrices(AUTUMN).tokens().input()).isEqualTo(input);
	}

	@Test
	void lastOwnPricesApplyUntilRetirement() {
		assertThat(this.catalog.find("grok-imagine-image-quality").lastOwnPrices(AUTUMN).units())
			.containsEntry("image-2k", 700_000_000L);
		assertThat(this.catalog.find("grok-imagine-image-pro").lastOwnPrices(AUTUMN)).isNull();
		assertThat(this.catalog.find("grok-beta").lastOwnPrices(AUTUMN)).isNull();
	}

	@Test
	void unknownValuesOfRetiredModelsAreEmpty() {
		assertThat(this.catalog.find("grok-beta").retirement())
			.isEqualTo(new Retirement(LocalDate.parse("2025-09-15"), "grok-4.3", null));
		assertThat(this.catalog.find("grok-vision-beta").retirement()).isEqualTo(new Retirement(null, null, null));
		assertThat(this.catalog.find("grok-3-mini").retirement()).isEqualTo(new Retirement(null, "grok-4.3", "low"));
		assertThat(this.catalog.find("grok-beta").pricesAt(AUTUMN)).isNull();
		assertThat(this.catalog.find("grok-2").contextWindow()).isZero();
		assertThat(this.catalog.find("grok-2-image-1212").outputModalities()).containsExactly("image");
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4.7-latest", "grok-4.6-latest", "grok-latest", "grok-build-latest-2", "grok-4-5" })
	void namesThatXaiDoesNotListAreNotKnown(String name) {
		assertThat(this.catalog.find(name)).isNull();
		assertThat(this.catalog.resolve(name).known()).isFalse();
		assertThat(this.catalog.resolveId(name)).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-build-0.1", "grok-code-fast-1", "grok-code-fast", "grok-code-fast-1-0825" })
	void codingModelsAreNoLongerServedAndKeepTheirPricesForOldLogs(String name) {
		GrokModel model = this.catalog.find(name);
		assertThat(model.status()).isEqualTo(Status.RETIRED);
		assertThat(model.endpoints()).isEmpty();
		assertThat(model.retirement()).isEqualTo(new Retirement(LocalDate.parse("2026-11-19"), "grok-4.3", null));
		assertThat(this.catalog.resolve(name)).isSameAs(model);
		TokenPrices tokens = new TokenPrices(10_000, 2_000, 10_000, 20_000);
		assertThat(model.pricesAt(REDIRECTION).forPrompt(1)).isEqualTo(tokens);
		assertThat(model.pricesAt(REDIRECTION).forPrompt(200_000))
			.isEqualTo(new TokenPrices(20_000, 4_000, 20_000, 40_000));
	}

	@Test
	void oneCodingModelAliasHadAnotherPrice() {
		assertThat(this.catalog.find("grok-code-fast-1").pricesAt(REDIRECTION.minusMillis(1)).tokens())
			.isEqualTo(new TokenPrices(2000, 200, 2000, 15000));
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.3, grok-4.3", "grok-4.3-latest, grok-4.3", "x-ai/grok-4.3, grok-4.3", "grok-3, grok-4.3",
			"grok-4-latest, grok-4.3", "grok-3-mini, grok-4.3", "grok-4.20, grok-4.20-0309-reasoning",
			"grok-imagine-image-pro, grok-imagine-image-2.0", "grok-3-fast, grok-3-fast", "grok-beta, grok-beta",
			"grok-3-mini-fast-latest, grok-3-mini-fast" })
	void redirectsAreResolved(String name, String id) {
		assertThat(this.catalog.resolve(name)).isSameAs(this.catalog.find(id));
		assertThat(this.catalog.resolveId(name)).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-3-fast", "grok-3-mini-fast", "grok-beta" })
	void retiredModelWithoutRedirectHasNoContextWindow(String name) {
		assertThat(this.catalog.resolve(name).contextWindow()).isZero();
		assertThat(this.catalog.resolve(name).endpoints()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.7, 2026-05, us", "grok-4.6, 2026-02, us", "grok-4.5, 2026-02,", "grok-4.3, 2025-12,",
			"grok-4, 2025-12,", "grok-4.20, ," })
	void trainingDataAndRegionalHostsAreKnown(String name, YearMonth knowledgeCutoff, String region) {
		assertThat(this.catalog.find(name).knowledgeCutoff()).isEqualTo(knowledgeCutoff);
		assertThat(this.catalog.find(name).regions())
			.containsExactlyElementsOf((region != null) ? Set.of(region) : Set.of());
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.7, true", "x-ai/grok-4.7, true", "grok-4.7-0921, true", "grok-5, true", "grok-4.6, false",
			"grok-4.5-latest, false", "grok-4.3, false", "grok-4.20-reasoning, false", "grok-3, false",
			"grok-5-non-reasoning, false", "gpt-5, false" })
	void modelsThatReturnEncryptedReasoningUnrequestedAreKnown(String name, boolean unasked) {
		assertThat(this.catalog.get(name).returnsEncryptedReasoning()).isEqualTo(unasked);
	}

	@ParameterizedTest
	@CsvSource({ "web_search, 50000000, 50000000", "x_search, 50000000, 0", "x_posts_fetched, 0, 50000000",
			"x_users_fetched, 0, 100000000", "code_interpreter, 50000000, 50000000",
			"document_search, 50000000, 50000000", "file_search, 25000000, 25000000",
			"image_generation, 400000000, 400000000", "mcp, 0, 0", "new_tool, 0, 0" })
	void toolsHaveFees(String tool, long before, long today) {
		assertThat(this.catalog.toolFee(tool, Instant.parse("2026-09-20T23:59:59Z"))).isEqualTo(before);
		assertThat(this.catalog.toolFee(tool, Instant.parse("2026-09-21T00:00:00Z"))).isEqualTo(today);
	}

	@Test
	void cachedTokensOfGrok45BecameCheaperInAugust() {
		GrokModel model = this.catalog.get("grok-4.5");
		assertThat(model.pricesAt(Instant.parse("2026-07-31T23:59:59Z")).tokens().cachedInput()).isEqualTo(5000);
		assertThat(model.pricesAt(Instant.parse("2026-08-01T00:00:00Z")).tokens().cachedInput()).isEqualTo(3000);
		assertThat(model.pricesAt(Instant.EPOCH).tokens().input()).isEqualTo(20000);
	}

	@Test
	void imagesAndVideosArePricedByUnit() {
		assertThat(units("grok-imagine-image-2.0")).isEqualTo(Map.of("image-low-1k", 400_000_000L, "image-low-1.5k",
				500_000_000L, "image-low-2k", 600_000_000L, "image-medium-1k", 600_000_000L, "image-medium-1.5k",
				700_000_000L, "image-medium-2k", 800_000_000L, "input-image", 100_000_000L));
		assertThat(units("grok-2-image")).isEqualTo(Map.of("image", 700_000_000L));
		assertThat(this.catalog.find("grok-2-image").inputModalities()).containsExactlyInAnyOrder("text", "image");
		assertThat(this.catalog.find("grok-imagine-image-quality").lastOwnPrices(AUTUMN).units())
			.containsEntry("input-image", 100_000_000L);
		assertThat(units("grok-imagine-image")).isEqualTo(Map.of("image", 200_000_000L, "input-image", 20_000_000L));
		assertThat(units("grok-imagine-video"))
			.isEqualTo(Map.of("second-min", 500_000_000L, "second-max", 700_000_000L));
		assertThat(units("grok-imagine-video-1.5"))
			.isEqualTo(Map.of("second-min", 800_000_000L, "second-max", 2_500_000_000L));
		assertThat(units("grok-imagine-video-1.5-lite"))
			.isEqualTo(Map.of("second-min", 200_000_000L, "second-max", 1_400_000_000L));
		assertThat(this.catalog.find("grok-imagine-image").endpoints()).containsExactly(Endpoint.IMAGES);
		assertThat(this.catalog.find("grok-imagine-video").endpoints()).containsExactly(Endpoint.VIDEOS);
		assertThat(this.catalog.find("grok-imagine-video").pricesAt(AUTUMN).forPrompt(1)).isNull();
	}

	@Test
	void modelReplacedTwiceHasPricesOfBothReplacements() {
		GrokModel model = this.catalog.find("grok-imagine-image-pro");
		assertThat(model.retirement().replacement()).isEqualTo("grok-imagine-image-2.0");
		assertThat(model.pricesAt(REDIRECTION.minusSeconds(1))).isNull();
		assertThat(model.pricesAt(REDIRECTION).units()).containsEntry("image-2k", 700_000_000L);
		assertThat(model.pricesAt(Instant.parse("2026-11-02T00:00:00Z")).units())
			.isEqualTo(units("grok-imagine-image-2.0"));
	}

	@Test
	void namesAreUnique() {
		Set<String> names = new HashSet<>();
		for (GrokModel model : this.catalog.models()) {
			assertThat(names.add(model.id())).as(model.id()).isTrue();
			model.aliases().forEach((alias) -> assertThat(names.add(alias)).as(alias).isTrue());
		}
		assertThat(names).hasSizeGreaterThan(60).allMatch((name) -> this.catalog.get(name).known());
	}

	@Test
	void currentModelsComeFirstAndTheNewestOfThemFirst() {
		List<GrokModel> models = List.copyOf(this.catalog.models());
		assertThat(models).extracting(GrokModel::status).isSorted();
		assertThat(models).filteredOn((model) -> model.status() == Status.CURRENT)
			.extracting(GrokModel::released)
			.startsWith(LocalDate.parse("2026-09-21"), LocalDate.parse("2026-08-12"), LocalDate.parse("2026-07-08"));
		assertThat(models).extracting(GrokModel::id).startsWith("grok-4.7", "grok-4.6", "grok-4.5", "grok-4.3");
		assertThat(this.catalog.revision()).isZero();
	}

	private Map<String, Long> units(String id) {
		return this.catalog.find(id).pricesAt(AUTUMN).units();
	}

	private Set<GrokModel> textModels() {
		return this.catalog.models()
			.stream()
			.filter((model) -> model.endpoints().contains(Endpoint.RESPONSES))
			.collect(Collectors.toSet());
	}

}
