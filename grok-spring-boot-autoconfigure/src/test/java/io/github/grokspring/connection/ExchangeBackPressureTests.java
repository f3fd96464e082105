package io.github.grokspring.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the back-pressure of {@link ReactorXaiHttpClient}.
 */
class ExchangeBackPressureTests {

	private static final int EVENTS = 40_000;

	private static final String EVENT = "x".repeat(2_000);

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		this.http.close();
	}

	@Test
	void serverWaitsForSubscriberWithoutDemand() throws Exception {
		AtomicLong written = new AtomicLong();
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			for (int i = 0; i < EVENTS; i++) {
				client.writeEvent(EVENT);
				written.incrementAndGet();
			}
			client.write("0\r\n\r\n");
		})) {
			this.http = Exchanges.connect(Exchanges.settings(server.url())
				.withResponseLimits(DataSize.ofTerabytes(1), Duration.ofMinutes(1)));
			CountDownLatch first = new CountDownLatch(1);
			AtomicInteger received = new AtomicInteger();
			CountDownLatch completed = new CountDownLatch(1);
			BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
				@Override
				protected void hookOnSubscribe(Subscription subscription) {
					subscription.request(1);
				}

				@Override
				protected void hookOnNext(String value) {
					received.incrementAndGet();
					first.countDown();
				}

				@Override
				protected void hookOnComplete() {
					completed.countDown();
				}
			};
			Exchanges.stream(this.http).subscribe(subscriber);
			assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
			AtomicLong before = new AtomicLong(-1);
			await().pollInterval(Duration.ofMillis(300))
				.atMost(Exchanges.LIMIT)
				.until(() -> before.getAndSet(written.get()) == written.get());
			assertThat(written.get()).isLessThan(EVENTS / 2);
			assertThat(received.get()).isEqualTo(1);
			subscriber.request(Long.MAX_VALUE);
			assertThat(completed.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(received.get()).isEqualTo(EVENTS + 1);
		}
	}

	@Test
	void elementsKeepTheirOrder() throws Exception {
		try (RawServer server = new RawServer(ExchangeBackPressureTests::numbers)) {
			this.http = Exchanges.connect(server.url());
			for (int prefetch : new int[] { 1, 3, 256 }) {
				StepVerifier
					.create(Exchanges.stream(this.http).publishOn(Schedulers.parallel(), prefetch).collectList())
					.assertNext((texts) -> assertThat(texts).isEqualTo(expected()))
					.expectComplete()
					.verify(Exchanges.LIMIT);
			}
			StepVerifier.create(Exchanges.stream(this.http).limitRate(1).collectList())
				.assertNext((texts) -> assertThat(texts).isEqualTo(expected()))
				.expectComplete()
				.verify(Exchanges.LIMIT);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void eventsThatArriveTogetherMayBeCombined() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			StringBuilder all = new StringBuilder(RawServer.STREAM_HEAD);
			for (int i = 0; i < 100; i++) {
				all.append(RawServer.chunk("data: " + i + "\n\n"));
			}
			client.write(all + "0\r\n\r\n");
		})) {
			this.http = Exchanges.connect(server.url());
			List<Integer> sizes = this.http.stream(Exchanges.post(), (headers) -> new CountingDecoder())
				.collectList()
				.block(Exchanges.LIMIT);
			assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
			assertThat(sizes).hasSizeLessThan(10);
		}
	}

	private static void numbers(RawServer.Client client) throws java.io.IOException {
		client.write(RawServer.STREAM_HEAD);
		for (int i = 0; i < 2_000; i++) {
			client.writeEvent(Integer.toString(i));
		}
		client.write("0\r\n\r\n");
	}

	private static List<String> expected() {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 2_000; i++) {
			expected.add(Integer.toString(i));
		}
		expected.add("<end>");
		return expected;
	}

	/**
	 * Emits the number of events that arrived together.
	 */
	private static final class CountingDecoder implements EventDecoder<Integer> {

		private int count;

		@Override
		public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
			this.count++;
		}

		@Override
		public List<Integer> drain() {
			int drained = this.count;
			this.count = 0;
			return List.of(drained);
		}

		@Override
		public List<Integer> complete() {
			return List.of();
		}

		@Override
		public boolean isWriting() {
			return true;
		}

	}

}
