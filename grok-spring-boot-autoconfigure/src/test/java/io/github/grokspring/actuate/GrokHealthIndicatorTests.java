package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.EventDecoder;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrokHealthIndicator}.
 */
@Timeout(60)
class GrokHealthIndicatorTests {

	private static final String WRONG_KEY = "xai-wrong-key-that-nobody-may-see";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<ReactorXaiHttpClient> exchanges = new ArrayList<>();

	@AfterEach
	void close() {
		this.exchanges.forEach(ReactorXaiHttpClient::close);
	}

	@Test
	void isUpIfAllRequiredModelsAreListed() {
		Health health = indicator(models(), "grok-4.3", "grok-4.7").health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsOnlyKeys("host", "at", "latency", "models")
			.containsEntry("host", "api.x.ai");
		assertThat(health.getDetails().get("latency").toString()).matches("\\d+ ms");
		assertThat((Collection<?>) health.getDetails().get("models")).hasSize(7).asString().contains("grok-4.3");
		assertThat(xai.lastRequest().path()).isEqualTo("/v1/models");
		assertThat(xai.requestCount()).isEqualTo(1);
	}

	@Test
	void listedAliasIsServed() {
		assertThat(indicator(models(), "grok-4.3-latest", "grok-4.20").health().getStatus()).isEqualTo(Status.UP);
	}

	@ParameterizedTest
	@CsvSource({ "grok-4, grok-4.3", "grok-3-mini, grok-4.3", "x-ai/grok-4.3, grok-4.3", "grok-4-latest, grok-4.3",
			"grok-latest,", "grok-4.6-latest, grok-4.6", "grok-build-0.1," })
	void unlistedModelIsMissingEvenIfInCatalog(String required, String nearest) {
		Health health = indicator(models("grok-4.3", required), "grok-4.3", required).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "model_not_found");
		assertThat(health.getDetails().get("missing")).asString()
			.startsWith("{" + required + "=[" + ((nearest != null) ? nearest : ""));
	}

	@Test
	void aliasOfLanguageModelsIsServed() {
		xai.answersRaw(200, "application/json", "{\"object\":\"list\",\"data\":[{\"id\":\"grok-4.3\"}]}")
			.on("/v1/models");
		assertThat(indicator(models("grok-4.3-latest"), "grok-4.3-latest").health().getStatus()).isEqualTo(Status.UP);
		assertThat(xai.lastRequest().path()).isEqualTo("/v1/language-models");
	}

	@Test
	void listOfModelsAppliesIfLanguageModelsFail() {
		xai.answersRaw(200, "application/json", "{\"object\":\"list\",\"data\":[{\"id\":\"grok-4.3\"}]}")
			.on("/v1/models");
		xai.failsWith(404).on("/v1/language-models");
		Health health = indicator(models("grok-4.3-latest"), "grok-4.3-latest").health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "model_not_found").doesNotContainKey("httpStatus");
	}

	@Test
	void missingModelIsShownWithSimilarModels() {
		Health health = indicator(models(), "grok-4.3", "grok-4.77").health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "model_not_found").containsKey("models");
		assertThat(health.getDetails().get("missing")).asString().startsWith("{grok-4.77=[grok-4.7");
		assertThat(health.getDetails().get("action")).asString().contains("'grok.chat.model'");
	}

	@Test
	void invalidApiKeyIsDown() {
		Health health = indicator(modelsWithKey(WRONG_KEY)).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "invalid_api_key")
			.containsEntry("httpStatus", 400)
			.containsEntry("problem", "xAI rejects the API key");
		assertThat(health.getDetails().get("action")).asString().contains("XAI_API_KEY", "https://console.x.ai");
		assertThat(health.toString()).doesNotContain(WRONG_KEY, "xa***");
		assertThat(xai.requestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void distinguishesBlockedKeyDisabledKeyAndBlockedTeam(boolean models) {
		xai.blocksKey();
		assertThat(problem(models)).containsExactly("DOWN", "invalid_api_key", "The API key is blocked");
		xai.disablesKey();
		assertThat(problem(models)).containsExactly("DOWN", "invalid_api_key", "The API key is disabled");
		xai.blocksTeam();
		assertThat(problem(models)).containsExactly("DOWN", "permission_denied",
				"The xAI team of the API key is blocked");
	}

	private List<Object> problem(boolean models) {
		Health health = indicator(models ? models() : apiKey(xai.apiKey())).health();
		return List.of(health.getStatus().getCode(), health.getDetails().get("kind"),
				health.getDetails().get("problem"));
	}

	@Test
	void missingPermissionIsNoBlockedKey() {
		xai.failsWith(403).on("/v1/models");
		Health health = indicator(models()).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "permission_denied")
			.containsEntry("httpStatus", 403)
			.containsEntry("problem", "The API key lacks a permission");
		assertThat(xai.requestCount()).isEqualTo(2);
	}

	@Test
	void insufficientCreditsAreDown() {
		xai.hasNoCredits().on("/v1/models");
		Health health = indicator(models()).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "insufficient_credits").containsEntry("httpStatus", 403);
		assertThat(health.getDetails().get("action")).asString().startsWith("Add credits");
		assertThat(health.toString()).doesNotContain(XaiServer.TEAM_ID);
		assertThat(xai.requestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "500, server_error", "503, overloaded", "529, overloaded", "522, overloaded", "429, rate_limited" })
	void serverFailureIsShownWithItsKind(int status, String kind) {
		xai.failsWith(status).saying("x", "Secret words of the machine room").on("/v1/models");
		Health health = indicator(models()).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("httpStatus", status)
			.containsOnlyKeys("host", "at", "latency", "kind", "httpStatus", "problem", "action");
		assertThat(health.getDetails()).containsEntry("kind", kind);
		assertThat(health.toString()).doesNotContain("machine room", "Exception");
	}

	@Test
	void silentServerTimesOut() {
		xai.failsWith(500).silentFor(Duration.ofMinutes(5)).on("/v1/models");
		Probe probe = Probe.models(exchange(xai.baseUrl(), xai.apiKey()), Duration.ofMillis(200), Clock.systemUTC());
		Health health = indicator(probe).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "timeout").doesNotContainKey("httpStatus");
		xai.awaitClientDisconnect(Duration.ofSeconds(10));
	}

	@Test
	void unreachableServerIsConnectionProblem() {
		XaiServer gone = XaiServer.start();
		String baseUrl = gone.baseUrl();
		gone.close();
		Health health = indicator(
				Probe.models(exchange(baseUrl, gone.apiKey()), Duration.ofSeconds(10), Clock.systemUTC()))
			.health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "connection").doesNotContainKey("error");
		assertThat(health.toString()).doesNotContain("Exception", "refused", "127.0.0.1");
	}

	@Test
	void connectionResetIsConnectionProblem() {
		xai.resetsConnection().on("/v1/models");
		assertThat(indicator(models()).health().getDetails()).containsEntry("kind", "connection");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "{\"data\":7}", "null", "{\"data\":" })
	void otherServerIsDown(String body) {
		xai.answersRaw(200, "application/json", body).on("/v1/models");
		Health health = indicator(models()).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "unknown");
		assertThat(health.getDetails().get("action")).asString().contains("'grok.base-url'");
	}

	@Test
	void problemsOfApplicationAreOutOfService() {
		HealthProblem breaker = new HealthProblem("circuit-breaker", "default:grok-4.3",
				Instant.parse("2026-08-01T12:00:30Z"), "Wait.");
		HealthProblem budget = new HealthProblem("budget", "ever", null, "Raise it.");
		Health health = new GrokHealthIndicator(models(), "api.x.ai", Set.of(), ModelCatalog.bundled(),
				() -> List.of(breaker, budget))
			.health();
		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(health.getDetails())
			.containsEntry("problems",
					List.of(Map.of("kind", "circuit-breaker", "name", "default:grok-4.3", "until",
							"2026-08-01T12:00:30Z", "action", "Wait."),
							Map.of("kind", "budget", "name", "ever", "action", "Raise it.")));
	}

	@Test
	void noticesDoNotChangeStatus() {
		Health health = new GrokHealthIndicator(models(), "api.x.ai", Set.of(), ModelCatalog.bundled(), List::of,
				() -> Map.of("unsettled", "0.02 USD"))
			.health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("unsettled", "0.02 USD");
	}

	@Test
	void probeProblemTakesPrecedenceAndBothAreShown() {
		xai.failsWith(503).on("/v1/models");
		HealthProblem breaker = new HealthProblem("circuit-breaker", "default:grok-4.3", null, "Wait.");
		Health health = new GrokHealthIndicator(models(), "api.x.ai", Set.of(), ModelCatalog.bundled(),
				() -> List.of(breaker))
			.health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "overloaded").containsKey("problems");
	}

	@Test
	void probesApiKeyOnly() {
		Health health = indicator(apiKey(xai.apiKey()), "grok-never-heard-of").health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsOnlyKeys("host", "at", "latency");
		assertThat(xai.lastRequest().path()).isEqualTo("/v1/api-key");
		assertThat(indicator(apiKey(WRONG_KEY)).health().getDetails()).containsEntry("kind", "invalid_api_key");
	}

	@Test
	void concurrentHealthChecksShareOneRequest() throws Exception {
		xai.answersRaw(200, "application/json", "{\"object\":\"list\",\"data\":[{\"id\":\"grok-4.3\"}]}")
			.silentFor(Duration.ofMillis(500))
			.on("/v1/models");
		GrokHealthIndicator indicator = indicator(models().cached(Duration.ofMinutes(5), Clock.systemUTC()),
				"grok-4.3");
		Flux<Health> reactive = Flux.range(0, 800).flatMap((i) -> indicator.reactive().health(), 800);
		ExecutorService threads = Executors.newFixedThreadPool(200);
		try {
			CountDownLatch together = new CountDownLatch(200);
			List<Future<Health>> blocking = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				blocking.add(threads.submit(() -> {
					together.countDown();
					together.await();
					return indicator.health();
				}));
			}
			assertThat(reactive.collectList().block(Duration.ofSeconds(30))).hasSize(800)
				.allSatisfy((health) -> assertThat(health.getStatus()).isEqualTo(Status.UP));
			for (Future<Health> health : blocking) {
				assertThat(health.get(30, TimeUnit.SECONDS).getStatus()).isEqualTo(Status.UP);
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(xai.requestCount()).isEqualTo(1);
	}

	@Test
	void reactiveIndicatorWorksOnEventLoop() {
		Health health = Mono.defer(() -> indicator(models(), "grok-4.3").reactive().health())
			.subscribeOn(Schedulers.parallel())
			.block(Duration.ofSeconds(30));
		assertThat(health).isNotNull().extracting(Health::getStatus).isEqualTo(Status.UP);
	}

	@Test
	void reactiveIndicatorLeavesEventLoopOfConnection() {
		String thread = indicator(models()).reactive()
			.health()
			.map((health) -> Thread.currentThread().getName())
			.block(Duration.ofSeconds(30));
		assertThat(thread).doesNotStartWith("grok-http");
	}

	@Test
	void interruptedThreadStaysInterrupted() {
		Thread.currentThread().interrupt();
		Health health = indicator(models()).health();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void failingApiKeySupplierIsMissingApiKey() {
		Probe probe = Probe.models(exchange(xai.baseUrl(), () -> {
			throw new IllegalStateException("the vault said " + WRONG_KEY);
		}), Duration.ofSeconds(10), Clock.systemUTC());
		Health health = indicator(probe).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "missing_api_key");
		assertThat(health.toString()).doesNotContain("vault", WRONG_KEY);
		assertThat(xai.requestCount()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void unexpectedFailureIsNotShown(boolean thrown) {
		RuntimeException failure = new IllegalStateException("the vault said " + WRONG_KEY);
		XaiHttpClient broken = new XaiHttpClient() {

			@Override
			public Mono<ApiResponse> exchange(ApiRequest request) {
				if (thrown) {
					throw failure;
				}
				return Mono.error(failure);
			}

			@Override
			public <T> Flux<T> stream(ApiRequest request, Function<ResponseHeaders, EventDecoder<T>> decoders) {
				return Flux.error(failure);
			}

		};
		Health health = indicator(Probe.models(broken, Duration.ofSeconds(10), Clock.systemUTC())).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("kind", "unknown")
			.containsEntry("problem", "The request to /models failed");
		assertThat(health.toString()).doesNotContain("vault", WRONG_KEY);
	}

	private Probe models(String... required) {
		return Probe.models(exchange(xai.baseUrl(), xai.apiKey()), Duration.ofSeconds(10), Clock.systemUTC(),
				List.of(required));
	}

	private Probe modelsWithKey(String key) {
		return Probe.models(exchange(xai.baseUrl(), key), Duration.ofSeconds(10), Clock.systemUTC());
	}

	private Probe apiKey(String key) {
		return Probe.apiKey(exchange(xai.baseUrl(), key), Duration.ofSeconds(10), Clock.systemUTC());
	}

	private ReactorXaiHttpClient exchange(String baseUrl, String key) {
		return exchange(baseUrl, () -> key);
	}

	private ReactorXaiHttpClient exchange(String baseUrl, Supplier<String> key) {
		ReactorXaiHttpClient exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(baseUrl), key);
		this.exchanges.add(exchange);
		return exchange;
	}

	private static GrokHealthIndicator indicator(Probe probe, String... required) {
		return new GrokHealthIndicator(probe, "api.x.ai", List.of(required), ModelCatalog.bundled(), List::of);
	}

}
