package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices.TokenPrices;
import io.github.grokspring.catalog.RefreshableModelCatalog;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The catalogue of an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class CatalogConfigurationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static final String LIST = "/v1/language-models";

	private static final String JSON = "application/json";

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl());

	@Test
	void withoutAWordItIsWhatComesWithTheLibrary() {
		this.application.run((context) -> {
			assertThat(context).hasSingleBean(ModelCatalog.class).hasBean("grokModelCatalog");
			assertThat(context.getBean(ModelCatalog.class).models()).isEqualTo(ModelCatalog.bundled().models());
			ready(context);
			assertThat(xai.requestCount()).isZero();
		});
	}

	@Test
	void aCatalogueOfTheApplicationIsKept(CapturedOutput output) {
		ModelCatalog own = ModelCatalog.bundled();
		this.application.withBean("own", ModelCatalog.class, () -> own)
			.withPropertyValues("grok.catalog.refresh=1h", "grok.models.house.context-window=1")
			.run((context) -> {
				assertThat(context).hasSingleBean(ModelCatalog.class).doesNotHaveBean("grokModelCatalog");
				ready(context);
				assertThat(xai.requestCount()).isZero();
			});
		assertThat(output).containsOnlyOnce("WARN")
			.containsOnlyOnce("'grok.models' and 'grok.catalog.refresh' have no effect");
	}

	@Test
	void aCatalogueOfTheApplicationThatCanBeRefreshedIs(CapturedOutput output) {
		RefreshableModelCatalog own = RefreshableModelCatalog.create(Map.of(), Mono::never, InstantSource.system());
		this.application.withBean("own", ModelCatalog.class, () -> own)
			.withPropertyValues("grok.catalog.refresh=1h")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("WARN");
		this.application.withBean("own", ModelCatalog.class, () -> own)
			.withPropertyValues("grok.models.house.context-window=1")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("'grok.models' has no effect");
	}

	@Test
	void whatIsWrittenBelowModelsChangesTheCatalogue() {
		this.application
			.withPropertyValues("grok.models.[grok-4.3].price.input=1.1",
					"grok.models.[grok-4.3].price.cached-input=0.1", "grok.models.[grok-4.3].price.output=2",
					"grok.models.[grok-4.3].price.long-context-input=3",
					"grok.models.[grok-4.3].price.long-context-cached-input=0.3",
					"grok.models.[grok-4.3].price.long-context-output=4",
					"grok.models.[grok-4.3].price.long-context-threshold=100000",
					"grok.models.[grok-4.3].aliases=mine, yours", "grok.models.[grok-4.3].context-window=2000000",
					"grok.models.[grok-4.3].unsupported-parameters=presencePenalty,frequency-penalty,stop",
					"grok.models.[grok-4.3].reasoning-efforts=high,low",
					"grok.models.[grok-4.3].reasoning-effort-default=high", "grok.models.house.context-window=1000")
			.run((context) -> {
				ModelCatalog catalog = context.getBean(ModelCatalog.class);
				GrokModel model = catalog.find("mine");
				assertThat(model).isSameAs(catalog.find("grok-4.3")).isSameAs(catalog.find("yours"));
				assertThat(model.contextWindow()).isEqualTo(2_000_000);
				assertThat(model.refusedParameters()).containsExactlyInAnyOrder("presence_penalty", "frequency_penalty",
						"stop");
				assertThat(model.reasoningEfforts()).containsExactly("low", "high");
				assertThat(model.defaultReasoningEffort()).isEqualTo("high");
				assertThat(model.pricesAt(Instant.now()).forPrompt(99_999))
					.isEqualTo(new TokenPrices(11_000, 1_000, 11_000, 20_000));
				assertThat(model.pricesAt(Instant.now()).forPrompt(100_000))
					.isEqualTo(new TokenPrices(30_000, 3_000, 30_000, 40_000));
				assertThat(catalog.find("house").contextWindow()).isEqualTo(1000);
			});
	}

	@Test
	void nothingIsAskedBeforeTheApplicationIsReady() {
		this.application.withPropertyValues("grok.catalog.refresh=startup").run((context) -> {
			assertThat(context.getBean(ModelCatalog.class)).isInstanceOf(RefreshableModelCatalog.class);
			assertThat(xai.requestCount()).isZero();
		});
	}

	@Test
	void isRefreshedOnceInTheBackgroundWhenTheApplicationIsReady() {
		answers(model("grok-4.3", "\"prompt_text_token_price\":11,\"completion_text_token_price\":22"));
		this.application.withPropertyValues("grok.catalog.refresh=startup").run((context) -> {
			ModelCatalog catalog = context.getBean(ModelCatalog.class);
			ready(context);
			await(() -> assertThat(catalog.revision()).isEqualTo(1));
			assertThat(catalog.find("grok-4.3").pricesAt(Instant.now()).tokens().output()).isEqualTo(22);
			assertThat(catalog.find("grok-4.3").pricesAt(Instant.EPOCH).tokens().output()).isEqualTo(25_000);
			ready(context);
			assertThat(xai.requestCount()).isEqualTo(1);
			assertThat(xai.lastRequest().path()).isEqualTo(LIST);
		});
	}

	@Test
	void isRefreshedAgainAndAgainAndLearnsLaterChanges() {
		answers(model("grok-4.3", "\"context_length\":1"));
		answers(model("grok-4.3", "\"context_length\":2"));
		xai.failsWith(503).on(LIST);
		answers(model("grok-4.3", "\"context_length\":3"));
		this.application.withPropertyValues("grok.catalog.refresh=1m").run((context) -> {
			RefreshableModelCatalog catalog = (RefreshableModelCatalog) context.getBean(ModelCatalog.class);
			Disposable refreshing = catalog.refreshEvery(Duration.ofMillis(20), Schedulers.boundedElastic());
			await(() -> assertThat(catalog.find("grok-4.3").contextWindow()).isEqualTo(3));
			await(() -> assertThat(xai.requestCount()).isGreaterThan(5));
			assertThat(catalog.revision()).isGreaterThanOrEqualTo(3);
			refreshing.dispose();
		});
		assertThat(xai.openStreams()).isZero();
	}

	@Test
	void whatIsWrittenBelowModelsGoesBeforeARefresh() {
		answers(model("grok-4.3",
				"\"context_length\":5,\"prompt_text_token_price\":11,\"completion_text_token_price\":22"));
		this.application.withPropertyValues("grok.catalog.refresh=startup", "grok.models.[grok-4.3].price.input=1.1")
			.run((context) -> {
				ModelCatalog catalog = context.getBean(ModelCatalog.class);
				ready(context);
				await(() -> assertThat(catalog.find("grok-4.3").contextWindow()).isEqualTo(5));
				TokenPrices prices = catalog.find("grok-4.3").pricesAt(Instant.now()).tokens();
				assertThat(prices.input()).isEqualTo(11_000);
				assertThat(prices.output()).isEqualTo(22);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage", "{\"models\":7}", "{\"code\":\"internal\",\"error\":\"Internal error\"}" })
	void anAnswerThatIsNoListChangesNothing(String body, CapturedOutput output) {
		xai.answersRaw(200, JSON, body).on(LIST);
		assertThatNothingChanges(output);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404, 429, 500, 503, 525 })
	void aRefusalChangesNothing(int status, CapturedOutput output) {
		xai.failsWith(status).on(LIST);
		assertThatNothingChanges(output);
	}

	@Test
	void aBrokenConnectionChangesNothing(CapturedOutput output) {
		xai.resetsConnection().on(LIST);
		assertThatNothingChanges(output);
	}

	@Test
	void aWrongKeyChangesNothingAndIsNotShown(CapturedOutput output) {
		String key = "xai-wrong-0123456789";
		this.application.withPropertyValues("grok.api-key=" + key, "grok.catalog.refresh=startup").run((context) -> {
			ready(context);
			await(() -> assertThat(output).contains("could not be refreshed"));
		});
		assertThat(output).doesNotContain(key);
	}

	@Test
	void aContextThatClosesEndsTheRefreshUnderWayQuietly(CapturedOutput output) {
		xai.answersRaw(200, JSON, "{}").on(LIST).silentFor(Duration.ofMinutes(1));
		this.application.withPropertyValues("grok.catalog.refresh=1h").run((context) -> {
			ready(context);
			await(() -> assertThat(xai.requestCount()).isEqualTo(1));
		});
		xai.awaitClientDisconnect(LIMIT);
		assertThat(output).doesNotContain("could not be refreshed");
	}

	@Test
	void withoutAConnectionThereIsNothingToRefreshFrom() {
		this.application.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.withPropertyValues("grok.catalog.refresh=startup", "grok.chat.transport=spring-ai")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(
						"'grok.catalog.refresh' is 'startup', but io.projectreactor.netty:reactor-netty-http is not"));
		this.application.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.withPropertyValues("grok.chat.transport=spring-ai")
			.run((context) -> assertThat(context).hasSingleBean(ModelCatalog.class));
	}

	@ParameterizedTest
	@CsvSource({ "never, false,", "NEVER, false,", "startup, true,", "6h, true, PT6H", "90, true, PT1M30S",
			"60, true, PT1M", "PT1M, true, PT1M", "'', false," })
	void whenToRefreshIsAWordOrADuration(String text, boolean refreshes, Duration interval) {
		GrokCatalogProperties properties = new GrokCatalogProperties(text);
		assertThat(properties.refreshes()).isEqualTo(refreshes);
		assertThat(properties.interval()).isEqualTo(interval);
	}

	@Test
	void theDataIsPartOfANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new CatalogConfiguration.Hints().registerHints(hints, null);
		assertThat(RuntimeHintsPredicates.resource().forResource("io/github/grokspring/catalog/models.json"))
			.accepts(hints);
	}

	private void assertThatNothingChanges(CapturedOutput output) {
		this.application.withPropertyValues("grok.catalog.refresh=startup").run((context) -> {
			ModelCatalog catalog = context.getBean(ModelCatalog.class);
			ready(context);
			await(() -> assertThat(output).containsOnlyOnce("could not be refreshed"));
			assertThat(catalog.models()).isEqualTo(ModelCatalog.bundled().models());
			assertThat(catalog.revision()).isZero();
		});
	}

	private static void ready(AssertableApplicationContext context) {
		GenericApplicationContext source = (GenericApplicationContext) context.getSourceApplicationContext();
		context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0], source, Duration.ZERO));
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(LIMIT).untilAsserted(assertion);
	}

	private static void answers(String... models) {
		xai.answersRaw(200, JSON, "{\"models\":[" + String.join(",", models) + "]}").on(LIST);
	}

	private static String model(String id, String fields) {
		return "{\"id\":\"" + id + "\"," + fields + "}";
	}

}
