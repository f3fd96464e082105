package io.github.grokspring.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.completions.GrokOnTheWire;
import io.github.grokspring.error.GrokException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for sharing of concurrent requests.
 */
class SharedRequestsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Prompt PROMPT = new Prompt("2 + 2?");

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final Fixture fixture = new Fixture();

	@AfterEach
	void stop() {
		this.callers.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void concurrentCallersShareOneRequest(boolean keeps) {
		try (GrokOnTheWire wire = new GrokOnTheWire()) {
			Gate gate = new Gate();
			GrokChatModel model = wire.client("default", CachingChatModel.decorator(this.fixture.cache), gate);
			wire.xai().answers("Four.");
			// Responses that are not cacheable are shared as well
			Prompt prompt = new Prompt("2 + 2?",
					GrokChatOptions.builder().cacheMode(keeps ? CacheMode.DEFAULT : CacheMode.REFRESH).build());
			List<CompletableFuture<List<ChatResponse>>> all = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				all.add((i % 2 == 0) ? start(Invocation.CALL, model, prompt)
						: model.stream(prompt).collectList().toFuture());
			}
			await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 200);
			gate.open();
			assertThat(all).allSatisfy((answer) -> assertThat(answer).succeedsWithin(PATIENCE)
				.satisfies((elements) -> assertThat(Invocation.text(elements)).isEqualTo("Four.")));
			assertThat(wire.xai().requestCount()).isEqualTo(1);
			assertThat(all).extracting((answer) -> result(answer.join()))
				.containsOnly("miss", "shared")
				.containsOnlyOnce("miss");
			assertThat(this.fixture.cache.waitingCount()).isZero();
			CacheStatistics statistics = this.fixture.cache.statistics();
			assertThat(statistics.misses()).isEqualTo(1);
			assertThat(statistics.shared()).isEqualTo(199);
		}
	}

	@ParameterizedTest
	@EnumSource
	void lateSubscriberReceivesAllElements(Invocation invocation) {
		Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
		this.fixture.transport.streams = (prompt) -> source.asFlux();
		CompletableFuture<List<ChatResponse>> leader = this.fixture.model.stream(PROMPT).collectList().toFuture();
		source.tryEmitNext(Fixture.element("Fo"));
		CompletableFuture<List<ChatResponse>> late = start(invocation, this.fixture.model, PROMPT);
		await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 2);
		source.tryEmitNext(Fixture.element("ur."));
		source.tryEmitNext(Fixture.response(""));
		source.tryEmitComplete();
		assertThat(leader).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(late).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(result(late.join())).isEqualTo("shared");
		assertThat(late.join().get(late.join().size() - 1).getMetadata().<Long>get("grok.saved"))
			.isEqualTo(Fixture.COST);
		assertThat(this.fixture.transport.prompts).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void cancellationOfFirstStreamDoesNotAffectOthers(Invocation invocation) {
		Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
		AtomicBoolean cancelled = new AtomicBoolean();
		this.fixture.transport.streams = (prompt) -> source.asFlux().doOnCancel(() -> cancelled.set(true));
		Disposable leader = this.fixture.model.stream(PROMPT).subscribe();
		CompletableFuture<List<ChatResponse>> other = start(invocation, this.fixture.model, PROMPT);
		await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 2);
		leader.dispose();
		assertThat(cancelled).isFalse();
		Fixture.elements("Fo", "ur.").forEach(source::tryEmitNext);
		source.tryEmitComplete();
		assertThat(other).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(this.fixture.transport.prompts).hasSize(1);
		assertThat(this.fixture.kept).hasSize(1);
	}

	@Test
	void requestIsCancelledWithItsLastSubscriberAndSentAgainByTheNext() {
		AtomicInteger cancelled = new AtomicInteger();
		this.fixture.transport.streams = (prompt) -> Flux.<ChatResponse>never().doOnCancel(cancelled::incrementAndGet);
		Disposable first = this.fixture.model.stream(PROMPT).subscribe();
		Disposable second = this.fixture.model.stream(PROMPT).subscribe();
		first.dispose();
		first.dispose();
		assertThat(cancelled).hasValue(0);
		second.dispose();
		assertThat(cancelled).hasValue(1);
		assertThat(this.fixture.cache.waitingCount()).isZero();
		this.fixture.transport.streams = (prompt) -> Flux.fromIterable(Fixture.elements("Four."));
		assertThat(Invocation.text(Invocation.STREAM.invoke(this.fixture.model, PROMPT))).isEqualTo("Four.");
	}

	@ParameterizedTest
	@EnumSource
	void othersSendRequestAgainWhenFirstCallIsInterrupted(Invocation invocation) throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		this.fixture.transport.calls = (prompt) -> {
			begun.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			throw new GrokException("Interrupted while waiting for xAI");
		};
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread leader = new Thread(() -> {
			try {
				this.fixture.model.call(PROMPT);
			}
			catch (GrokException ex) {
				failure.complete(ex);
			}
		});
		leader.start();
		begun.await();
		CompletableFuture<List<ChatResponse>> one = start(invocation, this.fixture.model, PROMPT);
		CompletableFuture<List<ChatResponse>> two = start(invocation, this.fixture.model, PROMPT);
		await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 3);
		this.fixture.transport.calls = (prompt) -> Fixture.response("Four.");
		leader.interrupt();
		assertThat(failure).succeedsWithin(PATIENCE);
		assertThat(one).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(two).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(this.fixture.transport.prompts).hasSize(2);
		assertThat(this.fixture.cache.waitingCount()).isZero();
	}

	@Test
	void interruptOfWaitingCallDoesNotAffectOthers() throws InterruptedException {
		CountDownLatch answer = new CountDownLatch(1);
		this.fixture.transport.calls = (prompt) -> {
			try {
				answer.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return Fixture.response("Four.");
		};
		CompletableFuture<List<ChatResponse>> leader = start(Invocation.CALL, this.fixture.model, PROMPT);
		await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 1);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread follower = new Thread(() -> {
			try {
				this.fixture.model.call(PROMPT);
			}
			catch (GrokException ex) {
				interrupted.complete(Thread.currentThread().isInterrupted());
			}
		});
		follower.start();
		await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 2);
		follower.interrupt();
		assertThat(interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
		assertThat(this.fixture.cache.waitingCount()).isEqualTo(1);
		answer.countDown();
		assertThat(leader).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
	}

	@Test
	void failureIsShared() {
		Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
		this.fixture.transport.streams = (prompt) -> source.asFlux();
		CompletableFuture<List<ChatResponse>> leader = this.fixture.model.stream(PROMPT).collectList().toFuture();
		CompletableFuture<List<ChatResponse>> stream = start(Invocation.STREAM, this.fixture.model, PROMPT);
		CompletableFuture<List<ChatResponse>> call = start(Invocation.CALL, this.fixture.model, PROMPT);
		await().atMost(PATIENCE).until(() -> this.fixture.cache.waitingCount() == 3);
		GrokException failure = new GrokException("no");
		source.tryEmitNext(Fixture.element("Fo"));
		source.tryEmitError(failure);
		assertThat(List.of(leader, stream, call))
			.allSatisfy((one) -> assertThat(one).failsWithin(PATIENCE).withThrowableThat().withCause(failure));
		assertThat(this.fixture.transport.prompts).hasSize(1);
		assertThat(this.fixture.cache.waitingCount()).isZero();
	}

	@Test
	void slowSubscriberDoesNotBlockOthers() {
		Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
		this.fixture.transport.streams = (prompt) -> source.asFlux();
		CountDownLatch blocked = new CountDownLatch(1);
		CompletableFuture<Integer> blocking = this.fixture.model.stream(PROMPT).doOnNext((element) -> {
			try {
				blocked.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}).collectList().map(List::size).toFuture();
		CompletableFuture<List<ChatResponse>> fast = this.fixture.model.stream(PROMPT).collectList().toFuture();
		for (int i = 0; i < 1000; i++) {
			source.tryEmitNext(Fixture.element("a"));
		}
		source.tryEmitNext(Fixture.response(""));
		source.tryEmitComplete();
		assertThat(fast).succeedsWithin(PATIENCE).satisfies((all) -> assertThat(all).hasSize(1001));
		assertThat(blocking).isNotDone();
		blocked.countDown();
		assertThat(blocking).succeedsWithin(PATIENCE).isEqualTo(1001);
		assertThat(Invocation.STREAM.invoke(this.fixture.model, PROMPT)).hasSize(2);
	}

	@Test
	void requestsWithDifferentTimeoutsAreNotShared() {
		this.fixture.transport.streams = (prompt) -> Flux.never();
		Disposable patient = this.fixture.model.stream(PROMPT).subscribe();
		Disposable hasty = this.fixture.model
			.stream(new Prompt("2 + 2?", GrokChatOptions.builder().timeout(Duration.ofSeconds(1)).build()))
			.subscribe();
		assertThat(this.fixture.transport.prompts).hasSize(2);
		patient.dispose();
		hasty.dispose();
	}

	@ParameterizedTest
	@EnumSource
	@Timeout(30)
	void requestsOfDifferentTenantsAreNotShared(Invocation invocation) {
		Fixture shared = Fixture.forAllTenants();
		Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
		shared.transport.streams = (prompt) -> source.asFlux();
		Disposable first = shared.model.stream(of("acme")).subscribe();
		await().atMost(PATIENCE).until(() -> shared.transport.prompts.size() == 1);
		shared.transport.streams = (prompt) -> Flux.fromIterable(Fixture.elements("Four."));
		assertThat(invocation.invoke(shared.model, of("globex"))).last()
			.extracting((element) -> element.getMetadata().<String>get("grok.cache"))
			.isEqualTo("miss");
		assertThat(shared.transport.prompts).hasSize(2);
		first.dispose();
		assertThat(invocation.invoke(shared.model, of("acme"))).last()
			.extracting((element) -> element.getMetadata().<String>get("grok.cache"))
			.isEqualTo("hit");
	}

	private static Prompt of(String tenant) {
		return new Prompt("2 + 2?", GrokChatOptions.builder().toolContext(Map.of("tenant", tenant)).build());
	}

	static Stream<Arguments> bothInBoth() {
		return Stream.of(Invocation.values())
			.flatMap((outer) -> Stream.of(Invocation.values()).map((inner) -> Arguments.of(outer, inner)));
	}

	@ParameterizedTest
	@MethodSource("bothInBoth")
	void nestedEqualRequestDoesNotWaitForItself(Invocation outer, Invocation inner) {
		Fixture.Transport transport = this.fixture.transport;
		transport.calls = (prompt) -> (transport.prompts.size() == 1) ? whole(inner.invoke(this.fixture.model, PROMPT))
				: Fixture.response("Four.");
		transport.streams = (prompt) -> (transport.prompts.size() > 1) ? Flux.fromIterable(Fixture.elements("Four."))
				: (inner == Invocation.STREAM) ? this.fixture.model.stream(PROMPT)
						: Flux.defer(() -> Flux.just(this.fixture.model.call(PROMPT)));
		CompletableFuture<List<ChatResponse>> answer = start(outer, this.fixture.model, PROMPT);
		assertThat(answer).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(this.fixture.results()).containsExactly("miss", "bypass");
		assertThat(this.fixture.cache.waitingCount()).isZero();
		this.fixture.model.call(PROMPT);
		assertThat(this.fixture.results()).endsWith("hit");
	}

	@Test
	void nestedEqualRequestOnAnotherThreadIsRecognizedByContext() {
		Fixture.Transport transport = this.fixture.transport;
		transport.streams = (prompt) -> (transport.prompts.size() > 1) ? Flux.fromIterable(Fixture.elements("Four."))
				: this.fixture.model.stream(PROMPT).subscribeOn(Schedulers.parallel());
		CompletableFuture<List<ChatResponse>> answer = start(Invocation.STREAM, this.fixture.model, PROMPT);
		assertThat(answer).succeedsWithin(PATIENCE).extracting(Invocation::text).isEqualTo("Four.");
		assertThat(this.fixture.results()).containsExactly("miss", "bypass");
	}

	@Test
	void sharedRequestsDoNotLeak() {
		Random random = new Random(11);
		this.fixture.transport.calls = (prompt) -> Fixture.response("to " + prompt.getContents());
		this.fixture.transport.streams = (prompt) -> Flux
			.fromIterable(
					Fixture.elements("to ", prompt.getContents().substring(0, 3), prompt.getContents().substring(3)))
			.publishOn(Schedulers.parallel());
		List<CompletableFuture<?>> all = new ArrayList<>();
		for (int i = 0; i < 3_000; i++) {
			Prompt prompt = new Prompt("question " + random.nextInt(5),
					GrokChatOptions.builder().cacheMode(CacheMode.REFRESH).build());
			String expected = "to " + prompt.getContents();
			int take = random.nextInt(4);
			switch (random.nextInt(4)) {
				case 0 -> all.add(CompletableFuture
					.runAsync(() -> assertThat(Invocation.text(Invocation.CALL.invoke(this.fixture.model, prompt)))
						.isEqualTo(expected), this.callers));
				case 1 -> all.add(CompletableFuture
					.runAsync(() -> assertThat(Invocation.text(Invocation.STREAM.invoke(this.fixture.model, prompt)))
						.isEqualTo(expected), this.callers));
				case 2 -> all.add(this.fixture.model.stream(prompt).take(take).collectList().toFuture());
				default -> this.fixture.model.stream(prompt).subscribe().dispose();
			}
		}
		assertThat(all).allSatisfy((one) -> assertThat(one).succeedsWithin(PATIENCE));
		await().atMost(PATIENCE).until(() -> this.fixture.cache.sharedRequestCount() == 0);
		assertThat(this.fixture.cache.waitingCount()).isZero();
		CacheStatistics statistics = this.fixture.cache.statistics();
		assertThat(statistics.shared()).isPositive();
		assertThat(this.fixture.transport.prompts.size()).isLessThanOrEqualTo((int) statistics.misses());
	}

	@Test
	void earlyCancellationDoesNotLeak() {
		StepVerifier.create(this.fixture.model.stream(PROMPT), 0).thenCancel().verify(PATIENCE);
		Flux.from(this.fixture.model.stream(PROMPT)).subscribe(new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.cancel();
			}

		});
		assertThat(this.fixture.cache.sharedRequestCount()).isZero();
		assertThat(this.fixture.cache.waitingCount()).isZero();
	}

	private static ChatResponse whole(List<ChatResponse> elements) {
		return (elements.size() == 1) ? elements.get(0) : StreamElements.merge(elements);
	}

	private CompletableFuture<List<ChatResponse>> start(Invocation invocation, GrokChatModel model, Prompt prompt) {
		return CompletableFuture.supplyAsync(() -> invocation.invoke(model, prompt), this.callers);
	}

	private static String result(List<ChatResponse> answer) {
		return answer.get(answer.size() - 1).getMetadata().get("grok.cache");
	}

}
