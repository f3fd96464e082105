package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.BudgetExceeded;
import io.github.grokspring.event.BudgetThresholdReached;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What budgets let an application say to xAI, and what they count.
 */
@ExtendWith(OutputCaptureExtension.class)
class BudgetsOnTheWireTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenTheLimitIsReachedTheNextCallIsRefusedWithoutARequest(boolean stream) {
		this.runner.withPropertyValues("grok.budgets.daily.limit=1.00").run((context) -> {
			costs38Cents();
			costs38Cents();
			ask(context, stream);
			assertThat(status(context).used()).isEqualByComparingTo("0.375");
			ask(context, stream);
			assertThat(status(context).used()).isEqualByComparingTo("0.75");
			assertThat(status(context).reserved()).isZero();
			assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> ask(context, stream))
				.withMessageContaining("Budget 'daily'")
				.withMessageContaining("$0.75 of $1.00 are used");
			assertThat(status(context).exhausted()).isTrue();
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@Test
	void aStreamThatIsCancelledIsPaidForWhatItProbablyCost() {
		this.runner.withPropertyValues("grok.budgets.daily.limit=5").run((context) -> {
			xai.answersInChunks(500).pace(Duration.ofMillis(5));
			Flux<ChatResponse> stream = context.getBean(GrokChatModel.class).stream(new Prompt("tell me everything"));
			StepVerifier.create(stream).expectNextCount(3).thenCancel().verify(Duration.ofSeconds(30));
			xai.awaitClientDisconnect(Duration.ofSeconds(10));
			assertThat(status(context).usedTicks()).isPositive();
			assertThat(status(context).reservedTicks()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aCallThatFailsCostsNothing(boolean stream) {
		this.runner.withPropertyValues("grok.budgets.daily.limit=5").run((context) -> {
			xai.failsWith(400);
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(context, stream));
			assertThat(status(context).usedTicks()).isZero();
			assertThat(status(context).reservedTicks()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aConnectionThatIsLostAfterTheRequestWasSentIsPaidForWhatItProbablyCost(boolean stream) {
		this.runner.withPropertyValues("grok.budgets.daily.limit=5", "grok.retry.initial-interval=1ms")
			.run((context) -> {
				xai.resetsConnection();
				costs38Cents();
				ask(context, stream);
				assertThat(xai.requestCount()).isEqualTo(2);
				assertThat(status(context).used()).isGreaterThan(new BigDecimal("0.375"))
					.isLessThan(new BigDecimal("0.38"));
				assertThat(status(context).reservedTicks()).isZero();
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aCallThatIsNotAnsweredInTimeIsPaidForWhatItProbablyCost(boolean stream) {
		this.runner
			.withPropertyValues("grok.budgets.daily.limit=5", "grok.retry.max-attempts=1", "grok.http.call-timeout=1s")
			.run((context) -> {
				xai.answers("too late").thinkingFor(Duration.ofMinutes(1));
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(context, stream))
					.matches((failure) -> failure.kind() == ErrorKind.TIMEOUT);
				// Fifty tokens of output in a second, and the prompt
				assertThat(status(context).usedTicks()).isBetween(50 * 25_000L, 10_000_000L);
				assertThat(status(context).reservedTicks()).isZero();
			});
	}

	@ParameterizedTest
	@CsvSource({ "native, false", "native, true", "spring-ai, false", "spring-ai, true" })
	void whatNeverLeftCostsNothing(String transport, boolean stream) throws IOException {
		int port;
		try (ServerSocket closed = new ServerSocket(0)) {
			port = closed.getLocalPort();
		}
		for (String url : List.of("http://localhost:" + port + "/v1", "https://nobody.invalid/v1")) {
			this.runner
				.withPropertyValues("grok.base-url=" + url, "grok.chat.transport=" + transport,
						"grok.retry.enabled=false", "grok.budgets.daily.limit=5", "grok.http.allow-insecure=true")
				.run((context) -> {
					assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(context, stream));
					assertThat(status(context).used()).as(url).isZero();
					assertThat(status(context).reserved()).isZero();
				});
		}
	}

	@Test
	void aStreamThatNobodyTakesCostsNothing() {
		this.runner.withPropertyValues("grok.budgets.daily.limit=5").run((context) -> {
			Flux<ChatResponse> stream = context.getBean(ChatModel.class).stream(new Prompt("hi"));
			stream.subscribe(new BaseSubscriber<>() {

				@Override
				protected void hookOnSubscribe(Subscription subscription) {
					cancel();
				}

			});
			assertThat(status(context).used()).isZero();
			assertThat(status(context).reserved()).isZero();
			assertThat(xai.requestCount()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "memory, false", "memory, true", "file, false", "file, true" })
	void whatAFallbackCostsCountsUnderTheLimitOfItsModel(String store, boolean stream, @TempDir Path directory) {
		this.runner
			.withPropertyValues("grok.budget.store=" + store, "grok.budget.file=" + directory.resolve("ledger"),
					"grok.retry.enabled=false", "grok.fallback.models=grok-4.5", "grok.budgets.each.limit=5",
					"grok.budgets.each.scope=model", "grok.budgets.sum.limit=5")
			.run((context) -> {
				xai.failsWith(503);
				xai.answers("ok").usage(100_000, 0);
				assertThat(ask(context, stream).getMetadata().getModel()).isEqualTo("grok-4.5");
				assertThat(context.getBean(Budgets.class).status())
					.extracting(BudgetStatus::budget, BudgetStatus::scopeValue,
							(status) -> status.usedTicks() > 900_000_000L, BudgetStatus::reservedTicks)
					.containsExactly(tuple("each", "grok-4.5", true, 0L), tuple("sum", "all", true, 0L));
			});
	}

	@ParameterizedTest
	@CsvSource({ "false, false, false, false", "false, false, false, true", "true, false, false, false",
			"true, false, false, true", "false, true, false, false", "false, true, false, true",
			"false, true, true, false", "false, true, true, true", "true, true, true, false", "true, true, true, true",
			"true, false, true, false", "true, false, true, true" })
	void whatAnotherClientCostsBehindAFallbackBeanIsReservedAndCountedOnce(boolean ownOptions, boolean ownPrompt,
			boolean ownThread, boolean stream) {
		this.runner.withUserConfiguration(Delegating.class)
			.withPropertyValues("grok.fallback.chat-models=outer", "grok.clients.second.model=grok-4.5",
					"grok.budgets.daily.limit=1", "grok.budget.ceiling=0.6", "grok.retry.enabled=false",
					"delegating.options=" + ownOptions, "delegating.prompt=" + ownPrompt,
					"delegating.thread=" + ownThread)
			.run((context) -> {
				xai.failsWith(503);
				xai.answers("ok").usage(10_000, 1000);
				ChatResponse answer = ask(context, stream);
				assertThat(xai.requestCount()).isEqualTo(2);
				Cost cost = answer.getMetadata().get("grok.cost");
				assertThat(cost.ticks()).isPositive();
				assertThat(status(context).usedTicks()).isEqualTo(cost.ticks());
				assertThat(status(context).reservedTicks()).isZero();
				assertThat(answer.getMetadata().<Boolean>get("grok.budgeted")).isTrue();
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bothAnswersArePaidForWhenOneIsNotGoodEnough(boolean stream) {
		this.runner.withUserConfiguration(Unsatisfied.class)
			.withPropertyValues("grok.budgets.daily.limit=5")
			.run((context) -> {
				costs38Cents();
				costs38Cents();
				ask(context, stream);
				assertThat(xai.requestCount()).isEqualTo(2);
				assertThat(status(context).used()).isEqualByComparingTo("0.75");
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aCheaperModelIsAskedWhenThereIsRoomForNoOther(boolean stream) {
		this.runner
			.withPropertyValues("grok.chat.model=grok-4.7", "grok.chat.max-tokens=20000",
					"grok.budgets.daily.limit=0.10", "grok.budgets.daily.on-exceeded=downgrade",
					"grok.budgets.daily.downgrade-model=grok-4.3")
			.run((context) -> {
				ChatResponse answer = ask(context, stream);
				assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.3");
				assertThat(answer.getMetadata().<String>get("grok.downgraded")).isEqualTo("grok-4.7");
				assertThat(answer.getMetadata().getModel()).isEqualTo("grok-4.3");
			});
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.7, false", "grok-4.7, true", "grok-4.5, false", "grok-4.5, true" })
	void aCheaperModelThatAlwaysReasonsIsAskedWhenThereIsRoomForNoOther(String wanted, boolean stream) {
		this.runner.withPropertyValues("grok.chat.model=" + wanted, "grok.chat.reasoning-effort=low",
				"grok.chat.max-tokens=300", "grok.budgets.daily.limit=1", "grok.budgets.daily.on-exceeded=downgrade",
				"grok.budgets.daily.downgrade-model=grok-4.20-0309-reasoning")
			.run((context) -> {
				context.getBean(Budgets.class).adjust("daily", null, new BigDecimal("0.80"));
				ChatResponse answer = ask(context, stream);
				assertThat(answer.getMetadata().<String>get("grok.downgraded")).isEqualTo(wanted);
				assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.20-0309-reasoning");
			});
	}

	@Test
	void thresholdsAndLimitsAreEventsOfTheApplicationOncePerWindow() {
		this.runner.withUserConfiguration(Alarms.class)
			.withPropertyValues("grok.budgets.daily.limit=0.70", "grok.budgets.daily.warn-at=50%,80%",
					"grok.budgets.daily.on-exceeded=warn")
			.run((context) -> {
				Alarms alarms = context.getBean(Alarms.class);
				for (int i = 0; i < 4; i++) {
					costs38Cents();
					ask(context, false);
				}
				assertThat(alarms.reached).extracting(BudgetThresholdReached::percent).containsExactly(50, 80);
				assertThat(alarms.exceeded).singleElement()
					.satisfies((event) -> assertThat(event.action()).isEqualTo("warn"));
			});
	}

	@Test
	void tenantsComeFromTheToolContextTheAdvisorsOrTheUser() {
		this.runner.withPropertyValues("grok.budgets.each.limit=1", "grok.budgets.each.scope=tenant").run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt("hi").toolContext(Map.of("grok.tenant", "acme")).call().content();
			client.prompt("hi").advisors((advisors) -> advisors.param("grok.tenant", "umbrella")).call().content();
			client.prompt("hi")
				.advisors((advisors) -> advisors.param("grok.tenant", "stream"))
				.stream()
				.content()
				.blockLast();
			client.prompt("hi").options(GrokChatOptions.builder().user("alice")).call().content();
			client.prompt("hi")
				.toolContext(Map.of("grok.tenant", "acme"))
				.advisors((advisors) -> advisors.param("grok.tenant", "other"))
				.call()
				.content();
			client.prompt("hi").call().content();
			assertThat(context.getBean(Budgets.class).status()).extracting(BudgetStatus::scopeValue)
				.containsExactlyInAnyOrder("acme", "umbrella", "stream", "alice", "unknown");
			assertThat(xai.lastRequest().body()).doesNotContain("tenant").doesNotContain("CallCostCollector");
		});
	}

	@Test
	void everyRoundOfAToolLoopIsACallOfItsTenant() {
		this.runner.withPropertyValues("grok.budgets.each.limit=5", "grok.budgets.each.scope=tenant").run((context) -> {
			xai.answersWithToolCall("weather", "{\"city\":\"Rome\"}").usage(100_000, 100_000);
			costs38Cents();
			context.getBean(ChatClient.class)
				.prompt("hi")
				.tools(new Weather())
				.advisors((advisors) -> advisors.param("grok.tenant", "acme"))
				.call()
				.content();
			assertThat(status(context).scopeValue()).isEqualTo("acme");
			assertThat(status(context).used()).isEqualByComparingTo("0.75");
		});
	}

	@Test
	void aLedgerOutlivesTheApplication(@TempDir Path directory) {
		ApplicationContextRunner withLedger = this.runner.withPropertyValues("grok.budgets.daily.limit=0.50",
				"grok.budget.file=" + directory.resolve("ledger"));
		withLedger.run((context) -> {
			costs38Cents();
			ask(context, false);
		});
		withLedger.run((context) -> {
			assertThat(status(context).used()).isEqualByComparingTo("0.375");
			costs38Cents();
			ask(context, true);
		});
		withLedger.run((context) -> assertThatExceptionOfType(BudgetExceededException.class)
			.isThrownBy(() -> ask(context, false)));
	}

	@ParameterizedTest
	@CsvSource({ "tenant, client, default", "client, tenant, default", "tenant, all, all", "all, tenant, all",
			"tenant, model, grok-4.3", "model, tenant, grok-4.3", "client, model, default", "all, client, all" })
	void aBudgetWhoseScopeWasChangedBeginsAgainAndSaysWhatNoLongerCounts(String before, String after, String tenant,
			@TempDir Path directory, CapturedOutput output) {
		ApplicationContextRunner withLedger = this.runner.withPropertyValues("grok.budgets.each.limit=0.50",
				"grok.budget.file=" + directory.resolve("ledger"));
		Prompt prompt = new Prompt("hi", GrokChatOptions.builder().user(tenant).build());
		withLedger.withPropertyValues("grok.budgets.each.scope=" + before).run((context) -> {
			costs38Cents();
			context.getBean(GrokChatModel.class).call(prompt);
		});
		assertThat(output).doesNotContain("no longer count");
		withLedger.withPropertyValues("grok.budgets.each.scope=" + after).run((context) -> {
			assertThat(output)
				.containsOnlyOnce("Budget 'each' was kept with another 'zone', 'window' or 'scope' before."
						+ " $0.375 that were spent under it no longer count.");
			assertThat(context.getBean(Budgets.class).status()).extracting(BudgetStatus::usedTicks)
				.allMatch((used) -> used == 0);
			costs38Cents();
			context.getBean(GrokChatModel.class).call(prompt);
			assertThat(status(context).used()).isEqualByComparingTo("0.375");
		});
		withLedger.withPropertyValues("grok.budgets.each.scope=" + before)
			.run((context) -> assertThat(status(context).used()).isEqualByComparingTo("0.375"));
	}

	@Test
	void gaugesShowHowBudgetsStand() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("grok.budgets.daily.limit=0.50")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				costs38Cents();
				ask(context, false);
				assertThat(registry.get("grok.budget.limit").tag("budget", "daily").gauge().value()).isEqualTo(0.5);
				assertThat(registry.get("grok.budget.used").tag("scope", "all").gauge().value()).isEqualTo(0.375);
				assertThat(registry.get("grok.budget.reserved").gauge().value()).isZero();
				assertThat(registry.get("grok.budget.remaining").gauge().value()).isEqualTo(0.125);
			});
	}

	/**
	 * The price of grok-4.3: 0.125 for the prompt and 0.25 for the answer.
	 */
	private static void costs38Cents() {
		xai.answers("ok").usage(100_000, 100_000);
	}

	private static ChatResponse ask(ApplicationContext context, boolean stream) {
		GrokChatModel model = context.getBean(GrokChatModel.class);
		return stream ? model.stream(new Prompt("hi")).blockLast(Duration.ofSeconds(30)) : model.call(new Prompt("hi"));
	}

	private static BudgetStatus status(ApplicationContext context) {
		return context.getBean(Budgets.class).status().get(0);
	}

	/**
	 * A model of the application that asks another one, which asks a named client.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Delegating {

		@Bean
		ChatModel outer(@Qualifier("inner") ObjectProvider<ChatModel> inner, Environment environment) {
			return new DelegatingModel(environment, (prompt) -> inner.getObject().call(prompt),
					(prompt) -> inner.getObject().stream(prompt));
		}

		@Bean
		ChatModel inner(@Qualifier("second") ObjectProvider<ChatClient> second, Environment environment) {
			return new DelegatingModel(environment, (prompt) -> second.getObject().prompt(prompt).call().chatResponse(),
					(prompt) -> second.getObject().prompt(prompt).stream().chatResponse());
		}

	}

	private record DelegatingModel(Environment environment, Function<Prompt, ChatResponse> call,
			Function<Prompt, Flux<ChatResponse>> stream) implements ChatModel {

		@Override
		public ChatOptions getOptions() {
			return is("options") ? ToolCallingChatOptions.builder().build()
					: GrokChatOptions.builder().model("grok-4.5").build();
		}

		@Override
		public ChatResponse call(Prompt prompt) {
			Mono<ChatResponse> answer = Mono.fromCallable(() -> this.call.apply(translated(prompt)));
			return (is("thread") ? answer.subscribeOn(Schedulers.boundedElastic()) : answer).block();
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			Flux<ChatResponse> stream = Flux.defer(() -> this.stream.apply(translated(prompt)));
			return is("thread") ? stream.subscribeOn(Schedulers.boundedElastic()) : stream;
		}

		private Prompt translated(Prompt prompt) {
			return is("prompt") ? new Prompt(prompt.getContents()) : prompt;
		}

		private boolean is(String what) {
			return this.environment.getRequiredProperty("delegating." + what, Boolean.class);
		}

	}

	/**
	 * Alarms that look at the budgets, too.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Alarms {

		private final List<BudgetThresholdReached> reached = new CopyOnWriteArrayList<>();

		private final List<BudgetExceeded> exceeded = new CopyOnWriteArrayList<>();

		private final Budgets budgets;

		Alarms(Budgets budgets) {
			this.budgets = budgets;
		}

		@EventListener
		void on(BudgetThresholdReached event) {
			assertThat(this.budgets.status().get(0).usedTicks()).isEqualTo(event.usedTicks());
			this.reached.add(event);
		}

		@EventListener
		void on(BudgetExceeded event) {
			this.exceeded.add(event);
		}

	}

	/**
	 * Asks again whatever the answer.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Unsatisfied {

		@Bean
		ChatModelDecorator again() {
			return new ChatModelDecorator() {

				@Override
				public Position position() {
					return Position.RETRY;
				}

				@Override
				public ChatModel decorate(String client, ChatModel delegate) {
					return new ForwardingChatModel(delegate) {

						@Override
						public ChatResponse call(Prompt prompt) {
							delegate.call(prompt);
							return delegate.call(prompt);
						}

						@Override
						public Flux<ChatResponse> stream(Prompt prompt) {
							return delegate.stream(prompt).thenMany(delegate.stream(prompt));
						}

					};
				}

			};
		}

	}

	/**
	 * A tool.
	 */
	static class Weather {

		@Tool
		String weather(String city) {
			return "sunny in " + city;
		}

	}

}
