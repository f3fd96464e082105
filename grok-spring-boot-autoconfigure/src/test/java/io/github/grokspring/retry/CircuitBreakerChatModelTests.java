package io.github.grokspring.retry;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.grokspring.MutableClock;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.completions.GrokOnTheWire;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.retry.CircuitBreakerStatus.State;
import io.github.grokspring.test.XaiServer;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link CircuitBreakerChatModel}.
 */
@Timeout(60)
class CircuitBreakerChatModelTests {

	private static final int MINIMUM = 4;

	private static final Duration OPEN = Duration.ofSeconds(30);

	private final MutableClock clock = new MutableClock();

	private final CircuitBreakers breakers = breakers(null);

	private final ChatModelDecorator decorator = CircuitBreakerChatModel.decorator(this.breakers);

	private final GrokOnTheWire grok = new GrokOnTheWire();

	private final XaiServer xai = this.grok.xai();

	private final GrokChatModel model = this.grok.client("default", this.decorator);

	private CircuitBreakers breakers(Duration slow) {
		CircuitBreakerSettings settings = new CircuitBreakerSettings(50, slow, Duration.ofSeconds(60), MINIMUM, OPEN,
				2);
		return CircuitBreakers.create(settings, this.clock, (registry) -> {
		});
	}

	@AfterEach
	void stop() {
		this.grok.close();
	}

	@Test
	void isInsideTheRateLimit() {
		assertThat(this.decorator.position()).isEqualTo(Position.RATE_LIMIT);
		assertThat(this.model.stages()).containsExactly("circuit-breaker", "chat-completions");
	}

	@ParameterizedTest
	@EnumSource
	void opensAfterTooManyFailures(Invocation invocation) {
		open(invocation);
		Instant until = this.clock.instant().plus(OPEN);
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> ask(invocation)).satisfies((ex) -> {
			assertThat(ex.model()).isEqualTo("grok-4.3");
			assertThat(ex.until()).isEqualTo(until);
			assertThat(ex).hasMessageContaining("'grok-4.3'")
				.hasMessageContaining(until.toString())
				.hasMessageContaining("'grok.fallback.models'");
		});
		assertThat(this.xai.requestCount()).isEqualTo(MINIMUM);
		this.clock.move(OPEN);
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> ask(invocation));
		assertThat(this.xai.requestCount()).isEqualTo(MINIMUM);
	}

	@ParameterizedTest
	@EnumSource
	void modelsAndClientsHaveSeparateCircuitBreakers(Invocation invocation) {
		open(invocation);
		this.xai.answers("From another model.");
		assertThat(invocation.text(this.model, GrokChatOptions.builder().model("grok-4.7").build()))
			.isEqualTo("From another model.");
		this.xai.answers("For another client.");
		assertThat(invocation.text(this.grok.client("fast", this.decorator), null)).isEqualTo("For another client.");
		assertThat(this.breakers.statuses()).extracting(CircuitBreakerStatus::name, CircuitBreakerStatus::state)
			.containsExactly(Tuple.tuple("default:grok-4.3", State.OPEN), Tuple.tuple("default:grok-4.7", State.CLOSED),
					Tuple.tuple("fast:grok-4.3", State.CLOSED));
	}

	@ParameterizedTest
	@EnumSource
	void failedTrialsReleaseTheirPermit(Invocation invocation) {
		open(invocation);
		waitUntilHalfOpen();
		for (Throwable thrown : List.of(new IOException("checked"), new AssertionError("error"),
				new NoClassDefFoundError("linkage"))) {
			GrokChatModel throwing = this.grok.client("default", this.decorator, new ThrowingDecorator(thrown));
			for (int i = 0; i < 3; i++) {
				assertThatThrownBy(() -> invocation.text(throwing, null)).as("%s, %d", thrown, i)
					.isNotInstanceOf(CircuitOpenException.class);
			}
		}
		this.xai.answers("Back.");
		assertThat(ask(invocation)).isEqualTo("Back.");
	}

	@ParameterizedTest
	@EnumSource
	void closesAfterSuccessfulTrials(Invocation invocation) {
		open(invocation);
		waitUntilHalfOpen();
		this.xai.answers("Back.").times(3);
		assertThat(ask(invocation)).isEqualTo("Back.");
		assertThat(status().state()).isEqualTo(State.HALF_OPEN);
		assertThat(ask(invocation)).isEqualTo("Back.");
		assertThat(status().state()).isEqualTo(State.CLOSED);
		assertThat(ask(invocation)).isEqualTo("Back.");
	}

	@ParameterizedTest
	@EnumSource
	void opensAgainAfterFailedTrials(Invocation invocation) {
		open(invocation);
		waitUntilHalfOpen();
		fail(invocation, 2);
		assertThat(status().state()).isEqualTo(State.OPEN);
		assertThat(status().until()).isEqualTo(this.clock.instant().plus(OPEN));
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> ask(invocation));
		assertThat(this.xai.requestCount()).isEqualTo(MINIMUM + 2);
	}

	@ParameterizedTest
	@EnumSource
	void halfOpenStateLimitsTrialsAndCancelledTrialReleasesItsPermit(Invocation invocation) {
		open(invocation);
		waitUntilHalfOpen();
		this.xai.answersInChunks(3).thinkingFor(Duration.ofMinutes(5)).times(2);
		Disposable first = this.model.stream(new Prompt("Hello")).subscribe();
		Disposable second = this.model.stream(new Prompt("Hello")).subscribe();
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> ask(invocation))
			.satisfies((ex) -> assertThat(ex.until()).isEqualTo(this.clock.instant()))
			.withMessageContaining("Trial requests are in progress");
		await().atMost(Duration.ofSeconds(20)).until(() -> this.xai.waitingReplies() == 0);
		first.dispose();
		this.xai.answers("One place is free.");
		assertThat(ask(invocation)).isEqualTo("One place is free.");
		second.dispose();
		this.xai.answers("And another one.");
		assertThat(ask(invocation)).isEqualTo("And another one.");
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@Test
	void cancelledStreamHasNoOutcome() {
		for (int i = 0; i < MINIMUM; i++) {
			this.xai.answersInChunks(50).pace(Duration.ofMillis(5));
			assertThat(this.model.stream(new Prompt("Hello")).take(2).collectList().block(Duration.ofSeconds(20)))
				.hasSize(2);
		}
		assertThat(status().failureRate()).isNull();
		open(Invocation.STREAM);
		assertThat(status().failureRate()).isEqualTo(100);
	}

	@Test
	void interruptedCallHasNoOutcome() {
		open(Invocation.CALL);
		waitUntilHalfOpen();
		for (int i = 0; i < 5; i++) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(GrokException.class).isThrownBy(() -> ask(Invocation.CALL))
				.withMessageContaining("Interrupted");
			assertThat(Thread.interrupted()).isTrue();
		}
		this.xai.answers("Still two places.").times(2);
		assertThat(ask(Invocation.CALL)).isEqualTo("Still two places.");
		assertThat(ask(Invocation.CALL)).isEqualTo("Still two places.");
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@ParameterizedTest
	@EnumSource
	void timeoutsOfCallersDoNotCount(Invocation invocation) {
		this.xai.answers("Too late.").silentFor(Duration.ofSeconds(20)).byDefault();
		GrokChatOptions impatient = GrokChatOptions.builder().model("grok-4.3").timeout(Duration.ofMillis(200)).build();
		for (int i = 0; i < 2 * MINIMUM; i++) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(this.model, impatient))
				.satisfies((ex) -> {
					assertThat(ex.kind()).isEqualTo(ErrorKind.TIMEOUT);
					assertThat(ex.isCausedByApplication()).isTrue();
				});
		}
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@ParameterizedTest
	@EnumSource
	void rateLimitsAndRejectionsDoNotCount(Invocation invocation) {
		for (int i = 0; i < MINIMUM; i++) {
			this.xai.failsWith(429);
			this.xai.refusesForSafety();
			this.xai.hasNoCredits();
			for (int j = 0; j < 3; j++) {
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(invocation));
			}
		}
		assertThat(status().state()).isEqualTo(State.CLOSED);
		assertThat(status().failureRate()).isNull();
		this.xai.answers("Fine.");
		assertThat(ask(invocation)).isEqualTo("Fine.");
	}

	@Test
	void incompleteStreamCountsAsFailure() {
		for (int i = 0; i < MINIMUM; i++) {
			this.xai.answersInChunks(10).breaksAfter(3);
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(Invocation.STREAM))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
		}
		assertThat(status().state()).isEqualTo(State.OPEN);
	}

	@ParameterizedTest
	@EnumSource
	void failuresOutsideTheSlidingWindowDoNotCount(Invocation invocation) {
		fail(invocation, MINIMUM - 1);
		this.clock.move(Duration.ofSeconds(61));
		fail(invocation, MINIMUM - 1);
		assertThat(status().state()).isEqualTo(State.CLOSED);
		fail(invocation, 1);
		assertThat(status().state()).isEqualTo(State.OPEN);
	}

	@ParameterizedTest
	@EnumSource
	void failureRateBelowTheThresholdKeepsItClosed(Invocation invocation) {
		for (int i = 0; i < MINIMUM; i++) {
			this.xai.answers("Fine.").times(2);
			ask(invocation);
			ask(invocation);
			fail(invocation, 1);
		}
		assertThat(status().state()).isEqualTo(State.CLOSED);
		assertThat(status().failureRate()).isBetween(33.0, 34.0);
	}

	@ParameterizedTest
	@EnumSource
	void slowCallsCountAsFailuresIfConfigured(Invocation invocation) {
		CircuitBreakers impatient = breakers(Duration.ofSeconds(10));
		GrokChatModel slow = this.grok.client("default", CircuitBreakerChatModel.decorator(impatient), takesTime());
		GrokChatModel patient = this.grok.client("default", this.decorator, takesTime());
		this.xai.answers("Slow.").byDefault();
		for (int i = 0; i < MINIMUM; i++) {
			assertThat(invocation.text(slow, null)).isEqualTo("Slow.");
		}
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> invocation.text(slow, null));
		for (int i = 0; i < MINIMUM + 1; i++) {
			assertThat(invocation.text(patient, null)).isEqualTo("Slow.");
		}
	}

	@ParameterizedTest
	@EnumSource
	void exceptionOfAnInnerStageReleasesThePermit(Invocation invocation) {
		open(invocation);
		waitUntilHalfOpen();
		GrokChatModel broken = this.grok.client("default", this.decorator, below((prompt) -> {
			throw new IllegalStateException("broken");
		}));
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> invocation.text(broken, null));
		}
		this.xai.answers("Fine.");
		assertThat(ask(invocation)).isEqualTo("Fine.");
	}

	@Test
	void unsubscribedStreamAcquiresNoPermit() {
		open(Invocation.STREAM);
		waitUntilHalfOpen();
		List<Flux<ChatResponse>> streams = Stream.generate(() -> this.model.stream(new Prompt("Hello")))
			.limit(5)
			.toList();
		this.xai.answers("Fine.");
		assertThat(ask(Invocation.CALL)).isEqualTo("Fine.");
		this.xai.answers("Now.");
		assertThat(Invocation.text(streams.get(0).collectList().block(Duration.ofSeconds(20)))).isEqualTo("Now.");
	}

	private void open(Invocation invocation) {
		fail(invocation, MINIMUM);
		assertThat(status().state()).isEqualTo(State.OPEN);
	}

	private void fail(Invocation invocation, int times) {
		for (int i = 0; i < times; i++) {
			this.xai.failsWith(500);
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(invocation))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.SERVER_ERROR));
		}
	}

	private void waitUntilHalfOpen() {
		this.clock.move(OPEN.plusMillis(1));
		assertThat(status().state()).isEqualTo(State.HALF_OPEN);
	}

	private String ask(Invocation invocation) {
		return invocation.text(this.model, null);
	}

	private CircuitBreakerStatus status() {
		return this.breakers.statuses()
			.stream()
			.filter((status) -> status.name().equals("default:grok-4.3"))
			.findFirst()
			.orElseThrow();
	}

	private ChatModelDecorator takesTime() {
		return below((prompt) -> {
			this.clock.move(Duration.ofSeconds(11));
			return prompt;
		});
	}

	private static ChatModelDecorator below(UnaryOperator<Prompt> before) {
		return new Below(before);
	}

	/**
	 * Decorator that transforms the prompt.
	 */
	private record Below(UnaryOperator<Prompt> before) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.SCRUBBING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					return super.call(Below.this.before.apply(prompt));
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					return super.stream(Below.this.before.apply(prompt));
				}

			};
		}

	}

	private record ThrowingDecorator(Throwable thrown) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.METERING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					throw sneaky(ThrowingDecorator.this.thrown);
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					throw sneaky(ThrowingDecorator.this.thrown);
				}

			};
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
			throw (T) thrown;
		}

	}

}
