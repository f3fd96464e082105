package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServerExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Circuit breakers count failures of xAI, not those of the application.
 */
class CircuitBreakerCallersTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final int CALLS = 12;

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.retry.max-attempts=1", "grok.circuit-breaker.minimum-calls=5", "grok.warm-up=false",
				"grok.budgets.all.limit=1000");

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void callersWithAShortTimeoutDoNotOpenTheCircuit(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			xai.answers("late").silentFor(LONG).byDefault();
			List<GrokApiException> failures = failures(context, way, prompt(context, Duration.ofMillis(500)));
			assertThat(failures).extracting(GrokApiException::kind).containsOnly(ErrorKind.TIMEOUT);
			assertCircuitIsClosed(context, way);
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void fullConnectionPoolDoesNotOpenTheCircuit(TransportInvocation way) {
		this.application
			.withPropertyValues(way.property(), "grok.http.max-connections=1", "grok.http.call-timeout=500ms")
			.run((context) -> {
				xai.answers("late").silentFor(LONG).byDefault();
				Disposable occupying = context.getBean(GrokChatModel.class)
					.stream(prompt(context, LONG))
					.subscribe((element) -> {
					}, (failure) -> {
					});
				await().atMost(TransportInvocation.PATIENCE).until(() -> xai.requestCount() == 1);
				List<GrokApiException> failures = failures(context, way, new Prompt("hi"));
				assertThat(failures).extracting(GrokApiException::kind).containsOnly(ErrorKind.TIMEOUT);
				assertThat(failures).extracting(GrokApiException::isSent).containsOnly(false);
				assertThat(xai.requestCount()).isOne();
				occupying.dispose();
				assertCircuitIsClosed(context, way);
			});
	}

	@Test
	void slowSubscribersDoNotOpenTheCircuit() {
		TransportInvocation way = new TransportInvocation("native", true);
		this.application.withPropertyValues(way.property(), "grok.http.call-timeout=4s").run((context) -> {
			xai.answersInChunks(3_000).byDefault();
			for (SlowSubscriber subscriber : subscribe(context.getBean(GrokChatModel.class))) {
				await().atMost(TransportInvocation.PATIENCE)
					.until(() -> context.getBean(ReactorXaiHttpClient.class).inFlight() == 0);
				subscriber.requestUnbounded();
				assertThat(subscriber.failure()).isInstanceOfSatisfying(GrokApiException.class, (failure) -> {
					assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
					assertThat(failure.isCausedByApplication()).isTrue();
				});
			}
			assertCircuitIsClosed(context, way);
		});
	}

	// The OpenAI SDK reads as fast as xAI sends.
	@Test
	void slowSubscribersOfTheOpenAiSdkReceiveTheWholeResponse() {
		TransportInvocation way = new TransportInvocation("spring-ai", true);
		this.application.withPropertyValues(way.property()).run((context) -> {
			xai.answersInChunks(300).byDefault();
			for (SlowSubscriber subscriber : subscribe(context.getBean(GrokChatModel.class))) {
				await().atMost(TransportInvocation.PATIENCE)
					.until(() -> xai.requestCount() == CALLS && xai.openStreams() == 0);
				subscriber.requestUnbounded();
				assertThat(subscriber.failure()).isNull();
			}
			assertCircuitIsClosed(context, way);
		});
	}

	private static List<SlowSubscriber> subscribe(GrokChatModel model) {
		List<SlowSubscriber> subscribers = new ArrayList<>();
		for (int i = 0; i < CALLS; i++) {
			SlowSubscriber subscriber = new SlowSubscriber();
			model.stream(new Prompt("hi")).subscribe(subscriber);
			subscribers.add(subscriber);
		}
		return subscribers;
	}

	@ParameterizedTest
	@MethodSource("ways")
	void xaiThatIsSilentOpensTheCircuit(TransportInvocation way) {
		this.application
			.withPropertyValues(way.property(), "grok.http.read-timeout=300ms",
					"grok.http.reasoning-read-timeout=300ms")
			.run((context) -> {
				xai.answers("late").silentFor(LONG).byDefault();
				failures(context, way, new Prompt("hi"));
				assertThat(context.getBean(CircuitBreakers.class).statuses()).extracting(CircuitBreakerStatus::state)
					.containsExactly(CircuitBreakerStatus.State.OPEN);
			});
	}

	private static List<GrokApiException> failures(ApplicationContext context, TransportInvocation way, Prompt prompt)
			throws Exception {
		GrokChatModel model = context.getBean(GrokChatModel.class);
		ExecutorService callers = Executors.newFixedThreadPool(CALLS);
		try {
			List<CompletableFuture<GrokApiException>> calls = new ArrayList<>();
			for (int i = 0; i < CALLS; i++) {
				calls.add(CompletableFuture.supplyAsync(() -> way.failure(model, prompt), callers));
			}
			List<GrokApiException> failures = new ArrayList<>();
			for (CompletableFuture<GrokApiException> call : calls) {
				failures.add(call.get(TransportInvocation.PATIENCE.toSeconds(), TimeUnit.SECONDS));
			}
			return failures;
		}
		finally {
			callers.shutdownNow();
		}
	}

	private static Prompt prompt(ApplicationContext context, Duration timeout) {
		GrokChatModel model = context.getBean(GrokChatModel.class);
		return new Prompt("hi", model.getOptions().mutate().timeout(timeout).build());
	}

	private static void assertCircuitIsClosed(ApplicationContext context, TransportInvocation way) {
		assertThat(context.getBean(CircuitBreakers.class).statuses()).singleElement().satisfies((status) -> {
			assertThat(status.state()).isEqualTo(CircuitBreakerStatus.State.CLOSED);
			assertThat(status.failureRate()).isIn(null, 0d);
		});
		xai.reset();
		assertThat(way.ask(context.getBean(GrokChatModel.class), prompt(context, Duration.ofSeconds(20)))).isNotNull();
	}

	/**
	 * Requests one element at first.
	 */
	private static final class SlowSubscriber extends BaseSubscriber<ChatResponse> {

		private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

		@Nullable Throwable failure() {
			assertThat(this.end).succeedsWithin(TransportInvocation.PATIENCE);
			return this.end.join();
		}

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			subscription.request(1);
		}

		@Override
		protected void hookOnComplete() {
			this.end.complete(null);
		}

		@Override
		protected void hookOnError(Throwable thrown) {
			this.end.complete(thrown);
		}

	}

}
