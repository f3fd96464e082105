package io.github.grokspring.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.GrokEventListener;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link RetryingChatModel}.
 */
class RetryingChatModelTests {

	private static final Prompt PROMPT = new Prompt("hi");

	private final Fixture fixture = new Fixture();

	@ParameterizedTest
	@EnumSource
	void responseOfTheFirstAttemptIsUnchanged(Invocation invocation) {
		Script script = new Script();
		ChatResponse response = invocation.last(this.fixture.model(script), PROMPT);
		assertThat(response).isEqualTo(script.response);
	}

	@ParameterizedTest
	@EnumSource
	void failureWithoutRetriesIsUnchanged(Invocation invocation) {
		GrokApiException rejected = failure(ErrorKind.INVALID_REQUEST);
		assertThatThrownBy(() -> invocation.last(this.fixture.model(new Script(rejected)), PROMPT)).isSameAs(rejected);
	}

	@ParameterizedTest
	@EnumSource
	void otherExceptionsAreUnchanged(Invocation invocation) {
		for (RuntimeException other : List.of(
				new RateLimitExceededException("requests", Duration.ofSeconds(1), "Too fast"),
				new IllegalArgumentException("Not like this"))) {
			Script script = new Script(other);
			assertThatThrownBy(() -> invocation.last(this.fixture.model(script), PROMPT)).isSameAs(other);
			assertThat(script.requests).hasValue(1);
			assertThat(other.getSuppressed()).noneMatch(GrokException.class::isInstance);
		}
		assertThat(this.fixture.events()).isEmpty();
		assertThat(this.fixture.waits()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void failureAfterRetriesHasEarlierFailures(Invocation invocation) {
		GrokApiException overloaded = failure(ErrorKind.OVERLOADED);
		CircuitOpenException open = new CircuitOpenException("grok-4.3", Instant.EPOCH, "Open");
		assertThatThrownBy(() -> invocation.last(this.fixture.model(new Script(overloaded, open)), PROMPT))
			.isSameAs(open);
		assertThat(open.getSuppressed()).contains(overloaded);
		assertThat(this.fixture.events()).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void errorsAreNotRetried(Invocation invocation) {
		AssertionError error = new AssertionError("Broken");
		assertThatThrownBy(() -> invocation.last(this.fixture.model(new Script(error)), PROMPT))
			.satisfies((thrown) -> assertThat(Exceptions.unwrap(thrown)).isSameAs(error));
	}

	@ParameterizedTest
	@EnumSource
	void lastFailureKeepsItsDetails(Invocation invocation) {
		GrokApiException last = GrokApiException.builder(ErrorKind.RATE_LIMITED, "Too many requests.")
			.status(429)
			.code("resource-exhausted")
			.requestId("r-2")
			.retryAfter(Duration.ofSeconds(3))
			.build();
		ChatModel model = this.fixture.rule(RetryRule.retryable().atMost(2))
			.model(new Script(failure(ErrorKind.CONNECTION), last));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.last(model, PROMPT))
			.withMessage("Too many requests. Gave up after 2 attempts.")
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(429))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo("resource-exhausted"))
			.satisfies((ex) -> assertThat(ex.requestId()).isEqualTo("r-2"))
			.satisfies((ex) -> assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(3)))
			.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(2))
			.satisfies((ex) -> assertThat(ex.getStackTrace()).isEqualTo(last.getStackTrace()));
	}

	@ParameterizedTest
	@EnumSource
	void delaysDoNotExceedMaxTotalWait(Invocation invocation) {
		Script script = new Script().failingAlwaysWith(failure(ErrorKind.RATE_LIMITED));
		ChatModel model = this.fixture.maxTotalWait(Fixture.seconds(5)).model(script);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.last(model, PROMPT));
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(2), Fixture.seconds(3));
		assertThat(script.requests).hasValue(3);
	}

	@ParameterizedTest
	@EnumSource
	void callFailsIfRetryAfterExceedsTheRemainingWait(Invocation invocation) {
		GrokApiException limited = GrokApiException.builder(ErrorKind.RATE_LIMITED, "Too many requests.")
			.retryAfter(Fixture.seconds(4))
			.build();
		Script script = new Script().failingAlwaysWith(limited);
		ChatModel model = this.fixture.maxTotalWait(Fixture.seconds(7)).model(script);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.last(model, PROMPT));
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(6));
		assertThat(script.requests).hasValue(2);
	}

	@ParameterizedTest
	@EnumSource
	void retryAfterIsRespectedUpToMaxTotalWait(Invocation invocation) {
		GrokApiException limited = GrokApiException.builder(ErrorKind.RATE_LIMITED, "Too many requests.")
			.retryAfter(Fixture.seconds(4))
			.build();
		Script script = new Script().failingAlwaysWith(limited);
		ChatModel model = this.fixture.maxTotalWait(Fixture.seconds(4)).model(script);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.last(model, PROMPT));
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(4));
		assertThat(script.requests).hasValue(2);
	}

	@ParameterizedTest
	@EnumSource
	void exhaustedBudgetAllowsFirstAttemptsOnly(Invocation invocation) {
		Script script = new Script().failingAlwaysWith(failure(ErrorKind.OVERLOADED));
		ChatModel model = this.fixture.budget(RetryBudget.ofTokens(15, 5, 1)).model(script);
		assertThat(requestsOf(invocation, model, script)).isEqualTo(3);
		assertThat(requestsOf(invocation, model, script)).isEqualTo(2);
		assertThat(requestsOf(invocation, model, script)).isEqualTo(1);
		script.failingAlwaysWith(null);
		for (int i = 0; i < 5; i++) {
			invocation.last(model, PROMPT);
		}
		script.failingAlwaysWith(failure(ErrorKind.OVERLOADED));
		assertThat(requestsOf(invocation, model, script)).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void changedRequestIsRetriedWithoutDelayOrCost(Invocation invocation) {
		Script script = new Script(changed());
		RetryBudget empty = RetryBudget.ofTokens(0, 1, 1);
		ChatResponse response = invocation.last(this.fixture.budget(empty).model(script), PROMPT);
		assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
		assertThat(this.fixture.waits()).isEmpty();
		assertThat(this.fixture.events()).extracting(RetryingChatModelTests::asTuple)
			.containsExactly(tuple("default", "grok-4.3", 1, "unsupported_parameter", Duration.ZERO, true));
	}

	@ParameterizedTest
	@EnumSource
	void changedRequestHasMaxAttempts(Invocation invocation) {
		Script script = new Script().failingAlwaysWith(changed());
		assertThat(requestsOf(invocation, this.fixture.model(script), script)).isEqualTo(5);
	}

	@ParameterizedTest
	@EnumSource
	void changedRequestDoesNotIncreaseLaterDelays(Invocation invocation) {
		Script script = new Script(changed(), failure(ErrorKind.OVERLOADED));
		invocation.last(this.fixture.model(script), PROMPT);
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(2));
	}

	@ParameterizedTest
	@EnumSource
	void disabledRetriesAllowOneForAChangedRequest(Invocation invocation) {
		RetryRule off = RetryRule.changedRequest().atMost(2);
		invocation.last(this.fixture.rule(off).model(new Script(changed())), PROMPT);
		Script always = new Script().failingAlwaysWith(changed());
		assertThat(requestsOf(invocation, this.fixture.model(always), always)).isEqualTo(2);
		Script overloaded = new Script().failingAlwaysWith(failure(ErrorKind.OVERLOADED));
		assertThat(requestsOf(invocation, this.fixture.model(overloaded), overloaded)).isEqualTo(1);
	}

	static Stream<ChatResponse> contents() {
		return Stream.of(element(AssistantMessage.builder().content("One").build()),
				element(AssistantMessage.builder().content("").properties(Map.of("reasoning-delta", "Hm")).build()),
				element(AssistantMessage.builder()
					.content("")
					.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "time", "{}")))
					.build()));
	}

	@ParameterizedTest
	@MethodSource("contents")
	void streamIsNotRetriedAfterContent(ChatResponse content) {
		GrokApiException broken = failure(ErrorKind.STREAM_BROKEN);
		ChatModel model = this.fixture.model(streaming(Flux.concat(Flux.just(content), Flux.error(broken))));
		StepVerifier.create(model.stream(PROMPT))
			.expectNext(content)
			.expectErrorSatisfies((failure) -> assertThat(failure).isSameAs(broken))
			.verify(Invocation.TIMEOUT);
		assertThat(this.fixture.events()).extracting(RetryingChatModelTests::asTuple)
			.containsExactly(tuple("default", "grok-4.3", 1, "stream_broken", null, true));
	}

	@Test
	void streamIsRetriedBeforeContent() {
		ChatResponse empty = element(new AssistantMessage(""));
		ChatResponse text = element(new AssistantMessage("One"));
		ChatModel model = this.fixture.model(streaming(
				Flux.concat(Flux.just(empty), Flux.error(failure(ErrorKind.STREAM_BROKEN))), Flux.just(text)));
		StepVerifier.create(model.stream(PROMPT)).expectNext(empty, text).expectComplete().verify(Invocation.TIMEOUT);
	}

	@Test
	void everySubscriptionHasItsOwnAttempts() {
		Script script = new Script().failingAlwaysWith(failure(ErrorKind.OVERLOADED));
		Flux<ChatResponse> stream = this.fixture.model(script).stream(PROMPT);
		assertThat(script.requests).hasValue(0);
		for (int i = 1; i <= 2; i++) {
			StepVerifier.create(stream).expectError(GrokApiException.class).verify(Invocation.TIMEOUT);
			assertThat(script.requests).hasValue(3 * i);
		}
	}

	@Test
	void demandIsForwardedToTheSuccessfulAttempt() {
		List<Long> demands = new CopyOnWriteArrayList<>();
		ChatResponse text = element(new AssistantMessage("One"));
		ChatModel model = this.fixture.model(streaming(Flux.error(failure(ErrorKind.OVERLOADED)),
				Flux.just(text, text, text).doOnRequest(demands::add)));
		StepVerifier.create(model.stream(PROMPT), 2).expectNextCount(2).thenCancel().verify(Invocation.TIMEOUT);
		assertThat(demands).containsExactly(2L);
	}

	@Test
	void interruptWhileWaitingEndsTheCall() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		Script script = new Script().failingAlwaysWith(failure(ErrorKind.OVERLOADED));
		ChatModel model = this.fixture.sleeper(new BlockingSleeper(waiting)).model(script);
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				model.call(PROMPT);
			}
			catch (RuntimeException ex) {
				interrupted.complete(Thread.currentThread().isInterrupted());
				thrown.complete(ex);
			}
		});
		caller.start();
		assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
		caller.interrupt();
		assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(thrown.get(30, TimeUnit.SECONDS)).isExactlyInstanceOf(GrokException.class)
			.hasMessageContaining("Interrupted while waiting")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(1));
		assertThat(script.requests).hasValue(1);
	}

	@Test
	void streamCancelledWhileWaitingIsNotRetried() {
		Sinks.Empty<Void> end = Sinks.empty();
		AtomicInteger waiting = new AtomicInteger();
		Sleeper held = new ManualSleeper(end.asMono()
			.doOnSubscribe((subscription) -> waiting.incrementAndGet())
			.doOnCancel(waiting::decrementAndGet));
		Script script = new Script().failingAlwaysWith(failure(ErrorKind.OVERLOADED));
		Disposable stream = this.fixture.sleeper(held).model(script).stream(PROMPT).subscribe();
		assertThat(waiting).hasValue(1);
		stream.dispose();
		assertThat(waiting).hasValue(0);
		assertThat(end.tryEmitEmpty().isSuccess()).isTrue();
		assertThat(script.requests).hasValue(1);
	}

	@Test
	void delayedRetryOfAStreamMayBlock() {
		List<Boolean> nonBlocking = new CopyOnWriteArrayList<>();
		ChatResponse text = element(new AssistantMessage("One"));
		ChatModel model = this.fixture.sleeper(new ManualSleeper(Sleeper.system().delay(Duration.ofMillis(5))))
			.model(streaming(Flux.error(failure(ErrorKind.OVERLOADED)), Flux.defer(() -> {
				nonBlocking.add(Schedulers.isInNonBlockingThread());
				return Flux.just(text);
			})));
		StepVerifier.create(model.stream(PROMPT)).expectNext(text).expectComplete().verify(Invocation.TIMEOUT);
		assertThat(nonBlocking).containsExactly(false);
	}

	@Test
	void immediateRetryOfAStreamMayBlock() {
		List<Boolean> nonBlocking = new CopyOnWriteArrayList<>();
		ChatResponse text = element(new AssistantMessage("One"));
		ChatModel model = this.fixture
			.model(streaming(Flux.<ChatResponse>error(changed()).subscribeOn(Schedulers.parallel()), Flux.defer(() -> {
				nonBlocking.add(Schedulers.isInNonBlockingThread());
				return Flux.just(text);
			})));
		StepVerifier.create(model.stream(PROMPT)).expectNext(text).expectComplete().verify(Invocation.TIMEOUT);
		assertThat(nonBlocking).containsExactly(false);
		assertThat(this.fixture.waits()).isEmpty();
	}

	@Test
	void sleepCanBeInterrupted() {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class)
			.isThrownBy(() -> Sleeper.system().sleep(Duration.ofMinutes(5)));
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void toStringNamesTheStage() {
		GrokChatModel model = this.fixture.model(new Script());
		assertThat(model.stages()).containsExactly("retry", "transport");
		assertThat(model.as(RetryingChatModel.class)).hasToString("RetryingChatModel[default]");
		ChatModelDecorator decorator = RetryingChatModel.decorator(this.fixture.settings(), GrokEventListener.none());
		assertThat(decorator.position()).isEqualTo(Position.RETRY);
		assertThat(decorator.decorate("fast", model).getOptions()).isSameAs(model.getOptions());
	}

	private int requestsOf(Invocation invocation, ChatModel model, Script script) {
		int before = script.requests.get();
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.last(model, PROMPT));
		return script.requests.get() - before;
	}

	private static GrokApiException failure(ErrorKind kind) {
		return GrokApiException.builder(kind, "Failed.").build();
	}

	private static GrokApiException changed() {
		return GrokApiException.builder(ErrorKind.UNSUPPORTED_PARAMETER, "Refused.")
			.parameter("presence_penalty")
			.retryable(true)
			.build();
	}

	private static ChatResponse element(AssistantMessage message) {
		return new ChatResponse(List.of(new Generation(message)));
	}

	@SafeVarargs
	private static ChatModel streaming(Flux<ChatResponse>... attempts) {
		Deque<Flux<ChatResponse>> left = new ArrayDeque<>(Arrays.asList(attempts));
		return new ChatModel() {

			@Override
			public ChatResponse call(Prompt prompt) {
				throw new UnsupportedOperationException();
			}

			@Override
			public Flux<ChatResponse> stream(Prompt prompt) {
				return left.remove();
			}

		};
	}

	private static Tuple asTuple(AttemptFailed event) {
		return tuple(event.client(), event.model(), event.attempt(), event.reason(), event.delay(), event.sent());
	}

	/**
	 * Transport that fails as scripted and then responds.
	 */
	private static final class Script implements ChatModel {

		private final AtomicInteger requests = new AtomicInteger();

		private final ChatResponse response = new ChatResponse(List.of(new Generation(new AssistantMessage("Hello"),
				ChatGenerationMetadata.builder().finishReason("STOP").build())));

		private final Deque<Throwable> failures;

		private volatile @Nullable Throwable always;

		private Script(Throwable... failures) {
			this.failures = new ArrayDeque<>(Arrays.asList(failures));
		}

		private Script failingAlwaysWith(@Nullable Throwable failure) {
			this.always = failure;
			return this;
		}

		@Override
		public ChatResponse call(Prompt prompt) {
			this.requests.incrementAndGet();
			Throwable failure = (this.always != null) ? this.always : this.failures.poll();
			if (failure instanceof Error error) {
				throw error;
			}
			if (failure != null) {
				throw (RuntimeException) failure;
			}
			GrokChatOptions options = (GrokChatOptions) prompt.getOptions();
			assertThat(options.getModel()).isEqualTo("grok-4.3");
			return this.response;
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.defer(() -> Flux.just(call(prompt)));
		}

	}

	/**
	 * {@link Sleeper} that blocks until interrupted.
	 */
	private record BlockingSleeper(CountDownLatch started) implements Sleeper {

		@Override
		public void sleep(Duration duration) throws InterruptedException {
			this.started.countDown();
			new CountDownLatch(1).await();
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.never();
		}

	}

	/**
	 * {@link Sleeper} whose delays are completed by the test.
	 */
	private record ManualSleeper(Mono<Void> end) implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return this.end;
		}

	}

}
