package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.openai.core.http.Headers;
import com.openai.errors.OpenAIServiceException;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.retry.Backoff;
import io.github.grokspring.retry.RetryBudget;
import io.github.grokspring.retry.RetryRule;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RetryConfiguration}.
 */
class RetryConfigurationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final RecordedWaits waits = new RecordedWaits();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(Sleeper.class, () -> this.waits)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.retry.jitter=none",
				"grok.rate-limit.learn=false");

	@ParameterizedTest
	@CsvSource({ "native,false", "native,true", "spring-ai,false", "spring-ai,true" })
	void everyTransportIsRetriedByTheStageAndNobodyElse(String transport, boolean stream) {
		this.runner.withPropertyValues("grok.chat.transport=" + transport).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			assertThat(attempts(ask(model, stream))).isEqualTo(1);
			xai.reset();
			xai.failsWith(503);
			xai.failsWith(429).retryAfter(9);
			xai.answers("Hello");
			assertThat(attempts(ask(model, stream))).isEqualTo(3);
			assertThat(xai.requestCount()).isEqualTo(3);
			assertThat(this.waits.all).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(13));
			xai.reset();
			xai.failsWith(500).byDefault();
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(model, stream))
				.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(3));
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	@ParameterizedTest
	@CsvSource({ "500,2", "429,3", "404,1" })
	void attemptsAreThoseOfTheProperties(int status, int attempts) {
		this.runner.withPropertyValues("grok.retry.max-attempts=3", "grok.retry.server-error-max-attempts=2")
			.run((context) -> {
				xai.failsWith(status).byDefault();
				fails(context.getBean(GrokChatModel.class));
				assertThat(xai.requestCount()).isEqualTo(attempts);
			});
	}

	@Test
	void aConnectionThatIsLostAfterSendingHasTheLimitOfWhatMayBeBilled() {
		this.runner.withPropertyValues("grok.retry.server-error-max-attempts=2").run((context) -> {
			xai.resetsConnection().byDefault();
			fails(context.getBean(GrokChatModel.class));
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@Test
	void timeoutsHaveALimitOfTheirOwn() {
		this.runner.withPropertyValues("grok.retry.timeout-max-attempts=3").run((context) -> {
			xai.answers("late").silentFor(Duration.ofMinutes(5)).byDefault();
			GrokChatModel model = context.getBean(GrokChatModel.class);
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> model
					.call(new Prompt("hi", GrokChatOptions.builder().timeout(Duration.ofMillis(200)).build())))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.TIMEOUT))
				.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(3));
		});
	}

	@Test
	void waitsAreThoseOfTheProperties() {
		this.runner.withPropertyValues("grok.retry.initial-interval=1s", "grok.retry.multiplier=3",
				"grok.retry.max-interval=5s", "grok.retry.max-total-wait=10s", "grok.retry.respect-retry-after=false")
			.run((context) -> {
				xai.failsWith(429).retryAfter(60).byDefault();
				fails(context.getBean(GrokChatModel.class));
				assertThat(this.waits.all).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(3),
						Duration.ofSeconds(5), Duration.ofSeconds(1));
			});
	}

	@Test
	void waitsAreSpreadByDefault() {
		this.runner.withPropertyValues("grok.retry.jitter=").run((context) -> {
			xai.failsWith(429).byDefault();
			fails(context.getBean(GrokChatModel.class));
			assertThat(this.waits.all).hasSize(4);
			for (int i = 0; i < 4; i++) {
				assertThat(this.waits.all.get(i)).isBetween(Duration.ZERO, Duration.ofSeconds(2L << i));
			}
			assertThat(this.waits.all).isNotEqualTo(Stream.of(2, 4, 8, 16).map(Duration::ofSeconds).toList());
		});
	}

	@Test
	void allClientsShareOneBudget() {
		this.runner
			.withPropertyValues("grok.clients.other.model=grok-4.5", "grok.retry.budget.tokens=20",
					"grok.retry.budget.retry-cost=10", "grok.retry.budget.success-refund=10")
			.run((context) -> {
				xai.failsWith(503).byDefault();
				fails(context.getBean(GrokChatModel.class));
				assertThat(xai.requestCount()).isEqualTo(3);
				RetryTemplate template = context.getBean("grokRetryTemplate", RetryTemplate.class);
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> template.execute((retry) -> {
					throw GrokApiException.builder(ErrorKind.OVERLOADED, "Busy").build();
				}));
				assertThat(this.waits.all).hasSize(2);
			});
	}

	@Test
	void theBudgetCanBeOff() {
		this.runner.withPropertyValues("grok.retry.budget.enabled=false")
			.run((context) -> assertThat(context.getBean(RetryBudget.class)).isEqualTo(RetryBudget.unlimited()));
	}

	@Test
	void retriesThatAreOffLeaveTheStageInTheChain() {
		this.runner.withPropertyValues("grok.retry.enabled=false").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			assertThat(model.stages()).contains("retry");
			xai.failsWith(503).byDefault();
			fails(model);
			assertThat(xai.requestCount()).isEqualTo(1);
			assertThat(this.waits.all).isEmpty();
			GrokApiException changed = GrokApiException.builder(ErrorKind.UNSUPPORTED_PARAMETER, "Refused")
				.retryable(true)
				.build();
			RetryRule rule = context.getBean(RetryRule.class);
			assertThat(rule.allows(changed, 1)).isTrue();
			assertThat(rule.allows(changed, 2)).isFalse();
		});
	}

	@Test
	void listenersAreToldOfAttempts() {
		List<Object> events = new CopyOnWriteArrayList<>();
		this.runner.withBean(GrokEventListener.class, () -> events::add).run((context) -> {
			xai.failsWith(503);
			context.getBean(GrokChatModel.class).call("hi");
			assertThat(events)
				.anySatisfy((event) -> assertThat(event).isInstanceOfSatisfying(AttemptFailed.class, (failed) -> {
					assertThat(failed.attempt()).isOne();
					assertThat(failed.reason()).isEqualTo("overloaded");
					assertThat(failed.delay()).isEqualTo(Duration.ofSeconds(2));
				}));
		});
	}

	@Test
	void aRuleAndABackoffOfTheUserReplaceOurs() {
		RetryRule once = (failure, attempts) -> failure.status() == 404 && attempts < 2;
		this.runner.withBean(RetryRule.class, () -> once)
			.withBean(Backoff.class, () -> Backoff.fixed(Duration.ofSeconds(42)))
			.run((context) -> {
				xai.failsWith(404);
				context.getBean(GrokChatModel.class).call("hi");
				assertThat(this.waits.all).containsExactly(Duration.ofSeconds(42));
			});
	}

	@Test
	void aDecoratorOfTheUserWithOurNameReplacesTheStage() {
		this.runner.withUserConfiguration(OwnStage.class).run((context) -> {
			assertThat(context.getBean(GrokChatModel.class).stages()).contains("own").doesNotContain("retry");
			xai.failsWith(503).byDefault();
			fails(context.getBean(GrokChatModel.class));
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	@Test
	void stagesAtTheSamePositionAreInsideWhenTheyAreOrderedBehindIt() {
		this.runner.withUserConfiguration(InnerStage.class)
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).stages()).containsSubsequence("retry",
					"inner"));
	}

	@Test
	void aTemplateOfTheUserWithOurNameReplacesOurs() {
		RetryTemplate own = new RetryTemplate();
		this.runner.withBean("grokRetryTemplate", RetryTemplate.class, () -> own)
			.run((context) -> assertThat(context.getBean(RetryTemplate.class)).isSameAs(own));
	}

	@Test
	void theTemplateIsNotInTheWayOfInjectionByType() {
		this.runner.withUserConfiguration(Injecting.class).run((context) -> {
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.byType()).isNull();
			assertThat(injected.byName()).isSameAs(context.getBean("grokRetryTemplate"));
		});
		RetryTemplate own = new RetryTemplate();
		this.runner.withUserConfiguration(Injecting.class)
			.withBean("orders", RetryTemplate.class, () -> own)
			.run((context) -> assertThat(context.getBean(Injected.class).byType()).isSameAs(own));
	}

	@Test
	void theTemplateRetriesCallsOfARestClient() {
		this.runner.run((context) -> {
			xai.failsWith(429).on("/v1/models").retryAfter(7);
			RestClient client = RestClient.builder()
				.baseUrl(xai.baseUrl())
				.defaultHeaders((headers) -> headers.setBearerAuth(xai.apiKey()))
				.build();
			RetryTemplate template = context.getBean("grokRetryTemplate", RetryTemplate.class);
			String models = template.execute((retry) -> client.get().uri("/models").retrieve().body(String.class));
			assertThat(models).contains("grok-4.3");
			assertThat(this.waits.all).containsExactly(Duration.ofSeconds(9));
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { RestClientResponseException.class, WebClientResponseException.class, HttpHeaders.class,
			HttpStatusCode.class, OpenAIServiceException.class, Headers.class })
	void nativeImagesKeepWhatIsReadFromExceptionsOfOtherClients(Class<?> type) {
		RuntimeHints hints = new RuntimeHints();
		new RetryConfiguration.Hints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(type)
			.withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
	}

	@Test
	void withoutSpringRetryNothingIsRetried() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.retry")).run((context) -> {
			assertThat(context).hasNotFailed();
			xai.failsWith(503).byDefault();
			fails(context.getBean(GrokChatModel.class));
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	static Stream<Arguments> mistakes() {
		return Stream.of(mistake("max-attempts=0", "'grok.retry.max-attempts' is 0 but must be between 1 and 100"),
				mistake("max-attempts=101", "'grok.retry.max-attempts' is 101"),
				mistake("server-error-max-attempts=0", "'grok.retry.server-error-max-attempts' is 0"),
				mistake("timeout-max-attempts=-1", "'grok.retry.timeout-max-attempts' is -1"),
				mistake("initial-interval=0s", "'grok.retry.initial-interval' is 0 ms but must be longer than 0"),
				mistake("max-interval=1s", "'grok.retry.max-interval' is 1000 ms, which is shorter than"),
				mistake("max-total-wait=2d", "'grok.retry.max-total-wait' is 172800000 ms", "at most one day"),
				mistake("multiplier=0.5", "'grok.retry.multiplier' is 0.5 but must be between 1 and 100"),
				mistake("multiplier=NaN", "'grok.retry.multiplier' is NaN"),
				mistake("jitter=some", "some", "full", "none"),
				mistake("budget.tokens=0", "'grok.retry.budget.tokens' is 0 but must be at least 1"),
				mistake("budget.tokens=4", "'grok.retry.budget.tokens' is 4, which is less than 'retry-cost'"),
				mistake("budget.retry-cost=0", "'grok.retry.budget.retry-cost' is 0"),
				mistake("budget.success-refund=0", "'grok.retry.budget.success-refund' is 0"));
	}

	@ParameterizedTest
	@MethodSource("mistakes")
	void valuesThatMakeNoSenseStopTheStart(String property, List<String> texts) {
		this.runner.withPropertyValues("grok.retry." + property).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(report(context.getStartupFailure())).contains(texts);
		});
	}

	private static String report(Throwable failure) {
		FailureAnalysis analysis = new GrokConfigurationFailureAnalyzer(new MockEnvironment()).analyze(failure);
		if (analysis == null) {
			analysis = Objects.requireNonNull(new UnknownValueFailureAnalyzer().analyze(failure));
		}
		return analysis.getDescription() + " " + analysis.getAction();
	}

	private static ChatResponse ask(GrokChatModel model, boolean stream) {
		Prompt prompt = new Prompt("hi");
		return stream ? Objects.requireNonNull(model.stream(prompt).blockLast(PATIENCE)) : model.call(prompt);
	}

	private static int attempts(ChatResponse answer) {
		return Objects.requireNonNull(answer.getMetadata().<Integer>get("grok.attempts"));
	}

	private static void fails(GrokChatModel model) {
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(new Prompt("hi")));
	}

	private static Arguments mistake(String property, String... texts) {
		return Arguments.of(property, List.of(texts));
	}

	private static ChatModelDecorator stage(String name) {
		return new ChatModelDecorator() {

			@Override
			public Position position() {
				return Position.RETRY;
			}

			@Override
			public ChatModel decorate(String client, ChatModel delegate) {
				return new ForwardingChatModel(delegate) {
				};
			}

			@Override
			public String name() {
				return name;
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStage {

		@Bean
		ChatModelDecorator grokRetryDecorator() {
			return stage("own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InnerStage {

		@Bean
		@Order(10)
		ChatModelDecorator innerStage() {
			return stage("inner");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Injecting {

		@Bean
		Injected injected(ObjectProvider<RetryTemplate> byType, @Qualifier("grokRetryTemplate") RetryTemplate byName) {
			return new Injected(byType.getIfAvailable(), byName);
		}

	}

	/**
	 * What an application gets.
	 */
	record Injected(RetryTemplate byType, RetryTemplate byName) {

	}

	/**
	 * Takes note of waits and lets nobody wait.
	 */
	private static final class RecordedWaits implements Sleeper {

		private final List<Duration> all = new CopyOnWriteArrayList<>();

		@Override
		public void sleep(Duration duration) {
			this.all.add(duration);
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.fromRunnable(() -> this.all.add(duration));
		}

	}

}
