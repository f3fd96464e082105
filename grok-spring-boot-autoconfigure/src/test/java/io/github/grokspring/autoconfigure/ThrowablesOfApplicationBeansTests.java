package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.grokspring.budget.BudgetKey;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.ChatClientRequestSpec;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What beans and tools of an application throw where nobody declares it: what is held is
 * given back, what is paid for reaches the caller, and later calls are answered.
 */
class ThrowablesOfApplicationBeansTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String ANSWERED = "answered";

	private static final String FAILED = "failed";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Fault fault = new Fault();

	private final ApplicationContextRunner withoutBudgets = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.rate-limit.max-concurrent=1", "grok.rate-limit.max-wait=8s", "grok.cache.enabled=true",
				"grok.retry.enabled=false");

	private final ApplicationContextRunner application = this.withoutBudgets
		.withPropertyValues("grok.budgets.all.limit=1000");

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void responseStoresThatThrowFailNoCall(TransportInvocation way) {
		this.application.withPropertyValues(way.property())
			.withBean(ResponseStore.class, () -> new FaultyResponseStore(this.fault))
			.run((context) -> everywhere(List.of("get", "put"),
					(softly, name) -> check(softly, context, way, name, ANSWERED)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void budgetStoresThatThrowWhileReservingLeaveNothingReserved(TransportInvocation way) {
		withFaultyBudgetStore(way).run((context) -> everywhere(List.of("reserve"),
				(softly, name) -> check(softly, context, way, name, FAILED)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void budgetStoresThatThrowAfterTheReservationLoseNoResponse(TransportInvocation way) {
		withFaultyBudgetStore(way).withPropertyValues("grok.fallback.models=grok-4.5")
			.run((context) -> everywhere(List.of("renew", "settle"), (softly, name) -> {
				xai.failsWith(503);
				check(softly, context, way, name, ANSWERED);
			}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void settlementsThatBudgetStoresRefusedWithAnyThrowableAreNotedLater(TransportInvocation way) {
		withFaultyBudgetStore(way).run((context) -> everywhere(List.of("settle"), (softly, name) -> {
			long before = usedTicks(context);
			softly.assertThat(outcome(way, context, name)).as(name).isEqualTo(ANSWERED);
			softly.assertThat(usedTicks(context)).as(name).isEqualTo(before);
			this.fault.clear();
			softly.assertThatCode(() -> await(() -> assertThat(usedTicks(context)).isGreaterThan(before)))
				.as(name)
				.doesNotThrowAnyException();
		}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void reservationsThatBudgetStoresFailedToReleaseAreReleasedLater(TransportInvocation way) {
		withFaultyBudgetStore(way).run((context) -> everywhere(List.of("release"), (softly, name) -> {
			xai.failsWith(400);
			softly.assertThat(outcome(way, context, name)).as(name).isEqualTo(FAILED);
			this.fault.clear();
			checkNothingIsHeld(softly, context, name);
		}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsHeldAfterTheSupplierOfTheApiKeyHasThrown(TransportInvocation way) {
		this.application.withPropertyValues(way.property())
			.withBean(GrokConnectionDetails.class, () -> new FaultyConnectionDetails(this.fault))
			.run((context) -> everywhere(List.of("key"), (softly, name) -> check(softly, context, way, name, FAILED)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void checkedExceptionsOfTheSupplierOfTheApiKeyAreReportedAsAMissingKey(TransportInvocation way) {
		this.application.withPropertyValues(way.property())
			.withBean(GrokConnectionDetails.class, () -> new FaultyConnectionDetails(this.fault))
			.run((context) -> {
				this.fault.set("key", new IOException("checked"));
				GrokApiException failure = way.failure(context.getBean(GrokChatModel.class), new Prompt("Hello"));
				assertThat(failure.kind()).isEqualTo(ErrorKind.MISSING_API_KEY);
				assertThat(failure.isSent()).isFalse();
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void costCalculatorsThatThrowAfterTheResponseDoNotLoseIt(TransportInvocation way) {
		this.withoutBudgets.withPropertyValues(way.property())
			.withBean(CostCalculator.class, () -> (tokens, model, at, conditions) -> {
				this.fault.throwAt("price");
				return Cost.estimated(1);
			})
			.run((context) -> everywhere(List.of("price"),
					(softly, name) -> check(softly, context, way, name, ANSWERED)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsHeldAfterAToolHasThrown(TransportInvocation way) {
		this.application.withPropertyValues(way.property())
			.run((context) -> everywhere(List.of("tool"), (softly, name) -> {
				xai.answersWithToolCall("temperature", "{\"city\":\"Berlin\"}");
				xai.answers("Mild");
				softly.assertThat(outcome(way, context, name, this.fault)).as(name).isIn(ANSWERED, FAILED);
				this.fault.clear();
				xai.reset();
				checkNothingIsHeld(softly, context, name);
				xai.answersWithToolCall("temperature", "{\"city\":\"Berlin\"}");
				xai.answers("Mild");
				softly.assertThat(outcome(way, context, name, this.fault)).as(name + ": again").isEqualTo(ANSWERED);
				checkNothingIsHeld(softly, context, name);
			}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsHeldAfterAnObservationHandlerHasThrown(TransportInvocation way) {
		this.application.withPropertyValues(way.property())
			.withBean(ObservationRegistry.class, () -> observations(this.fault))
			.run((context) -> everywhere(
					List.of("chat start", "chat scope opened", "chat scope closed", "chat stop", "http start",
							"http scope opened", "http scope closed", "http stop"),
					(softly, name) -> check(softly, context, way, name, way.transport().equals("native")
							? new String[] { ANSWERED } : new String[] { ANSWERED, FAILED })));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsHeldAfterAnObservationHandlerHasThrownOnAFailure(TransportInvocation way) {
		this.application.withPropertyValues(way.property())
			.withBean(ObservationRegistry.class, () -> observations(this.fault))
			.run((context) -> everywhere(List.of("chat error", "http error", "chat stop", "http stop"),
					(softly, name) -> {
						if (way.equals(new TransportInvocation("spring-ai", true))
								&& this.fault.isLostInReactor("chat error")) {
							return;
						}
						xai.failsWith(400);
						check(softly, context, way, name, FAILED);
					}));
	}

	private ApplicationContextRunner withFaultyBudgetStore(TransportInvocation way) {
		return this.application.withPropertyValues(way.property(), "grok.cache.enabled=false")
			.withBean(BudgetStore.class, () -> new FaultyBudgetStore(this.fault));
	}

	private void everywhere(List<String> places, Check check) {
		SoftAssertions.assertSoftly((softly) -> {
			for (String place : places) {
				for (Supplier<Throwable> thrown : ThrowablesThroughTheChainTests.THROWN) {
					this.fault.set(place, thrown.get());
					check.check(softly, thrown.get().getClass().getSimpleName() + " at " + place);
				}
			}
		});
	}

	private void check(SoftAssertions softly, AssertableApplicationContext context, TransportInvocation way,
			String name, String... expected) {
		softly.assertThat(outcome(way, context, name)).as(name).isIn((Object[]) expected);
		this.fault.clear();
		softly.assertThat(outcome(way, context, name)).as(name + ": the same call again").isEqualTo(ANSWERED);
		softly.assertThat(outcome(way, context, name + "?")).as(name + ": another call").isEqualTo(ANSWERED);
		checkNothingIsHeld(softly, context, name);
	}

	private static void checkNothingIsHeld(SoftAssertions softly, AssertableApplicationContext context, String name) {
		softly.assertThatCode(() -> await(() -> {
			assertThat(context.getBean(RateLimits.class).status().active()).isZero();
			assertThat(context.getBean(Budgets.class).status()).allMatch((status) -> status.reservedTicks() == 0);
		})).as(name + ": held").doesNotThrowAnyException();
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).untilAsserted(assertion);
	}

	private static long usedTicks(AssertableApplicationContext context) {
		return context.getBean(Budgets.class).status().get(0).usedTicks();
	}

	private static String outcome(TransportInvocation way, AssertableApplicationContext context, String text) {
		GrokChatModel model = context.getBean(GrokChatModel.class);
		return outcome(text, () -> way.ask(model, new Prompt(text)));
	}

	private static String outcome(TransportInvocation way, AssertableApplicationContext context, String text,
			Fault fault) {
		ChatClientRequestSpec request = context.getBean(ChatClient.class).prompt(text).tools(new FaultyTools(fault));
		return outcome(text, () -> way.stream() ? request.stream().content().collectList().block(PATIENCE)
				: request.call().content());
	}

	private static String outcome(String text, Supplier<@Nullable Object> action) {
		CompletableFuture<String> outcome = new CompletableFuture<>();
		// On a thread that can be left alone when it waits for ever
		Thread thread = new Thread(() -> {
			Throwable failure = Assertions.catchThrowable(action::get);
			outcome.complete((failure != null) ? FAILED : ANSWERED);
		});
		thread.setDaemon(true);
		thread.start();
		return outcome.completeOnTimeout("waits for ever", PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	private static ObservationRegistry observations(Fault fault) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new FaultyObservationHandler(fault));
		return registry;
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable thrown) throws T {
		throw (T) thrown;
	}

	/**
	 * Looks at what a throwable at a place has led to.
	 */
	@FunctionalInterface
	private interface Check {

		void check(SoftAssertions softly, String name);

	}

	/**
	 * What is thrown, and where.
	 */
	private static final class Fault {

		private final AtomicReference<Map.@Nullable Entry<String, Throwable>> armed = new AtomicReference<>();

		void set(String place, Throwable thrown) {
			this.armed.set(Map.entry(place, thrown));
		}

		void clear() {
			this.armed.set(null);
		}

		// Operators of Reactor, in which Spring AI invokes handlers, give no signal of
		// these
		boolean isLostInReactor(String place) {
			Map.Entry<String, Throwable> armed = this.armed.get();
			return armed != null && armed.getKey().equals(place) && Exceptions.isJvmFatal(armed.getValue());
		}

		void throwAt(String place) {
			Map.Entry<String, Throwable> armed = this.armed.get();
			if (armed != null && armed.getKey().equals(place)) {
				sneak(armed.getValue());
			}
		}

	}

	private record FaultyTools(Fault fault) {

		@Tool(description = "Tells the temperature in a city")
		String temperature(String city) {
			this.fault.throwAt("tool");
			return "20 °C";
		}

	}

	private record FaultyObservationHandler(Fault fault) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			throwAt(context, "start");
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			throwAt(context, "scope opened");
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			throwAt(context, "scope closed");
		}

		@Override
		public void onError(Observation.Context context) {
			throwAt(context, "error");
		}

		@Override
		public void onStop(Observation.Context context) {
			throwAt(context, "stop");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		private void throwAt(Observation.Context context, String place) {
			this.fault.throwAt((String.valueOf(context.getName()).startsWith("gen_ai") ? "chat " : "http ") + place);
		}

	}

	private record FaultyConnectionDetails(Fault fault) implements GrokConnectionDetails {

		@Override
		public String getBaseUrl() {
			return xai.baseUrl();
		}

		@Override
		public String getApiKey() {
			this.fault.throwAt("key");
			return xai.apiKey();
		}

	}

	private static final class FaultyResponseStore implements ResponseStore {

		private final Fault fault;

		private final Map<String, String> texts = new ConcurrentHashMap<>();

		FaultyResponseStore(Fault fault) {
			this.fault = fault;
		}

		@Override
		public @Nullable String get(String key) {
			this.fault.throwAt("get");
			return this.texts.get(key);
		}

		@Override
		public void put(String key, String text, Duration ttl) {
			this.fault.throwAt("put");
			this.texts.put(key, text);
		}

		@Override
		public void clear() {
			this.texts.clear();
		}

		@Override
		public boolean mayBlock() {
			return true;
		}

	}

	private static final class FaultyBudgetStore implements BudgetStore {

		private final BudgetStore store = BudgetStore.inMemory(Clock.systemUTC());

		private final Fault fault;

		FaultyBudgetStore(Fault fault) {
			this.fault = fault;
		}

		@Override
		public Decision reserve(List<Claim> claims, Duration time) {
			this.fault.throwAt("reserve");
			return this.store.reserve(claims, time);
		}

		@Override
		public void renew(Lease lease, List<Long> ticks, Duration time) {
			this.fault.throwAt("renew");
			this.store.renew(lease, ticks, time);
		}

		@Override
		public List<Usage> settle(Lease lease, List<Long> ticks) {
			this.fault.throwAt("settle");
			return this.store.settle(lease, ticks);
		}

		@Override
		public void release(Lease lease) {
			this.fault.throwAt("release");
			this.store.release(lease);
		}

		@Override
		public List<Usage> usage(Collection<BudgetKey> keys) {
			return this.store.usage(keys);
		}

		@Override
		public List<Usage> usage(String budget) {
			return this.store.usage(budget);
		}

	}

}
