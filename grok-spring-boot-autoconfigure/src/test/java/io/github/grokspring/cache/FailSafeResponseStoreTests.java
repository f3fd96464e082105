package io.github.grokspring.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.chain.Invocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link FailSafeResponseStore}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailSafeResponseStoreTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String WARNING = "Calls proceed without it";

	@ParameterizedTest
	@EnumSource
	void failingStoreIsLoggedOnce(Invocation invocation, CapturedOutput output) {
		AtomicInteger operations = new AtomicInteger();
		Fixture fixture = new Fixture(new TestStore(false, () -> {
			operations.incrementAndGet();
			throw new IllegalStateException("secret text");
		}));
		for (int i = 0; i < 20; i++) {
			assertThat(Invocation.text(ask(invocation, fixture, "2 + 2?"))).isEqualTo("Four.");
		}
		assertThat(fixture.cache.statistics()).isEqualTo(new CacheStatistics(0, 20, 0, 0, 0));
		assertThat(operations).as("it is left alone for a while").hasValue(3);
		assertThat(output.getAll().split(WARNING, -1)).hasSize(2);
		assertThat(output.getAll()).contains("IllegalStateException").doesNotContain("secret text", "2 + 2");
	}

	@ParameterizedTest
	@EnumSource
	void hangingStoreTimesOut(Invocation invocation, CapturedOutput output) {
		CountDownLatch end = new CountDownLatch(1);
		AtomicInteger operations = new AtomicInteger();
		Fixture fixture = new Fixture(new TestStore(true, () -> {
			operations.incrementAndGet();
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}));
		for (int i = 0; i < 20; i++) {
			assertThat(Invocation.text(ask(invocation, fixture, "2 + 2?"))).isEqualTo("Four.");
		}
		assertThat(operations).hasValue(1);
		assertThat(output.getAll().split(WARNING, -1)).hasSize(2);
		end.countDown();
	}

	@ParameterizedTest
	@EnumSource
	void slowStoreIsPausedEvenIfItResponds(Invocation invocation) {
		Semaphore end = new Semaphore(0);
		AtomicInteger operations = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		Fixture fixture = new Fixture(new TestStore(true, () -> {
			operations.incrementAndGet();
			end.acquireUninterruptibly();
			ended.incrementAndGet();
		}));
		ask(invocation, fixture, "2 + 2?");
		assertThat(operations).hasValue(1);
		end.release(100);
		await().atMost(PATIENCE).until(() -> ended.get() == 1);
		for (int i = 0; i < 200; i++) {
			ask(invocation, fixture, "2 + 2?");
		}
		assertThat(operations).hasValue(1);
		fixture.nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(6));
		ask(invocation, fixture, "2 + 2?");
		assertThat(operations).hasValueGreaterThan(1);
	}

	@Test
	void recoveredStoreIsUsed(CapturedOutput output) {
		AtomicInteger down = new AtomicInteger(1);
		Fixture fixture = new Fixture(new TestStore(false, () -> {
			if (down.get() == 1) {
				throw new IllegalStateException();
			}
		}));
		for (int i = 0; i < 3; i++) {
			ask(Invocation.CALL, fixture, "2 + 2?");
		}
		down.set(0);
		fixture.nanoTime.addAndGet(TimeUnit.MINUTES.toNanos(2));
		ask(Invocation.CALL, fixture, "2 + 2?");
		ask(Invocation.CALL, fixture, "2 + 2?");
		assertThat(fixture.results()).containsExactly("miss", "miss", "miss", "miss", "hit");
		assertThat(output.getAll()).contains("is available again");
		down.set(1);
		ask(Invocation.CALL, fixture, "2 + 2?");
		assertThat(output.getAll().split(WARNING, -1)).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void storeFailuresNeitherLoseNorDuplicateResponses(boolean mayBlock) {
		Random random = new Random(7);
		Fixture fixture = new Fixture(new TestStore(mayBlock, () -> {
			synchronized (random) {
				if (random.nextInt(3) == 0) {
					throw new IllegalStateException();
				}
			}
		}));
		fixture.transport.calls = (prompt) -> Fixture.response("to " + prompt.getContents());
		fixture.transport.streams = (prompt) -> Flux.fromIterable(Fixture.elements("to ", prompt.getContents()));
		ExecutorService callers = Executors.newFixedThreadPool(16);
		try {
			List<CompletableFuture<Void>> all = new ArrayList<>();
			for (int i = 0; i < 2_000; i++) {
				String text = "question " + i % 23;
				Invocation invocation = Invocation.values()[i / 23 % 2];
				all.add(CompletableFuture.runAsync(() -> {
					fixture.nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
					assertThat(Invocation.text(ask(invocation, fixture, text))).isEqualTo("to " + text);
				}, callers));
			}
			assertThat(all).allSatisfy((one) -> assertThat(one).succeedsWithin(PATIENCE));
		}
		finally {
			callers.shutdownNow();
		}
		CacheStatistics statistics = fixture.cache.statistics();
		assertThat(statistics.hits() + statistics.misses() + statistics.shared()).isEqualTo(2_000);
		assertThat(statistics.hits()).isPositive();
		assertThat(fixture.transport.prompts).hasSize((int) statistics.misses());
		assertThat(fixture.events).hasSize(2_000);
		assertThat(fixture.cache.waitingCount()).isZero();
	}

	private static List<ChatResponse> ask(Invocation invocation, Fixture fixture, String text) {
		return invocation.invoke(fixture.model, new Prompt(text));
	}

	/**
	 * A store that performs an action before every operation.
	 */
	private record TestStore(boolean mayBlock, Runnable before, Map<String, String> texts) implements ResponseStore {

		TestStore(boolean mayBlock, Runnable before) {
			this(mayBlock, before, new ConcurrentHashMap<>());
		}

		@Override
		public @Nullable String get(String key) {
			this.before.run();
			return this.texts.get(key);
		}

		@Override
		public void put(String key, String text, Duration ttl) {
			this.before.run();
			this.texts.put(key, text);
		}

		@Override
		public void clear() {
			this.texts.clear();
		}

	}

}
