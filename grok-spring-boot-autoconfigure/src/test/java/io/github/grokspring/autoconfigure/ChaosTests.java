package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.ModelRateLimits;
import io.github.grokspring.ratelimit.RateLimitStatus;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of callers, all stages, and a server that fails in every way at random.
 */
class ChaosTests {

	private static final Log logger = LogFactory.getLog(ChaosTests.class);

	private static final long SEED = 20261121;

	private static final int BLOCKING = 48;

	private static final int REACTIVE = 16;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Events events = new Events();

	private final List<Throwable> dropped = new CopyOnWriteArrayList<>();

	private final Set<Thread> before = threads();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(Sleeper.class, NoWaiting::new)
		.withBean(GrokEventListener.class, () -> this.events)
		.withPropertyValues("grok.http.read-timeout=3s", "grok.http.reasoning-read-timeout=3s",
				"grok.http.stream-idle-timeout=3s", "grok.fallback.models=grok-4.5",
				"grok.circuit-breaker.sliding-window=1s", "grok.circuit-breaker.minimum-calls=10",
				"grok.circuit-breaker.failure-rate-threshold=30", "grok.circuit-breaker.open-duration=20ms",
				"grok.scrub.learn=true", "grok.rate-limit.max-concurrent=40",
				"grok.rate-limit.requests-per-minute=1000000", "grok.rate-limit.tokens-per-minute=1000000000",
				"grok.budgets.all.limit=1000000", "grok.chat.seed=7");

	@BeforeEach
	void watch() {
		Hooks.onErrorDropped(this.dropped::add);
	}

	@AfterEach
	void watchNoLonger() {
		Hooks.resetOnErrorDropped();
	}

	@ParameterizedTest
	@CsvSource({ "native, false, 5000, 1000", "native, true, 2000, 400", "spring-ai, true, 1000, 200" })
	void everyCallerGetsOneAnswerOrOneFailureAndNothingIsLeft(String transport, boolean learn, int calls, int streams) {
		try (XaiServer xai = XaiServer.builder().recording(false).start()) {
			xai.allowing(1_000_000).requestsPerMinute();
			xai.allowing(1_000_000_000).tokensPerMinute();
			Outcomes outcomes = new Outcomes();
			this.application
				.withPropertyValues("grok.chat.transport=" + transport, "grok.rate-limit.learn=" + learn,
						"grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey())
				.run((context) -> {
					GrokChatModel model = context.getBean(GrokChatModel.class);
					new Chaos(xai, SEED).script(2 * (calls + streams), 20);
					long start = System.nanoTime();
					all(model, calls, streams, outcomes);
					long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
					logger.info(transport + ": " + calls + " calls and " + streams + " streams in " + millis + " ms, "
							+ xai.requestCount() + " requests; callers saw " + outcomes + "; " + this.events);
					assertThat(outcomes.unexpected).isEmpty();
					assertThat(outcomes.sum()).isEqualTo(calls + streams);
					assertThat(outcomes.count(Outcomes.ANSWERED).sum()).isGreaterThan(outcomes.judged() / 2);
					assertThat(this.dropped).isEmpty();
					assertNothingIsLeft(context.getBean(RateLimits.class), context.getBean(Budgets.class));
					assertThat(context.getBean(ReactorXaiHttpClient.class).inFlight()).isZero();
					assertThat(this.events.attempts())
						.isEqualTo(this.events.succeeded.sum() + this.events.failed.sum());
					assertThat(xai.requestCount())
						.isEqualTo(this.events.succeeded.sum() + this.events.failed.sum() - this.events.unsent.sum());
					assertThat(this.events.unsent.sum()).isPositive();
					assertThat(this.events.resent.sum()).isPositive();
					assertCircuitBreakersClose(model, context.getBean(CircuitBreakers.class));
				});
			Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(xai.openStreams()).isZero();
				assertThat(xai.activeConnections()).isZero();
				assertThat(threads()).isSubsetOf(this.before);
			});
		}
	}

	private static void all(GrokChatModel model, int calls, int streams, Outcomes outcomes) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(BLOCKING);
		try {
			Mono<Void> streaming = Flux.range(0, streams)
				.flatMap((i) -> outcomes.of(i, model.stream(prompt(model, i))), REACTIVE)
				.then();
			List<Future<?>> calling = new ArrayList<>();
			for (int i = 0; i < calls; i++) {
				int caller = streams + i;
				calling.add(callers.submit(() -> outcomes.of(caller, () -> model.call(prompt(model, caller)))));
			}
			streaming.block(PATIENCE);
			for (Future<?> call : calling) {
				call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	// Some ask for what can not be sent, so that not every attempt is a request.
	private static Prompt prompt(GrokChatModel model, int number) {
		Map<String, String> headers = (number % 50 == 0) ? Map.of("x-torn", "in\ntwo") : Map.of();
		return new Prompt(Chaos.question(number), model.getOptions().mutate().headers(headers).build());
	}

	private static void assertNothingIsLeft(RateLimits limits, Budgets budgets) {
		RateLimitStatus status = limits.status();
		assertThat(status.active()).isZero();
		assertThat(status.queued()).isZero();
		assertThat(status.models()).extracting(ModelRateLimits::active).containsOnly(0);
		assertThat(status.models()).extracting(ModelRateLimits::queued).containsOnly(0);
		assertThat(budgets.status()).isNotEmpty().extracting(BudgetStatus::reservedTicks).containsOnly(0L);
	}

	// One that lost a permit while it was half open would stay so for ever.
	private static void assertCircuitBreakersClose(GrokChatModel model, CircuitBreakers breakers) {
		Outcomes ignored = new Outcomes();
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			for (String name : List.of("grok-4.3", "grok-4.5")) {
				ignored.of(0, () -> model
					.call(new Prompt(Chaos.question(0), model.getOptions().mutate().model(name).build())));
			}
			assertThat(breakers.statuses()).extracting(CircuitBreakerStatus::state)
				.containsOnly(CircuitBreakerStatus.State.CLOSED);
		});
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("grok-"))
			.collect(Collectors.toSet());
	}

	/**
	 * What callers saw.
	 */
	private static final class Outcomes {

		private static final String ANSWERED = "answered";

		private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

		private final List<Object> unexpected = new CopyOnWriteArrayList<>();

		void of(int caller, Supplier<ChatResponse> call) {
			try {
				answered(caller, text(call.get()));
			}
			catch (Throwable ex) {
				failed(ex);
			}
		}

		Mono<Void> of(int caller, Flux<ChatResponse> stream) {
			return stream.map(Outcomes::text)
				.collect(Collectors.joining())
				.doOnNext((text) -> answered(caller, text))
				.doOnError(this::failed)
				.onErrorComplete()
				.then();
		}

		private void answered(int caller, String text) {
			count(ANSWERED).increment();
			if (!text.equals(Chaos.answer(caller))) {
				this.unexpected.add(text);
			}
		}

		private void failed(Throwable failure) {
			count((failure instanceof GrokApiException api) ? api.kind().toString()
					: failure.getClass().getSimpleName())
				.increment();
			if (!(failure instanceof GrokException)) {
				this.unexpected.add(failure);
			}
		}

		private static String text(ChatResponse answer) {
			Generation generation = answer.getResult();
			String text = (generation != null) ? generation.getOutput().getText() : null;
			return (text != null) ? text : "";
		}

		private LongAdder count(String outcome) {
			return this.counts.computeIfAbsent(outcome, (name) -> new LongAdder());
		}

		/**
		 * Those that no circuit breaker kept from being sent.
		 */
		long judged() {
			return sum() - count(CircuitOpenException.class.getSimpleName()).sum();
		}

		long sum() {
			return this.counts.values().stream().mapToLong(LongAdder::sum).sum();
		}

		@Override
		public String toString() {
			return new TreeMap<>(this.counts).toString();
		}

	}

	/**
	 * Counts what happened.
	 */
	private static final class Events implements GrokEventListener {

		private final LongAdder finished = new LongAdder();

		private final LongAdder succeeded = new LongAdder();

		private final LongAdder failed = new LongAdder();

		private final LongAdder resent = new LongAdder();

		private final LongAdder unsent = new LongAdder();

		private final LongAdder retried = new LongAdder();

		private final LongAdder fallbacks = new LongAdder();

		@Override
		public void onEvent(GrokEvent event) {
			if (event instanceof AttemptFinished attempt) {
				this.finished.increment();
				if (attempt.outcome().equals("success")) {
					this.succeeded.increment();
				}
			}
			else if (event instanceof AttemptFailed attempt) {
				this.failed.increment();
				if (attempt.reason().equals("unsupported_parameter") && attempt.delay() != null) {
					this.resent.increment();
				}
				if (!attempt.sent()) {
					this.unsent.increment();
				}
				if (attempt.delay() != null) {
					this.retried.increment();
				}
			}
			else if (event instanceof FallbackTaken) {
				this.fallbacks.increment();
			}
		}

		long attempts() {
			return this.finished.sum();
		}

		@Override
		public String toString() {
			return this.finished + " attempts, " + this.succeeded + " answered, " + this.failed + " failed, "
					+ this.unsent + " of them unsent, " + this.retried + " retried, " + this.fallbacks + " fallbacks";
		}

	}

	/**
	 * Nobody waits.
	 */
	private static final class NoWaiting implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			// Time does not matter here
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.empty();
		}

	}

}
