package io.github.grokspring.autoconfigure;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.actuate.GrokHealthIndicator;
import io.github.grokspring.actuate.RecentOutcomes;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.actuate.endpoint.SimpleHttpCodeStatusMapper;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * From {@code grok.health.*} to the health indicator.
 */
@Timeout(120)
class HealthConfigurationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(HealthContributorRegistryAutoConfiguration.class,
				GrokHealthAutoConfiguration.class))
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl(),
				"grok.retry.enabled=false");

	@Test
	void pauseThatXaiAskedForIsInTheDetails() {
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			HealthIndicator indicator = context.getBean(GrokHealthIndicator.class);
			assertThat(indicator.health().getDetails()).doesNotContainKey("paused");
			xai.failsWith(429).retryAfter(120);
			assertThatException().isThrownBy(() -> model.call(new Prompt("hi")));
			Health health = indicator.health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().get("paused")).asString()
				.startsWith("no requests are sent to grok-4.3 until 2")
				.endsWith(", because xAI rate-limited a request (429)");
		});
	}

	@Test
	void oneIndicatorServesBlockingAndReactiveApplications() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(GrokHealthIndicator.class).hasBean("grokHealthIndicator");
			HealthIndicator blocking = (HealthIndicator) context.getBean(HealthContributorRegistry.class)
				.getContributor("grok");
			ReactiveHealthIndicator reactive = (ReactiveHealthIndicator) context
				.getBean(ReactiveHealthContributorRegistry.class)
				.getContributor("grok");
			assertThat(blocking).isSameAs(context.getBean("grokHealthIndicator"));
			assertThat(blocking.health().getStatus()).isEqualTo(Status.UP);
			assertThat(reactive).isNotNull();
			Health health = reactive.health().subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(30));
			assertThat(health).isEqualTo(blocking.health());
			assertThat(health.getDetails()).containsEntry("host", "127.0.0.1");
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	@Test
	void theModelsOfTheClientsAreRequired() {
		this.runner.withPropertyValues("grok.chat.model=grok-4.3", "grok.clients.deep.model=grok-44").run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(health(context).getDetails().get("missing")).asString()
				.contains("grok-44=[")
				.doesNotContain("3=");
		});
	}

	@Test
	void otherModelsCanBeRequired() {
		this.runner.withPropertyValues("grok.clients.deep.model=grok-44", "grok.health.required-models=grok-4.5")
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void theKeyCanBeLookedAtInstead() {
		xai.blocksTeam();
		this.runner.withPropertyValues("grok.health.probe=api-key").run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(xai.lastRequest().path()).isEqualTo("/v1/api-key");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void withoutAProbeTheCallsOfTheApplicationTell(boolean cost) {
		this.runner.withPropertyValues("grok.health.probe=none", "grok.cost.enabled=" + cost).run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(xai.requestCount()).isZero();
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt("Hello").call().content();
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			xai.hasNoCredits();
			assertThatException().isThrownBy(() -> client.prompt("Hello").stream().content().blockLast());
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(health(context).getDetails()).containsEntry("kind", "insufficient_credits");
			client.prompt("Hello").stream().content().blockLast();
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	@Test
	void anOpenCircuitBreakerPutsOutOfService() {
		this.runner.withPropertyValues("grok.circuit-breaker.minimum-calls=1").run((context) -> {
			xai.failsWith(500);
			assertThatException().isThrownBy(() -> context.getBean(ChatClient.class).prompt("Hello").call().content());
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(health.getDetails().get("problems")).asString()
				.matches("\\[\\{kind=circuit-breaker, name=default:grok-4.3, until=20\\S+Z, action=.*");
			context.getBean(CircuitBreakers.class).reset("default:grok-4.3");
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void aCircuitBreakerThatLetsRequestsThroughAgainDoesNot() {
		this.runner
			.withPropertyValues("grok.circuit-breaker.minimum-calls=1", "grok.circuit-breaker.open-duration=1ms",
					"grok.health.probe=none")
			.run((context) -> {
				xai.failsWith(500);
				assertThatException()
					.isThrownBy(() -> context.getBean(ChatClient.class).prompt("Hello").call().content());
				await().untilAsserted(() -> assertThat(health(context).getDetails()).doesNotContainKey("problems"));
			});
	}

	@ParameterizedTest
	@CsvSource({ "all, fail, daily", "client, fail, daily:default", "model, fail, daily:grok-4.3",
			"all, downgrade, daily" })
	void aBudgetThatIsUsedUpPutsOutOfService(String scope, String onExceeded, String name) {
		this.runner
			.withPropertyValues("grok.budgets.daily.limit=1", "grok.budgets.daily.scope=" + scope,
					"grok.budgets.daily.on-exceeded=" + onExceeded,
					onExceeded.equals("downgrade") ? "grok.budgets.daily.downgrade-model=grok-4.3" : "x=y",
					onExceeded.equals("downgrade") ? "grok.clients.dear.model=grok-4.7" : "x=y")
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				spend(context);
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
				assertThat(health.getDetails().get("problems")).asString()
					.matches("\\[\\{kind=budget, name=" + name + ", until=20\\S+T00:00:00Z, action=.*");
			});
	}

	@ParameterizedTest
	@CsvSource({ "all, warn", "tenant, fail" })
	void aBudgetThatRefusesNotEverybodyDoesNot(String scope, String onExceeded) {
		this.runner
			.withPropertyValues("grok.budgets.daily.limit=1", "grok.budgets.daily.scope=" + scope,
					"grok.budgets.daily.on-exceeded=" + onExceeded)
			.run((context) -> {
				spend(context);
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			});
	}

	@Test
	void aStoreOfBudgetsThatFailsPutsOutOfServiceAndShowsWhatElseThereIs() {
		this.runner.withPropertyValues("grok.budgets.daily.limit=1")
			.withBean(BudgetStore.class, UnavailableStore::new)
			.run((context) -> {
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
				assertThat(health.getDetails()).containsKey("models");
				assertThat(health.getDetails().get("problems")).asString()
					.startsWith("[{kind=budget-store, name=daily, action=Check the budget store")
					.doesNotContain("lost");
			});
	}

	@Test
	void whatAStoreOfBudgetsHasNotAcceptedYetIsShownAndMeasuredUntilItHas() {
		AtomicBoolean broken = new AtomicBoolean(true);
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		this.runner.withPropertyValues("grok.budgets.daily.limit=1")
			.withBean(MeterRegistry.class, () -> meters)
			.withBean(BudgetStore.class, () -> acceptsNoSettlementWhile(broken))
			.run((context) -> {
				assertThat(health(context).getDetails()).doesNotContainKey("unsettled");
				xai.answers("Four").usage(100_000, 1000);
				context.getBean(ChatClient.class).prompt("Hello").call().content();
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.UP);
				assertThat(health.getDetails().get("unsettled")).asString()
					.matches("0\\.\\d+ USD spent, but not yet recorded by the budget store");
				assertThat(meters.get("grok.budget.unsettled").gauge().value()).isPositive();
				broken.set(false);
				await().untilAsserted(() -> assertThat(health(context).getDetails()).doesNotContainKey("unsettled"));
				assertThat(meters.get("grok.budget.unsettled").gauge().value()).isZero();
				assertThat(context.getBean(Budgets.class).status().get(0).usedTicks()).isPositive();
			});
	}

	private static BudgetStore acceptsNoSettlementWhile(AtomicBoolean broken) {
		BudgetStore memory = BudgetStore.inMemory(Clock.systemUTC());
		return (BudgetStore) Proxy.newProxyInstance(BudgetStore.class.getClassLoader(),
				new Class<?>[] { BudgetStore.class }, (proxy, method, arguments) -> {
					if (broken.get() && method.getName().equals("settle")) {
						throw new IllegalStateException("connection reset");
					}
					return method.invoke(memory, arguments);
				});
	}

	private static void spend(ApplicationContext context) {
		xai.answers("Four").usage(100_000, 600_000);
		context.getBean(ChatClient.class).prompt("Hello").call().content();
	}

	@Test
	void outOfServiceIs503AsBootMapsIt() {
		SimpleHttpCodeStatusMapper mapper = new SimpleHttpCodeStatusMapper();
		assertThat(mapper.getStatusCode(Status.OUT_OF_SERVICE)).isEqualTo(503);
		assertThat(mapper.getStatusCode(Status.DOWN)).isEqualTo(503);
		assertThat(mapper.getStatusCode(Status.UNKNOWN)).isEqualTo(200);
	}

	@Test
	void noChatIsCountedForAProbe() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> meters)
			.withPropertyValues("grok.rate-limit.requests-per-minute=1", "grok.budgets.daily.limit=1")
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(meters.getMeters()).extracting((meter) -> meter.getId().getName())
					.noneMatch((name) -> name.startsWith("grok.client.requests") || name.startsWith("grok.client.cost")
							|| name.startsWith("grok.client.tokens") || name.startsWith("resilience4j"));
				assertThat(meters.getMeters()).filteredOn((meter) -> meter.getId().getName().equals("grok.budget.used"))
					.allSatisfy((meter) -> assertThat(value(meter)).isZero());
				assertThat(context.getBean(ChatClient.class).prompt("Hello").call().content()).isNotEmpty();
			});
	}

	private static double value(Meter meter) {
		return meter.measure().iterator().next().getValue();
	}

	@Test
	void timeoutsOfChatsAreNotThoseOfTheProbe() {
		xai.failsWith(500).silentFor(Duration.ofMinutes(5)).on("/v1/models");
		this.runner.withPropertyValues("grok.health.timeout=100ms", "grok.http.read-timeout=5m").run((context) -> {
			Health health = health(context);
			assertThat(health.getDetails()).containsEntry("kind", "timeout");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.grok.enabled=false", "management.health.defaults.enabled=false",
			"grok.enabled=false" })
	void canBeSwitchedOff(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(GrokHealthIndicator.class)
				.doesNotHaveBean(RecentOutcomes.class)
				.doesNotHaveBean("grokHealthContributor"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "grokHealthIndicator", "grokHealthContributor" })
	void stepsBackBehindOneOfTheUsers(String name) {
		this.runner.withBean(name, HealthIndicator.class, () -> () -> Health.up().withDetail("own", true).build())
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(HealthIndicator.class)
					.doesNotHaveBean(ReactiveHealthIndicator.class);
				assertThat(context.getBean(HealthContributorRegistry.class).getContributor("grok")).isNotNull();
			});
	}

	@Test
	void isNotThereWithoutTheModuleForHealth() {
		ContextRunners.starterWithKey()
			.withConfiguration(AutoConfigurations.of(GrokHealthAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ModelCatalog.class)
				.doesNotHaveBean("grokHealthIndicator")
				.doesNotHaveBean("grokHealthContributor")
				.doesNotHaveBean("grokLastCalls"));
	}

	@Test
	void isPassiveWithoutAConnectionOfOurOwn() {
		this.runner.withPropertyValues("grok.chat.transport=spring-ai")
			.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
				context.getBean(ChatClient.class).prompt("Hello").call().content();
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(xai.requestCount()).isEqualTo(1);
			});
	}

	@Test
	void everySettingCanBeWritten() {
		GrokHealthProperties properties = Binder
			.get(new MockEnvironment().withProperty("grok.health.probe", "none")
				.withProperty("grok.health.cache-ttl", "1m")
				.withProperty("grok.health.timeout", "2s")
				.withProperty("grok.health.required-models", "grok-4.3, ,grok-4.7"))
			.bindOrCreate("grok.health", GrokHealthProperties.class);
		assertThat(properties).isEqualTo(new GrokHealthProperties(GrokHealthProperties.Probe.NONE,
				Duration.ofMinutes(1), Duration.ofSeconds(2), Set.of("grok-4.3", "grok-4.7")));
		assertThat(Binder.get(new MockEnvironment()).bindOrCreate("grok.health", GrokHealthProperties.class))
			.isEqualTo(new GrokHealthProperties(GrokHealthProperties.Probe.MODELS, Duration.ofSeconds(30),
					Duration.ofSeconds(3), Set.of()));
	}

	@ParameterizedTest
	@CsvSource({ "cache-ttl, -1s, must not be negative", "timeout, 0s, must be longer than 0",
			"timeout, -3s, must be longer than 0" })
	void whatMakesNoSenseIsRefused(String key, String value, String problem) {
		this.runner.withPropertyValues("grok.health." + key + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("'" + key + "'", problem));
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(GrokHealthIndicator.class).health();
	}

}
