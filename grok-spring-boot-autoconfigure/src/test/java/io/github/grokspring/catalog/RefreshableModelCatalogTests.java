package io.github.grokspring.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.Prices.TokenPrices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefreshableModelCatalog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefreshableModelCatalogTests {

	private static final Instant START = Instant.parse("2026-12-01T08:00:00Z");

	private static final String FAILED = "could not be refreshed";

	private final AtomicReference<Instant> now = new AtomicReference<>(START);

	private final InstantSource clock = this.now::get;

	private final Deque<Mono<byte[]>> answers = new ArrayDeque<>();

	private final AtomicInteger requests = new AtomicInteger();

	private final RefreshableModelCatalog catalog = catalog(Map.of());

	@Test
	void initialStateIsBundledCatalog() {
		assertThat(this.catalog.models()).isEqualTo(ModelCatalog.bundled().models());
		assertThat(this.catalog.revision()).isZero();
		assertThat(this.catalog.similar("grok-4-5")).startsWith("grok-4.5");
		assertThat(this.catalog.get("grok-4.9")).isEqualTo(ModelCatalog.bundled().get("grok-4.9"));
		assertThat(this.requests).hasValue(0);
	}

	@Test
	void newPricesApplyFromNowAndOldOnesAreKept() {
		assertThat(refresh(model("grok-4.3", prices(10000, 1000, 20000, 200000, 20000, 2000, 40000)))).isTrue();
		GrokModel model = this.catalog.find("grok-4.3");
		Prices before = model.pricesAt(START.minusMillis(1));
		Prices after = model.pricesAt(START);
		assertThat(before).isEqualTo(ModelCatalog.bundled().get("grok-4.3").pricesAt(START));
		assertThat(after.from()).isEqualTo(START);
		assertThat(after.tokens()).isEqualTo(new TokenPrices(10000, 1000, 10000, 20000));
		assertThat(after.longContext()).isEqualTo(new TokenPrices(20000, 2000, 20000, 40000));
		assertThat(after.batchPercent()).isEqualTo(80);
		assertThat(this.catalog.revision()).isEqualTo(1);
		assertThat(this.catalog.get("grok-4").pricesAt(START)).isEqualTo(after);
		assertThat(this.catalog.get("grok-4").pricesAt(START.minusSeconds(1)).tokens()).isEqualTo(before.tokens());
		assertThat(this.catalog.get("grok-4").pricesAt(Instant.EPOCH).tokens().input()).isEqualTo(30000);
	}

	@Test
	void everyChangeAddsOneMorePrice() {
		refresh(model("grok-4.3", "\"prompt_text_token_price\":1,\"completion_text_token_price\":2"));
		this.now.set(START.plusSeconds(60));
		refresh(model("grok-4.3", "\"prompt_text_token_price\":3,\"completion_text_token_price\":4"));
		GrokModel model = this.catalog.find("grok-4.3");
		assertThat(model.pricesAt(START.plusSeconds(59)).tokens().input()).isEqualTo(1);
		assertThat(model.pricesAt(START.plusSeconds(60)).tokens().input()).isEqualTo(3);
		assertThat(model.prices()).hasSize(3);
		assertThat(this.catalog.revision()).isEqualTo(2);
	}

	@Test
	void repeatedListIsNoChange() {
		String list = model("grok-4.3", prices(12500, 2000, 25000, 200000, 25000, 4000, 50000));
		assertThat(refresh(withOthers(list))).isFalse();
		assertThat(this.catalog.revision()).isOne();
		assertThat(this.catalog.find("grok-4.3").prices()).hasSize(1);
		assertThat(this.catalog.find("grok-4.3").checked()).isEqualTo("2026-12-01");
		assertThat(this.catalog.find("grok-imagine-video").checked()).isEqualTo("2026-11-20");
	}

	@Test
	void missingValuesStayUnchanged() {
		assertThat(refresh(withOthers(model("grok-4.3", "\"object\":\"model\",\"later\":{\"invention\":[1,null]}"))))
			.isFalse();
		assertThat(this.catalog.models()).extracting(GrokModel::id)
			.containsExactlyElementsOf(ModelCatalog.bundled().models().stream().map(GrokModel::id).toList());
	}

	@Test
	void aliasThatIsNoLongerListedIsRemoved() {
		assertThat(refresh(withOthers(model("grok-4.3", "\"aliases\":[]")))).isTrue();
		assertThat(this.catalog.find("grok-4.3-latest")).isNull();
		assertThat(this.catalog.find("grok-4.3").aliases()).isEmpty();
		assertThat(this.catalog.find("grok-4.5-latest")).isNotNull();
		refresh(withOthers(model("grok-4.3", "\"aliases\":[\"grok-4.3-latest\"]")));
		assertThat(this.catalog.find("grok-4.3-latest").id()).isEqualTo("grok-4.3");
	}

	@Test
	void refreshKeepsEncryptedReasoning() {
		assertThat(
				refresh(withOthers(model("grok-4.7", "\"prompt_text_token_price\":1,\"completion_text_token_price\":2"),
						model("grok-4.8", "\"created\":1790000000"))))
			.isTrue();
		assertThat(this.catalog.get("grok-4.7").returnsEncryptedReasoning()).isTrue();
		assertThat(this.catalog.get("grok-4.8").returnsEncryptedReasoning()).isTrue();
		assertThat(this.catalog.get("grok-4.6").returnsEncryptedReasoning()).isFalse();
	}

	@Test
	void aliasOfOverrideIsKept() {
		RefreshableModelCatalog overridden = catalog(
				Map.of("grok-4.3", new ModelOverride(Set.of("mine"), null, null, null, null, null)));
		this.answers.add(list(withOthers(model("grok-4.3", "\"aliases\":[]"))));
		overridden.refresh().block();
		assertThat(overridden.find("mine").id()).isEqualTo("grok-4.3");
		assertThat(overridden.find("grok-4.3-latest")).isNull();
	}

	@Test
	void unlistedModelIsMarkedAndKeepsItsData(CapturedOutput output) {
		GrokModel before = this.catalog.find("grok-4.5");
		assertThat(refresh(model("grok-4.3", "\"created\":1"))).isTrue();
		GrokModel model = this.catalog.find("grok-4.5");
		assertThat(model.status()).isEqualTo(Status.UNLISTED);
		assertThat(model.prices()).isEqualTo(before.prices());
		assertThat(model.refusedParameters()).isEqualTo(before.refusedParameters());
		assertThat(model.endpoints()).isEqualTo(before.endpoints());
		assertThat(this.catalog.find("grok-4.5-latest")).isSameAs(model);
		assertThat(this.catalog.similar("grok-4.55")).doesNotContain("grok-4.5");
		assertThat(this.catalog.get("grok-9").reasoningEfforts()).containsExactly("low", "medium", "high", "xhigh");
		assertThat(output).contains("xAI no longer lists ").contains("grok-4.5");
		assertThat(refresh(model("grok-4.3", "\"created\":1"), model("grok-4.5", "\"created\":1"))).isTrue();
		assertThat(this.catalog.find("grok-4.5").status()).isEqualTo(Status.CURRENT);
	}

	@Test
	void otherAndRetiredModelsAreNotMarkedAsUnlisted() {
		refresh(model("grok-4.3", "\"created\":1"));
		for (String name : List.of("grok-imagine-image-2.0", "grok-imagine-video", "grok-3", "grok-2")) {
			assertThat(this.catalog.find(name).status()).as(name).isEqualTo(ModelCatalog.bundled().find(name).status());
		}
		assertThat(this.catalog.resolveId("grok-3")).isEqualTo("grok-4.3");
	}

	@Test
	void addedModelIsNotMarkedAsUnlisted() {
		RefreshableModelCatalog overridden = catalog(Map.of("house-model", override(1, 2)));
		this.answers.add(list(model("grok-4.3", "\"created\":1")));
		overridden.refresh().block();
		assertThat(overridden.find("house-model").status()).isEqualTo(Status.CURRENT);
	}

	@Test
	void zeroPricesAreIgnored() {
		refresh(model("grok-4.3", prices(10000, 0, 20000, 200000, 0, 0, 0)));
		Prices prices = this.catalog.find("grok-4.3").pricesAt(START);
		assertThat(prices.tokens()).isEqualTo(new TokenPrices(10000, 10000, 10000, 20000));
		assertThat(prices.longContext()).isEqualTo(prices.tokens());
		refresh(model("grok-4.3", prices(9000, 0, 20000, 0, 0, 0, 0)));
		assertThat(this.catalog.find("grok-4.3").pricesAt(START).longContext()).isNull();
		assertThat(refresh(model("grok-4.3", prices(0, 0, 0, 0, 0, 0, 0)))).isFalse();
		assertThat(this.catalog.find("grok-4.3").pricesAt(START).tokens().input()).isEqualTo(9000);
	}

	@Test
	void imageTokensHaveTheirOwnPriceWhereThereIsOne() {
		refresh(model("grok-4.3", "\"prompt_text_token_price\":1,\"completion_text_token_price\":2,"
				+ "\"prompt_image_token_price\":3,\"long_context_threshold\":9,\"prompt_text_token_price_long_context\":4"));
		Prices prices = this.catalog.find("grok-4.3").pricesAt(START);
		assertThat(prices.tokens().imageInput()).isEqualTo(3);
		assertThat(prices.forPrompt(9)).isEqualTo(new TokenPrices(4, 2000, 3, 2));
	}

	@Test
	void capabilitiesAreRefreshed() {
		refresh(model("grok-4.3",
				"\"context_length\":2000000,\"input_modalities\":[\"text\",\"image\",\"audio\"],\"capabilities\":"
						+ "{\"reasoning_effort\":[\"low\",\"extreme\"],\"default_reasoning_effort\":\"extreme\"}"));
		GrokModel model = this.catalog.find("grok-4.3");
		assertThat(model.contextWindow()).isEqualTo(2_000_000);
		assertThat(model.inputModalities()).contains("audio");
		assertThat(model.reasoningEfforts()).containsExactly("low", "extreme");
		assertThat(model.defaultReasoningEffort()).isEqualTo("extreme");
		assertThat(model.reasoning()).isEqualTo(Reasoning.ALWAYS);
		assertThat(this.catalog.find("grok-4-0709").reasoningEfforts()).containsExactly("low", "extreme");
		assertThat(this.catalog.find("grok-4-0709").defaultReasoningEffort()).isEqualTo("low");
		refresh(model("grok-4.3", "\"capabilities\":{\"reasoning_effort\":[]}"));
		assertThat(this.catalog.find("grok-4.3").refuses("reasoning_effort")).isTrue();
		assertThat(this.catalog.revision()).isEqualTo(2);
	}

	@Test
	void newModelHasDefaultsOfItsFamily() {
		refresh(model("grok-5",
				"\"created\":" + START.minus(Duration.ofDays(2)).getEpochSecond()
						+ ",\"aliases\":[\"grok-5-latest\",\"grok-latest\"],"
						+ prices(30000, 7500, 90000, 200000, 60000, 15000, 180000)));
		GrokModel model = this.catalog.find("grok-5-latest");
		assertThat(model).isSameAs(this.catalog.find("grok-5")).isSameAs(this.catalog.find("grok-latest"));
		assertThat(model.known()).isTrue();
		assertThat(model.released()).isEqualTo("2026-11-29");
		assertThat(model.refusedParameters()).isEqualTo(ModelCatalog.bundled().get("grok-4.7").refusedParameters());
		assertThat(model.pricesAt(START).tokens()).isEqualTo(new TokenPrices(30000, 7500, 30000, 90000));
		assertThat(model.pricesAt(START.minusSeconds(1))).isEqualTo(model.pricesAt(START));
		assertThat(this.catalog.models()).extracting(GrokModel::id).startsWith("grok-5").contains("grok-4.7");
		assertThat(this.catalog.similar("grok5")).startsWith("grok-5");
		assertNamesAreUnique();
	}

	@Test
	void newModelWithoutEffortsRefusesParameterIfOthersHaveEfforts() {
		String efforts = "\"capabilities\":{\"reasoning_effort\":[\"low\",\"high\"]}";
		refresh(model("grok-5", "\"created\":1"), model("grok-4.3", "\"created\":1"), model("grok-6", efforts));
		assertThat(this.catalog.find("grok-5").reasoningEfforts()).isEmpty();
		assertThat(this.catalog.find("grok-5").refuses("reasoning_effort")).isTrue();
		assertThat(this.catalog.find("grok-6").reasoningEfforts()).containsExactly("low", "high");
		assertThat(this.catalog.find("grok-6").defaultReasoningEffort()).isEqualTo("high");
		assertThat(this.catalog.find("grok-4.3").reasoningEfforts()).contains("none", "xhigh");
	}

	@Test
	void newModelHasEffortsOfItsFamilyIfNoneAreListed() {
		refresh(model("grok-5", "\"created\":1"), model("grok-4.3", "\"created\":1"));
		assertThat(this.catalog.find("grok-5").reasoningEfforts()).containsExactly("low", "medium", "high", "xhigh");
	}

	@Test
	void priceHistoryIsBounded() {
		for (int i = 1; i <= 60; i++) {
			this.now.set(START.plusSeconds(i));
			refresh(model("grok-4.3", prices(i, i, i, 0, 0, 0, 0)));
		}
		GrokModel model = this.catalog.find("grok-4.3");
		assertThat(model.prices()).hasSize(50);
		assertThat(model.pricesAt(START.plusSeconds(60)).tokens().input()).isEqualTo(60);
		assertThat(model.pricesAt(START.plusSeconds(11)).tokens().input()).isEqualTo(11);
		assertThat(model.pricesAt(START.plusSeconds(10))).isNull();
	}

	@Test
	void changedModelsAreLogged(CapturedOutput output) {
		String[] list = withOthers(model("grok-4.3", "\"context_length\":5"), model("grok-5", "\"created\":1"));
		refresh(list);
		assertThat(output).contains("The model catalog was updated from the list of xAI: ")
			.contains("grok-4.3")
			.contains("grok-5")
			.doesNotContain("grok-4.7");
		refresh(list);
		assertThat(output).containsOnlyOnce("The model catalog was updated");
	}

	@Test
	void unknownRedirectDateStaysUnknown() {
		refresh(model("grok-4.7", "\"aliases\":[\"grok-3-mini\"]"));
		GrokModel model = this.catalog.find("grok-3-mini");
		assertThat(model.retirement()).isEqualTo(new GrokModel.Retirement(null, "grok-4.7", null));
		assertThat(model.pricesAt(START.minusSeconds(1)).tokens().input()).isEqualTo(12500);
		assertThat(model.pricesAt(START).tokens().input()).isEqualTo(20000);
		assertThat(model.lastOwnPrices(START).tokens().input()).isEqualTo(3000);
	}

	@Test
	void aliasThatBecomesModelKeepsItsPriceHistory() {
		refresh(model("grok-4.20", prices(20000, 3000, 30000, 0, 0, 0, 0)));
		GrokModel model = this.catalog.find("grok-4.20");
		assertThat(model.id()).isEqualTo("grok-4.20");
		assertThat(model.pricesAt(START.minusSeconds(1)).tokens().input()).isEqualTo(12500);
		assertThat(model.pricesAt(START).tokens().input()).isEqualTo(20000);
		assertThat(model.refuses("reasoning_effort")).isTrue();
		assertNamesAreUnique();
	}

	@Test
	void modelListedAsAliasIsRedirected() {
		refresh(model("grok-4.7", "\"aliases\":[\"grok-4.5\",\"grok-3\",\"grok-3-mini\"]"));
		GrokModel model = this.catalog.find("grok-4.5");
		assertThat(model.id()).isEqualTo("grok-4.5");
		assertThat(model.status()).isEqualTo(Status.REDIRECTED);
		assertThat(model.retirement())
			.isEqualTo(new GrokModel.Retirement(LocalDate.parse("2026-12-01"), "grok-4.7", null));
		assertThat(model.pricesAt(START.minusSeconds(1)).tokens().cachedInput()).isEqualTo(3000);
		assertThat(model.pricesAt(START).tokens().cachedInput()).isEqualTo(5000);
		GrokModel older = this.catalog.find("grok-3");
		assertThat(older.retirement())
			.isEqualTo(new GrokModel.Retirement(LocalDate.parse("2026-05-15"), "grok-4.7", null));
		assertThat(older.pricesAt(START.minusSeconds(1)).tokens().output()).isEqualTo(25000);
		assertThat(older.pricesAt(START).tokens().output()).isEqualTo(60000);
		assertThat(older.pricesAt(Instant.EPOCH).tokens().output()).isEqualTo(150000);
		assertThat(this.catalog.find("grok-3-mini").status()).isEqualTo(Status.REDIRECTED);
		assertNamesAreUnique();
		long revision = this.catalog.revision();
		this.now.set(START.plusSeconds(1));
		assertThat(refresh(model("grok-4.7", "\"aliases\":[\"grok-4.5\",\"grok-3\",\"grok-3-mini\"]"))).isFalse();
		assertThat(this.catalog.revision()).isEqualTo(revision + 1);
	}

	@Test
	void listedRetiredModelIsCurrentAgain() {
		refresh(model("grok-3", prices(30000, 7500, 150000, 0, 0, 0, 0)),
				model("grok-beta", prices(50000, 0, 150000, 0, 0, 0, 0)));
		GrokModel model = this.catalog.find("grok-3");
		assertThat(model.status()).isEqualTo(Status.CURRENT);
		assertThat(model.retirement()).isNull();
		assertThat(model.pricesAt(START).tokens().output()).isEqualTo(150000);
		assertThat(model.pricesAt(START.minusSeconds(1)).tokens().output()).isEqualTo(25000);
		assertThat(this.catalog.find("grok-beta").endpoints()).containsExactlyInAnyOrder(Endpoint.CHAT_COMPLETIONS,
				Endpoint.RESPONSES);
		assertNamesAreUnique();
	}

	@Test
	void overridesTakePrecedenceOverList() {
		ModelOverride override = new ModelOverride(Set.of("mine"), null,
				new ModelOverride.Price(1L, null, null, null, null, null, null), null, null, null);
		RefreshableModelCatalog overridden = catalog(Map.of("grok-4.3", override, "grok-5", override(2L, 3L)));
		this.answers.add(list(model("grok-4.3", "\"context_length\":5," + prices(10000, 1000, 20000, 0, 0, 0, 0)),
				model("grok-4.7", "\"aliases\":[\"mine\"]"), model("grok-5", prices(10000, 1000, 20000, 0, 0, 0, 0))));
		assertThat(overridden.refresh().block()).isTrue();
		GrokModel model = overridden.find("mine");
		assertThat(model.id()).isEqualTo("grok-4.3");
		assertThat(model.contextWindow()).isEqualTo(5);
		assertThat(model.pricesAt(START).tokens()).isEqualTo(new TokenPrices(1, 1000, 1, 20000));
		assertThat(overridden.find("grok-5").pricesAt(START).tokens()).isEqualTo(new TokenPrices(2, 1000, 2, 3));
		assertThat(overridden.find("grok-4.7").aliases()).doesNotContain("mine");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "garbage", "[]", "{}", "{\"models\":{}}", "{\"models\":[]}", "{\"data\":[]}", "null",
			"<html>", "{\"models\":[{\"id\":\"grok-4.3\"", "{\"models\":[1]}", "{\"models\":[{\"id\":\"\"}]}",
			"{\"models\":[{\"id\":7}]}", "{\"models\":[{\"object\":\"model\"}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"prompt_text_token_price\":\"1\"}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"prompt_text_token_price\":-1}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"prompt_text_token_price\":1.5}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"prompt_text_token_price\":1e30}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"context_length\":5000000000}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"aliases\":\"x\"}]}",
			"{\"models\":[{\"id\":\"grok-4.3\",\"aliases\":[null]}]}",
			"{\"models\":[{\"id\":\"grok-9\"},{\"id\":\"grok-4.3\",\"long_context_threshold\":true}]}" })
	void invalidListChangesNothingAndIsLogged(String body, CapturedOutput output) {
		Collection<GrokModel> before = this.catalog.models();
		this.answers.add(Mono.just(body.getBytes(StandardCharsets.UTF_8)));
		assertThat(this.catalog.refresh().block()).isFalse();
		assertThat(this.catalog.models()).isSameAs(before);
		assertThat(this.catalog.revision()).isZero();
		assertThat(output).containsOnlyOnce(FAILED).contains("WARN").doesNotContain("Exception");
	}

	@Test
	void failureIsLoggedAsWarningOnce(CapturedOutput output) {
		this.answers.add(Mono.error(new IOException("connection refused")));
		this.answers.add(Mono.empty());
		this.answers.add(Mono.error(new IllegalStateException("still")));
		this.answers.add(list(model("grok-4.3", "\"context_length\":5")));
		this.answers.add(Mono.error(new IOException("gone again")));
		List<Boolean> changed = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			changed.add(this.catalog.refresh().block());
		}
		assertThat(changed).containsExactly(false, false, false, true, false);
		assertThat(output.toString().split(FAILED, -1)).hasSize(3);
		assertThat(output).contains("connection refused")
			.contains("Refreshing the model catalog from xAI succeeded again")
			.contains("gone again");
		assertThat(this.catalog.find("grok-4.3").contextWindow()).isEqualTo(5);
	}

	@Test
	void sourceThatThrowsIsAFailure(CapturedOutput output) {
		RefreshableModelCatalog broken = RefreshableModelCatalog.create(Map.of(), () -> {
			throw new IllegalStateException("no connection");
		}, this.clock);
		assertThat(broken.refresh().block()).isFalse();
		assertThat(output).contains("no connection");
	}

	@Test
	void refreshesImmediatelyAndAfterEveryInterval() {
		VirtualTimeScheduler time = VirtualTimeScheduler.create();
		this.answers.add(list(model("grok-4.3", "\"context_length\":1")));
		this.answers.add(Mono.error(new IOException("refused")));
		this.answers.add(list(model("grok-4.3", "\"context_length\":3")));
		Disposable refreshing = this.catalog.refreshEvery(Duration.ofHours(6), time);
		assertThat(this.requests).hasValue(1);
		assertThat(this.catalog.find("grok-4.3").contextWindow()).isEqualTo(1);
		time.advanceTimeBy(Duration.ofHours(6).minusMillis(1));
		assertThat(this.requests).hasValue(1);
		time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(this.requests).hasValue(2);
		time.advanceTimeBy(Duration.ofHours(6));
		assertThat(this.catalog.find("grok-4.3").contextWindow()).isEqualTo(3);
		assertThat(this.catalog.revision()).isEqualTo(2);
		refreshing.dispose();
		time.advanceTimeBy(Duration.ofDays(1));
		assertThat(this.requests).hasValue(3);
	}

	@Test
	void refreshesOnceWithoutInterval() {
		VirtualTimeScheduler time = VirtualTimeScheduler.create();
		this.answers.add(list(model("grok-4.3", "\"context_length\":1")));
		Disposable refreshing = this.catalog.refreshEvery(null, time);
		time.advanceTimeBy(Duration.ofDays(365));
		assertThat(this.requests).hasValue(1);
		assertThat(refreshing.isDisposed()).isTrue();
	}

	@Test
	void disposingCancelsRefreshInProgress() {
		AtomicInteger cancelled = new AtomicInteger();
		this.answers.add(Mono.<byte[]>never().doOnCancel(cancelled::incrementAndGet));
		Disposable refreshing = this.catalog.refreshEvery(Duration.ofHours(6), Schedulers.immediate());
		assertThat(this.requests).hasValue(1);
		refreshing.dispose();
		assertThat(cancelled).hasValue(1);
	}

	@Test
	void modelsAreUnaffectedByRefresh() {
		GrokModel before = this.catalog.find("grok-4.3");
		Collection<GrokModel> models = this.catalog.models();
		refresh(model("grok-4.3", "\"context_length\":1"), model("grok-5", "\"context_length\":1"));
		assertThat(before.contextWindow()).isEqualTo(1_000_000);
		assertThat(models).contains(before).noneMatch((model) -> model.id().equals("grok-5"));
		assertThat(ModelCatalog.bundled().find("grok-5")).isNull();
	}

	private void assertNamesAreUnique() {
		Set<String> names = new HashSet<>();
		for (GrokModel model : this.catalog.models()) {
			assertThat(names.add(model.id())).as(model.id()).isTrue();
			model.aliases().forEach((alias) -> assertThat(names.add(alias)).as(alias).isTrue());
		}
	}

	private RefreshableModelCatalog catalog(Map<String, ModelOverride> overrides) {
		return RefreshableModelCatalog.create(overrides, () -> {
			this.requests.incrementAndGet();
			return this.answers.remove();
		}, this.clock);
	}

	private static ModelOverride override(long input, long output) {
		return new ModelOverride(Set.of(), null, new ModelOverride.Price(input, null, output, null, null, null, null),
				null, null, null);
	}

	/**
	 * Returns a list with all bundled models, of which only the given ones have details.
	 */
	private static String[] withOthers(String... models) {
		List<String> all = new ArrayList<>(List.of(models));
		ModelCatalog.bundled()
			.models()
			.stream()
			.filter((model) -> model.status() == Status.CURRENT && model.outputModalities().contains("text"))
			.filter((model) -> all.stream().noneMatch((entry) -> entry.startsWith("{\"id\":\"" + model.id() + "\"")))
			.map((model) -> model(model.id(), "\"object\":\"model\""))
			.forEach(all::add);
		return all.toArray(String[]::new);
	}

	private boolean refresh(String... models) {
		this.answers.add(list(models));
		return Boolean.TRUE.equals(this.catalog.refresh().block());
	}

	private static Mono<byte[]> list(String... models) {
		return Mono.just(("{\"models\":[" + String.join(",", models) + "]}").getBytes(StandardCharsets.UTF_8));
	}

	private static String model(String id, String fields) {
		return "{\"id\":\"" + id + "\"," + fields + "}";
	}

	private static String prices(long input, long cachedInput, long output, long threshold, long longInput,
			long longCachedInput, long longOutput) {
		return """
				"prompt_text_token_price":%d,"cached_prompt_text_token_price":%d,"prompt_image_token_price":%d,\
				"completion_text_token_price":%d,"long_context_threshold":%d,"prompt_text_token_price_long_context":%d,\
				"cached_prompt_text_token_price_long_context":%d,"completion_text_token_price_long_context":%d"""
			.formatted(input, cachedInput, input, output, threshold, longInput, longCachedInput, longOutput);
	}

}
