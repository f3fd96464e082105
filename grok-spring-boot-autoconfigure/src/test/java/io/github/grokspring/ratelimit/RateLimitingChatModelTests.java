package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.event.RateLimitWaited;
import io.github.grokspring.test.RawReply;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RateLimitingChatModel} on the wire, in virtual time.
 */
class RateLimitingChatModelTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static final String BODY = """
			{"id":"a","model":"grok-4.3","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},\
			"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":8}}""";

	private static final String EVENTS = """
			data: {"id":"a","model":"grok-4.3","choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}

			data: {"id":"a","model":"grok-4.3","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":8}}

			data: [DONE]

			""";

	@ParameterizedTest
	@EnumSource
	void requestsAndTokensAreReservedAndSettled(Invocation invocation) {
		Limits limits = new Limits().requests(5).tokens(10_000);
		xai.answers("ok").usage(30, 12).reasoningTokens(100);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThat(chain.ask(invocation, "20")).isEqualTo("ok");
			assertThat(chain.events()).isEmpty();
		}
		assertThat(limits.status().remainingRequests()).isEqualTo(4);
		assertThat(limits.status().remainingTokens()).isEqualTo(10_000 - 142);
		assertThat(limits.status().active()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void secondRequestWaitsForTheFirst(Invocation invocation) {
		Limits limits = new Limits().concurrent(1).requests(100);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			Permit running = limits.start();
			CompletableFuture<String> second = inBackground(() -> chain.ask(invocation, "2"));
			awaitQueued(limits, 1);
			limits.advance(Duration.ofSeconds(3));
			assertThat(xai.requestCount()).isZero();
			running.release(Limits.completed(1));
			assertThat(second.join()).isNotEmpty();
			assertThat(chain.events())
				.containsExactly(new RateLimitWaited("default", Limits.MODEL, "concurrency", Duration.ofSeconds(3)));
		}
		assertThat(limits.limiter().status().active()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void timedOutRequestIsNotSent(Invocation invocation) {
		Limits limits = new Limits().requests(1).maxWait(Duration.ofSeconds(5));
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			limits.start();
			CompletableFuture<String> second = inBackground(() -> chain.ask(invocation, "2"));
			awaitQueued(limits, 1);
			limits.advance(Duration.ofSeconds(5));
			assertThat(second).failsWithin(RateLimitedChain.TIMEOUT)
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(RateLimitExceededException.class)
				.satisfies((ex) -> {
					RateLimitExceededException exceeded = (RateLimitExceededException) ex;
					assertThat(exceeded.limit()).isEqualTo("requests");
					assertThat(exceeded.retryAfter()).isEqualTo(Duration.ofSeconds(55));
				});
			assertThat(chain.events())
				.containsExactly(new RateLimitWaited("default", Limits.MODEL, "requests", Duration.ofSeconds(5)));
			assertThat(xai.requestCount()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseHeadersAreLearned(Invocation invocation) {
		Limits limits = new Limits().learning();
		reply(invocation).header("x-ratelimit-limit-requests", 60)
			.header("x-ratelimit-remaining-requests", 0)
			.header("x-ratelimit-limit-tokens", "18446744073709551615")
			.header("x-ratelimit-remaining-tokens", "18446744073709551615");
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThat(chain.ask(invocation, "1")).isEqualTo("ok");
			assertThat(limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, 60L, null));
			CompletableFuture<String> second = inBackground(() -> chain.ask(invocation, "2"));
			awaitQueued(limits, 1);
			assertThat(xai.requestCount()).isEqualTo(1);
			limits.advance(Duration.ofSeconds(1));
			assertThat(second.join()).isNotEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void rejectionIsLearnedAndDelaysTheNextRequest(Invocation invocation) {
		Limits limits = new Limits().learning().requests(10).tokens(10_000);
		xai.failsWith(429).rateLimited(2, 2).retryAfter(3);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "1"))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.RATE_LIMITED));
			assertThat(limits.status().learned().requestsPerSecond()).isEqualTo(2);
			assertThat(limits.status().remainingRequests()).isEqualTo(9);
			assertThat(limits.status().remainingTokens()).isEqualTo(10_000);
			CompletableFuture<String> second = inBackground(() -> chain.ask(invocation, "2"));
			awaitQueued(limits, 1);
			limits.advance(Duration.ofMillis(2_999));
			assertThat(xai.requestCount()).isEqualTo(1);
			limits.advance(Duration.ofMillis(1));
			assertThat(second.join()).isNotEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void rejectionInPlaceOfXaiIsNeitherLearnedNorCounted(Invocation invocation) {
		Limits limits = new Limits().learning().requests(10).tokens(10_000).concurrent(1);
		xai.failsWith(429).rateLimited(2, 2).retryAfter(60);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "1"));
			RateLimitStatus before = limits.limiter().status();
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "2"))
				.satisfies((ex) -> {
					assertThat(ex.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
					assertThat(ex.status()).isZero();
					assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(60));
				});
			assertThat(limits.limiter().status()).isEqualTo(before);
			assertThat(xai.requestCount()).isEqualTo(1);
			assertThat(limits.time().scheduledTasks()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void headersWithoutRemainingRefillNothing(Invocation invocation) {
		Limits limits = new Limits().learning();
		reply(invocation).header("x-ratelimit-limit-requests", 60).header("x-ratelimit-remaining-requests", 7);
		reply(invocation).header("x-ratelimit-limit-requests", 60);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			chain.ask(invocation, "1");
			chain.ask(invocation, "2");
			assertThat(limits.status().remainingRequests()).isEqualTo(6);
		}
	}

	@ParameterizedTest
	@EnumSource
	void failureOfXaiGivesTokensAndConcurrencyBack(Invocation invocation) {
		Limits limits = new Limits().requests(10).tokens(10_000).concurrent(1);
		xai.failsWith(503);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "100"));
		}
		assertThat(limits.status().remainingRequests()).isEqualTo(9);
		assertThat(limits.status().remainingTokens()).isEqualTo(10_000);
		assertThat(limits.limiter().status().active()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void unsentRequestIsGivenBack(Invocation invocation) {
		Limits limits = new Limits().requests(10).tokens(10_000).concurrent(1);
		try (RateLimitedChain chain = new RateLimitedChain("http://127.0.0.1:1/v1", xai.apiKey(), limits.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "100"))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.CONNECTION));
		}
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter(), new RejectEverything())) {
			assertThatExceptionOfType(UnsupportedParameterException.class)
				.isThrownBy(() -> chain.ask(invocation, "100"));
		}
		assertThat(limits.status().remainingRequests()).isEqualTo(10);
		assertThat(limits.status().remainingTokens()).isEqualTo(10_000);
		assertThat(limits.limiter().status().active()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void possiblySentRequestCountsWithoutAResponse(Invocation invocation) {
		Limits limits = new Limits().requests(10).tokens(10_000).concurrent(1);
		xai.resetsConnection();
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "100"))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.CONNECTION));
		}
		assertThat(limits.status().remainingRequests()).isEqualTo(9);
		assertThat(limits.status().remainingTokens()).isEqualTo(10_000 - 100);
		assertThat(limits.limiter().status().active()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void incompleteResponseCountsPromptAndReceivedText(Invocation invocation) {
		Limits limits = new Limits().requests(10).tokens(10_000).concurrent(1);
		xai.answers("0123456789 0123456789 0123456789 0123456789").breaksAfter(2);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(invocation, "100"))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
		}
		assertThat(limits.status().remainingTokens()).isBetween(10_000L - 110, 10_000L - 100);
		assertThat(limits.limiter().status().active()).isZero();
	}

	@Test
	void receivedTextOfIncompleteOrCancelledStreamCounts() {
		String seen = "x".repeat(400);
		Limits broken = new Limits().tokens(10_000);
		xai.answers(seen + "rest").inChunks(seen, "rest").breaksAfter(1);
		try (RateLimitedChain chain = new RateLimitedChain(xai, broken.limiter())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> chain.ask(Invocation.STREAM, "100"));
		}
		assertThat(broken.status().remainingTokens()).isEqualTo(10_000 - 100 - 100);
		Limits cancelled = new Limits().tokens(10_000);
		xai.answers(seen + "rest").inChunks(seen, "rest").stallsAfter(1, Duration.ofMinutes(5));
		try (RateLimitedChain chain = new RateLimitedChain(xai, cancelled.limiter())) {
			chain.stream("100")
				.filter((element) -> element.getResult().getOutput().getText().equals(seen))
				.blockFirst(RateLimitedChain.TIMEOUT);
		}
		assertThat(cancelled.status().remainingTokens()).isEqualTo(10_000 - 100 - 100);
	}

	@Test
	void streamHoldsItsPermitUntilItEnds() {
		Limits limits = new Limits().concurrent(1);
		xai.answers("one two three");
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			StepVerifier.create(chain.stream("1"), 1)
				.expectNextCount(1)
				.then(() -> assertThat(limits.limiter().status().active()).isEqualTo(1))
				.thenRequest(100)
				.thenConsumeWhile((element) -> limits.limiter().status().active() == 1)
				.expectComplete()
				.verify(RateLimitedChain.TIMEOUT);
			assertThat(limits.limiter().status().active()).isZero();
		}
	}

	@Test
	void cancelledStreamReleasesItsPermitOnce() {
		Limits limits = new Limits().concurrent(1).tokens(10_000);
		xai.answersInChunks(10).stallsAfter(2, Duration.ofMinutes(1));
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			CompletableFuture<ChatResponse> started = new CompletableFuture<>();
			Disposable first = chain.stream("1").subscribe(started::complete);
			started.join();
			CompletableFuture<String> second = inBackground(() -> chain.ask(Invocation.STREAM, "2"));
			awaitQueued(limits, 1);
			first.dispose();
			assertThat(second.join()).isNotEmpty();
			xai.awaitClientDisconnect(RateLimitedChain.TIMEOUT);
			assertThat(limits.limiter().status().active()).isZero();
		}
	}

	@Test
	void streamCancelledWhileWaitingIsNotSent() {
		Limits limits = new Limits().concurrent(1).requests(10);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			Permit running = limits.start();
			Disposable waiting = chain.stream("1").subscribe();
			assertThat(limits.limiter().status().queued()).isEqualTo(1);
			limits.advance(Duration.ofSeconds(2));
			waiting.dispose();
			assertThat(limits.limiter().status().queued()).isZero();
			running.release(Limits.completed(1));
			assertThat(limits.status().remainingRequests()).isEqualTo(9);
			assertThat(limits.limiter().status().active()).isZero();
			assertThat(xai.requestCount()).isZero();
			assertThat(limits.time().scheduledTasks()).isZero();
			assertThat(chain.events())
				.containsExactly(new RateLimitWaited("default", Limits.MODEL, "concurrency", Duration.ofSeconds(2)));
		}
	}

	@Test
	void eachSubscriptionAcquiresAPermit() {
		Limits limits = new Limits().requests(10);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			Flux<ChatResponse> stream = chain.stream("1");
			assertThat(xai.requestCount()).isZero();
			stream.blockLast(RateLimitedChain.TIMEOUT);
			stream.blockLast(RateLimitedChain.TIMEOUT);
		}
		assertThat(limits.status().remainingRequests()).isEqualTo(8);
	}

	@Test
	void waitingStreamContinuesOnAThreadThatMayBlock() {
		Limits limits = new Limits().concurrent(1);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			Permit running = limits.start();
			CompletableFuture<Boolean> mayNotBlock = chain.stream("1")
				.subscribeOn(Schedulers.parallel())
				.next()
				.map((element) -> Schedulers.isInNonBlockingThread())
				.toFuture();
			awaitQueued(limits, 1);
			running.release(Limits.completed(1));
			assertThat(mayNotBlock.join()).isFalse();
		}
	}

	@Test
	void interruptEndsTheWaitOfAPlatformThread() throws Exception {
		interruptEndsTheWait(Thread::new);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "This JDK has no virtual threads")
	void interruptEndsTheWaitOfAVirtualThread() throws Exception {
		interruptEndsTheWait(VirtualThreads::unstarted);
	}

	@Test
	void callThatWouldBlockAnEventLoopFails() {
		Limits limits = new Limits().concurrent(1);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			limits.start();
			assertThatExceptionOfType(GrokException.class)
				.isThrownBy(() -> Mono.fromCallable(() -> chain.ask(Invocation.CALL, "1"))
					.subscribeOn(Schedulers.parallel())
					.block(RateLimitedChain.TIMEOUT))
				.withMessageContaining("stream()")
				.withMessageContaining("parallel-");
			assertThat(limits.limiter().status().queued()).isZero();
		}
	}

	@Test
	void hasItsPositionAndForwardsOptions() {
		try (RateLimitedChain chain = new RateLimitedChain(xai, new Limits().concurrent(1).limiter())) {
			assertThat(chain.model().stages()).containsExactly("rate-limit", "chat-completions");
			RateLimitingChatModel stage = chain.model().as(RateLimitingChatModel.class);
			assertThat(stage).isNotNull();
			assertThat(stage.getOptions()).isNotNull();
		}
		try (RateLimitedChain chain = new RateLimitedChain(xai, new Limits().limiter())) {
			assertThat(chain.model().stages()).containsExactly("chat-completions");
		}
	}

	private static void interruptEndsTheWait(Function<Runnable, Thread> threads) throws InterruptedException {
		Limits limits = new Limits().concurrent(1).requests(10);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits.limiter())) {
			Permit running = limits.start();
			AtomicReference<Throwable> failure = new AtomicReference<>();
			AtomicReference<Boolean> flag = new AtomicReference<>();
			Thread thread = threads.apply(() -> {
				try {
					chain.ask(Invocation.CALL, "1");
				}
				catch (GrokException ex) {
					failure.set(ex);
				}
				flag.set(Thread.currentThread().isInterrupted());
			});
			thread.start();
			awaitQueued(limits, 1);
			thread.interrupt();
			thread.join(RateLimitedChain.TIMEOUT.toMillis());
			assertThat(failure.get()).isInstanceOf(GrokException.class)
				.hasMessageStartingWith("Interrupted while waiting");
			assertThat(flag.get()).isTrue();
			assertThat(limits.limiter().status().queued()).isZero();
			running.release(Limits.completed(1));
			assertThat(limits.status().remainingRequests()).isEqualTo(9);
			assertThat(limits.limiter().status().active()).isZero();
			assertThat(xai.requestCount()).isZero();
		}
	}

	private static RawReply reply(Invocation invocation) {
		return (invocation == Invocation.CALL) ? xai.answersRaw(200, "application/json", BODY) : xai.streamsRaw(EVENTS);
	}

	private static CompletableFuture<String> inBackground(Supplier<String> task) {
		CompletableFuture<String> result = new CompletableFuture<>();
		new Thread(() -> {
			try {
				result.complete(task.get());
			}
			catch (RuntimeException | Error ex) {
				result.completeExceptionally(ex);
			}
		}).start();
		return result;
	}

	private static void awaitQueued(Limits limits, int queued) {
		await().atMost(RateLimitedChain.TIMEOUT)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> limits.limiter().status().queued() == queued);
	}

	/**
	 * Decorator that rejects every request, like the scrubber.
	 */
	private static final class RejectEverything implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.SCRUBBING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					throw new UnsupportedParameterException(Limits.MODEL, List.of("stop"), "rejected");
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					return Flux
						.error(() -> new UnsupportedParameterException(Limits.MODEL, List.of("stop"), "rejected"));
				}

			};
		}

	}

}
