package io.github.grokspring.connection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ReactorXaiHttpClient#close()}.
 */
class ExchangeCloseTests {

	@Test
	void closeFailsCallsInProgress() throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		try (RawServer server = new RawServer((client) -> {
			if (client.head.contains("text/event-stream")) {
				client.write(RawServer.STREAM_HEAD);
				client.writeEvent("one");
			}
			client.awaitDisconnect();
		})) {
			ReactorXaiHttpClient http = Exchanges
				.connect(Exchanges.settings(server.url()).withPool(2, Duration.ofMinutes(1)));
			CompletableFuture<ApiResponse> call = http.exchange(Exchanges.post()).toFuture();
			CompletableFuture<List<String>> stream = Exchanges.stream(http)
				.doOnNext((text) -> first.countDown())
				.collectList()
				.toFuture();
			assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 2);
			CompletableFuture<ApiResponse> queued = http.exchange(Exchanges.post()).toFuture();
			assertThat(http.inFlight()).isEqualTo(3);
			long start = System.nanoTime();
			http.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			assertEnded(call);
			assertEnded(stream);
			assertEnded(queued);
			assertThat(http.inFlight()).isZero();
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() >= 2);
		}
	}

	@Test
	void closeStopsThreadsAndRejectsLaterCalls() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER))) {
			ReactorXaiHttpClient http = Exchanges.connect(server.url());
			http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			http.close();
			http.close();
			await().atMost(Exchanges.LIMIT)
				.until(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.noneMatch((thread) -> thread.getName().startsWith("grok-http")));
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
			Exchanges.assertFails(http.exchange(Exchanges.post()), ErrorKind.CONNECTION, "closed",
					"application context");
			Exchanges.assertFails(Exchanges.stream(http), ErrorKind.CONNECTION, "closed");
			assertThat(server.requests()).isEqualTo(1);
		}
	}

	@Test
	void closeOnEventLoopDoesNotBlock() throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER))) {
			ReactorXaiHttpClient http = Exchanges.connect(server.url());
			http.exchange(Exchanges.post()).subscribe((response) -> {
				http.close();
				closed.countDown();
			});
			assertThat(closed.await(1, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void closeWithoutCallsIsFast() {
		ReactorXaiHttpClient http = Exchanges.connect("http://localhost:1/v1");
		http.close();
		assertThat(http).hasToString("ReactorXaiHttpClient[http://localhost:1/v1, HTTP1_1]");
	}

	private static void assertEnded(CompletableFuture<?> future) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(5, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOfSatisfying(GrokApiException.class, (error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.CONNECTION);
				assertThat(error.isRetryable()).isFalse();
				assertThat(error).hasMessageContaining("closed").hasMessageContaining("application context");
			});
	}

}
