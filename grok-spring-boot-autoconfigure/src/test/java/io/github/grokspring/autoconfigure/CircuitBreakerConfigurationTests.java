package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.grokspring.MutableClock;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.ratelimit.ModelRateLimits;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakerChatModel;
import io.github.grokspring.retry.CircuitBreakerSettings;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServer;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * From {@code grok.circuit-breaker.*} to circuit breakers.
 */
class CircuitBreakerConfigurationTests {

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(XaiServer.class, XaiServer::start);

	@Test
	void aModelThatKeepsFailingIsLeftAlone() {
		this.application
			.withPropertyValues("grok.circuit-breaker.minimum-calls=3", "grok.retry.enabled=false",
					"grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				XaiServer xai = context.getBean(XaiServer.class);
				ChatClient client = context.getBean(ChatClient.class);
				xai.failsWith(500).byDefault();
				for (int i = 0; i < 3; i++) {
					assertThatExceptionOfType(GrokApiException.class)
						.isThrownBy(() -> client.prompt("Hello").call().content());
				}
				assertThatExceptionOfType(CircuitOpenException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content());
				assertThatExceptionOfType(CircuitOpenException.class)
					.isThrownBy(() -> client.prompt("Hello").stream().content().blockLast());
				assertThat(xai.requestCount()).isEqualTo(3);
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(
						() -> context.getBean("fastChatClient", ChatClient.class).prompt("Hello").call().content());
				CircuitBreakers breakers = context.getBean("grokCircuitBreakers", CircuitBreakers.class);
				assertThat(breakers.statuses()).extracting(CircuitBreakerStatus::name)
					.containsExactly("default:grok-4.3", "fast:grok-4.5");
				assertThat(breakers.reset("default:grok-4.3")).isTrue();
				xai.answers("Again.");
				assertThat(client.prompt("Hello").call().content()).isEqualTo("Again.");
			});
	}

	@Test
	void waitingForARateLimitIsNotSlow() {
		MutableClock clock = new MutableClock();
		CircuitBreakers impatient = CircuitBreakers.create(new CircuitBreakerSettings(50, Duration.ofMillis(1500),
				Duration.ofSeconds(60), 1, Duration.ofSeconds(30), 1), clock, (registry) -> {
				});
		this.application.withBean("own", CircuitBreakers.class, () -> impatient)
			.withPropertyValues("grok.rate-limit.max-concurrent=1", "grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				assertThat(stages(context.getBean(GrokChatModel.class))).containsSubsequence("retry", "rate-limit",
						"circuit-breaker");
				XaiServer xai = context.getBean(XaiServer.class);
				RateLimits limits = context.getBean(RateLimits.class);
				xai.answersInChunks(3).thinkingFor(Duration.ofMinutes(5));
				xai.answers("At once.");
				Disposable first = context.getBean("fastChatClient", ChatClient.class)
					.prompt("Hello")
					.stream()
					.content()
					.subscribe();
				await().until(() -> xai.requestCount() == 1);
				CompletableFuture<String> second = context.getBean(ChatClient.class)
					.prompt("Hello")
					.stream()
					.content()
					.collect(Collectors.joining())
					.toFuture();
				await().until(() -> limits.status().queued() == 1);
				clock.move(Duration.ofSeconds(2));
				first.dispose();
				assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("At once.");
				assertThat(impatient.statuses()).contains(new CircuitBreakerStatus("default:grok-4.3", "default",
						"grok-4.3", CircuitBreakerStatus.State.CLOSED, 0.0, null));
			});
	}

	@Test
	void whatItRefusesCountsForNoRateLimit() {
		this.application.withBean("grokCircuitBreakers", CircuitBreakers.class, AllOpen::new)
			.withPropertyValues("grok.rate-limit.requests-per-minute=20", "grok.rate-limit.burst=100%")
			.run((context) -> {
				ChatClient client = context.getBean(ChatClient.class);
				assertThatExceptionOfType(CircuitOpenException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content());
				Thread.currentThread().interrupt();
				assertThatExceptionOfType(CircuitOpenException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content());
				assertThat(Thread.interrupted()).isTrue();
				assertThatExceptionOfType(CircuitOpenException.class)
					.isThrownBy(() -> client.prompt("Hello").stream().content().blockLast());
				assertThat(context.getBean(RateLimits.class).status().active()).isZero();
				assertThat(context.getBean(RateLimits.class).status().models()).singleElement()
					.extracting(ModelRateLimits::remainingRequests)
					.isEqualTo(20L);
			});
	}

	@Test
	void everySettingCanBeWritten() {
		MockEnvironment environment = new MockEnvironment()
			.withProperty("grok.circuit-breaker.failure-rate-threshold", "1")
			.withProperty("grok.circuit-breaker.slow-call-duration", "2s")
			.withProperty("grok.circuit-breaker.sliding-window", "3s")
			.withProperty("grok.circuit-breaker.minimum-calls", "4")
			.withProperty("grok.circuit-breaker.open-duration", "5s")
			.withProperty("grok.circuit-breaker.half-open-calls", "6");
		assertThat(settings(environment)).isEqualTo(new CircuitBreakerSettings(1, Duration.ofSeconds(2),
				Duration.ofSeconds(3), 4, Duration.ofSeconds(5), 6));
		assertThat(settings(new MockEnvironment()))
			.isEqualTo(new CircuitBreakerSettings(50, null, Duration.ofSeconds(60), 20, Duration.ofSeconds(30), 3));
	}

	private static CircuitBreakerSettings settings(MockEnvironment environment) {
		return Binder.get(environment)
			.bindOrCreate("grok.circuit-breaker", GrokCircuitBreakerProperties.class)
			.toSettings();
	}

	@Test
	void resilience4jCountsIntoTheRegistryOfTheApplication() {
		this.application.withBean(SimpleMeterRegistry.class).run((context) -> {
			context.getBean(ChatClient.class).prompt("Hello").call().content();
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("resilience4j.circuitbreaker.calls")
				.tags("name", "default:grok-4.3", "kind", "successful")
				.timer()
				.count()).isEqualTo(1);
			assertThat(meters.get("resilience4j.circuitbreaker.state")
				.tags("name", "default:grok-4.3", "state", "closed")
				.gauge()
				.value()).isEqualTo(1);
		});
	}

	@Test
	void nothingIsCountedWithoutTheBridgeToMicrometer() {
		this.application.withBean(SimpleMeterRegistry.class)
			.withClassLoader(new FilteredClassLoader(TaggedCircuitBreakerMetrics.class))
			.run((context) -> {
				context.getBean(ChatClient.class).prompt("Hello").call().content();
				assertThat(context).hasSingleBean(CircuitBreakers.class);
				assertThat(context.getBean(MeterRegistry.class).find("resilience4j.circuitbreaker.calls").timers())
					.isEmpty();
			});
	}

	@Test
	void micrometerNeedNotBeThere() {
		this.application.withClassLoader(new FilteredClassLoader("io.micrometer.core")).run((context) -> {
			assertThat(context).hasSingleBean(CircuitBreakers.class);
			assertThat(stages(context.getBean(GrokChatModel.class))).contains("circuit-breaker");
		});
	}

	@Test
	void canBeSwitchedOff() {
		this.application.withPropertyValues("grok.circuit-breaker.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(CircuitBreakers.class).doesNotHaveBean("grokCircuitBreakerDecorator");
			assertThat(stages(context.getBean(GrokChatModel.class))).doesNotContain("circuit-breaker");
		});
	}

	@Test
	void isNotThereWithoutResilience4j() {
		this.application.withClassLoader(new FilteredClassLoader(CircuitBreaker.class)).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(CircuitBreakers.class);
			assertThat(stages(context.getBean(GrokChatModel.class))).doesNotContain("circuit-breaker");
		});
	}

	@Test
	void whoeverAsksForItWithoutResilience4jIsTold() {
		this.application.withPropertyValues("grok.circuit-breaker.enabled=true")
			.withClassLoader(new FilteredClassLoader(CircuitBreaker.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("'grok.circuit-breaker.enabled' is 'true'")
				.hasMessageContaining("Add the dependency io.github.resilience4j:resilience4j-circuitbreaker"));
	}

	@Test
	void givesWayToOnesOfTheApplication() {
		this.application.withBean("own", CircuitBreakers.class, AllOpen::new)
			.withPropertyValues("grok.circuit-breaker.enabled=true")
			.withClassLoader(new FilteredClassLoader(CircuitBreaker.class))
			.run((context) -> {
				assertThat(context).hasSingleBean(CircuitBreakers.class);
				assertThatExceptionOfType(CircuitOpenException.class)
					.isThrownBy(() -> context.getBean(ChatClient.class).prompt("Hello").call().content())
					.withMessage("Not today.");
			});
	}

	@Test
	void theStageCanBeReplacedByName() {
		this.application.withBean("grokCircuitBreakerDecorator", ChatModelDecorator.class,
				() -> CircuitBreakerChatModel.decorator(CircuitBreakers.create(
						new CircuitBreakerSettings(1, null, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 1),
						TimeSource.system(), (registry) -> {
						})))
			.run((context) -> {
				assertThat(stages(context.getBean(GrokChatModel.class))).containsOnlyOnce("circuit-breaker");
				context.getBean(ChatClient.class).prompt("Hello").call().content();
				assertThat(context.getBean(CircuitBreakers.class).statuses()).isEmpty();
			});
	}

	private static List<String> stages(GrokChatModel model) {
		return model.stages();
	}

	/**
	 * Let nothing through.
	 */
	private static final class AllOpen implements CircuitBreakers {

		@Override
		public Permit acquire(String client, String model) {
			throw new CircuitOpenException(model, Instant.EPOCH, "Not today.");
		}

		@Override
		public List<CircuitBreakerStatus> statuses() {
			return List.of();
		}

		@Override
		public boolean reset(String name) {
			return false;
		}

	}

}
