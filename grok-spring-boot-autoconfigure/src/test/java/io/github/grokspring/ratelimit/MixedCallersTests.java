package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.token.PromptTokenEstimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with concurrent callers of all kinds, in real time and on the wire.
 */
class MixedCallersTests {

	private static final int CALLERS = 64;

	private static final int CONCURRENT = 8;

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@Test
	void concurrencyLimitHoldsForAllKindsOfCallers() {
		concurrencyLimitHolds(Thread::new);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "This JDK has no virtual threads")
	void concurrencyLimitHoldsForVirtualThreads() {
		concurrencyLimitHolds(VirtualThreads::unstarted);
	}

	@Test
	void allKindsOfCallersAreServedInOrder() {
		callersAreServedInOrder(Thread::new);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "This JDK has no virtual threads")
	void virtualThreadsAreServedInOrder() {
		callersAreServedInOrder(VirtualThreads::unstarted);
	}

	@Test
	void cancelledRequestsAreNotSentAndDoNotDelayOthers() {
		RateLimiter limits = limits(1, CALLERS);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits)) {
			Permit running = start(limits);
			List<CompletableFuture<ChatResponse>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(chain.stream("caller " + i).last().toFuture());
			}
			assertThat(limits.status().queued()).isEqualTo(CALLERS);
			for (int i = 0; i < CALLERS; i += 2) {
				callers.get(i).cancel(false);
			}
			running.release(UsageReport.unsent());
			for (int i = 1; i < CALLERS; i += 2) {
				assertThat(callers.get(i).join()).isNotNull();
			}
			assertThat(xai.requestCount()).isEqualTo(CALLERS / 2);
			assertIdle(limits);
		}
	}

	@Test
	void waitingCallsOnBoundedElasticDoNotBlockStreams() {
		RateLimiter limits = limits(1, CALLERS);
		xai.answersInChunks(10).stallsAfter(2, Duration.ofMillis(300));
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits)) {
			CompletableFuture<ChatResponse> started = new CompletableFuture<>();
			CompletableFuture<Long> slow = chain.stream("slow").doOnNext(started::complete).count().toFuture();
			started.join();
			List<CompletableFuture<String>> callers = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				String text = "caller " + i;
				callers.add(Mono.fromCallable(() -> chain.ask(Invocation.CALL, text))
					.subscribeOn(Schedulers.boundedElastic())
					.toFuture());
			}
			assertThat(slow.join()).isGreaterThan(2);
			assertThat(callers).allSatisfy((caller) -> assertThat(caller.join()).isNotEmpty());
			assertIdle(limits);
		}
	}

	@Test
	void requestsBeyondMaxQueuedAreRejected() {
		RateLimiter limits = limits(1, 10);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits)) {
			Permit running = start(limits);
			List<CompletableFuture<ChatResponse>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(chain.stream("caller " + i).last().toFuture());
			}
			assertThat(callers.subList(10, CALLERS))
				.allSatisfy((caller) -> assertThat(caller).failsWithin(Duration.ZERO)
					.withThrowableThat()
					.havingCause()
					.isInstanceOf(RateLimitExceededException.class)
					.withMessageContaining("'grok.rate-limit.max-queued'"));
			running.release(UsageReport.unsent());
			assertThat(callers.subList(0, 10)).allSatisfy((caller) -> assertThat(caller.join()).isNotNull());
			assertIdle(limits);
		}
	}

	private static void concurrencyLimitHolds(Function<Runnable, Thread> threads) {
		RateLimiter limits = limits(CONCURRENT, CALLERS);
		ConcurrencyCounter underWay = new ConcurrencyCounter();
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits, underWay)) {
			List<Permit> running = new ArrayList<>();
			for (int i = 0; i < CONCURRENT; i++) {
				running.add(start(limits));
			}
			List<CompletableFuture<String>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(caller(chain, i, threads));
			}
			awaitQueued(limits, CALLERS);
			assertThat(xai.requestCount()).isZero();
			running.forEach((permit) -> permit.release(UsageReport.unsent()));
			assertThat(callers).allSatisfy((caller) -> assertThat(caller.join()).isNotEmpty());
		}
		assertThat(underWay.most.get()).isBetween(1, CONCURRENT);
		assertThat(xai.requestCount()).isEqualTo(CALLERS);
		assertThat(new HashSet<>(texts())).hasSize(CALLERS);
		assertIdle(limits);
	}

	private static void callersAreServedInOrder(Function<Runnable, Thread> threads) {
		RateLimiter limits = limits(1, CALLERS);
		try (RateLimitedChain chain = new RateLimitedChain(xai, limits)) {
			Permit running = start(limits);
			List<CompletableFuture<String>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(caller(chain, i, threads));
				awaitQueued(limits, i + 1);
			}
			running.release(UsageReport.unsent());
			assertThat(callers).allSatisfy((caller) -> assertThat(caller.join()).isNotEmpty());
		}
		List<String> inOrder = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			inOrder.add("caller " + i);
		}
		assertThat(texts()).isEqualTo(inOrder);
		assertIdle(limits);
	}

	private static CompletableFuture<String> caller(RateLimitedChain chain, int number,
			Function<Runnable, Thread> threads) {
		String text = "caller " + number;
		if (number % 3 == 0) {
			return chain.stream(text)
				.reduce("", (all, element) -> all + element.getResult().getOutput().getText())
				.toFuture();
		}
		CompletableFuture<String> response = new CompletableFuture<>();
		Runnable call = () -> {
			try {
				response.complete(chain.ask(Invocation.CALL, text));
			}
			catch (RuntimeException | Error ex) {
				response.completeExceptionally(new CompletionException(ex));
			}
		};
		((number % 3 == 1) ? new Thread(call) : threads.apply(call)).start();
		return response;
	}

	private static RateLimiter limits(int concurrent, int queued) {
		return (RateLimiter) RateLimits.local(
				new RateLimitSettings(100_000L, 100_000_000L, concurrent, queued, RateLimitedChain.TIMEOUT, false),
				(name) -> name, PromptTokenEstimator.approximate());
	}

	private static Permit start(RateLimiter limits) {
		Permit permit = limits.acquire("test", new Prompt("hold"));
		assertThat(permit.use()).isTrue();
		return permit;
	}

	private static void awaitQueued(RateLimits limits, int queued) {
		await().atMost(RateLimitedChain.TIMEOUT)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> limits.status().queued() == queued);
	}

	private static void assertIdle(RateLimits limits) {
		RateLimitStatus status = limits.status();
		assertThat(status.active()).isZero();
		assertThat(status.queued()).isZero();
	}

	private static List<String> texts() {
		return xai.requests()
			.stream()
			.map((RecordedRequest request) -> request.parameter("messages.0.content").asString())
			.toList();
	}

	/**
	 * Decorator that counts concurrent requests.
	 */
	private static final class ConcurrencyCounter implements ChatModelDecorator {

		private final AtomicInteger now = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		@Override
		public Position position() {
			return Position.METERING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					begin();
					try {
						return super.call(prompt);
					}
					finally {
						ConcurrencyCounter.this.now.decrementAndGet();
					}
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					return Mono.fromRunnable(ConcurrencyCounter.this::begin)
						.thenMany(super.stream(prompt))
						.doOnTerminate(ConcurrencyCounter.this.now::decrementAndGet);
				}

			};
		}

		private void begin() {
			this.most.accumulateAndGet(this.now.incrementAndGet(), Math::max);
		}

	}

}
