package io.github.grokspring.connection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.error.ErrorKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for cancellation of exchanges of {@link ReactorXaiHttpClient}.
 */
class ExchangeCancellationTests {

	private static final Duration AT_ONCE = Duration.ofSeconds(5);

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		this.http.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "event", "drain" })
	void failingDecoderClosesSocket(String step) throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.awaitDisconnect();
		})) {
			this.http = Exchanges.connect(server.url());
			Exchanges.assertFails(this.http.stream(Exchanges.post(), (headers) -> new FailingDecoder(step)),
					ErrorKind.UNKNOWN, "could not be processed");
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
			assertThat(this.http.inFlight()).isZero();
		}
	}

	@Test
	void beforeHeadersOfACall() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect)) {
			this.http = Exchanges.connect(server.url());
			Disposable call = this.http.exchange(Exchanges.post()).subscribe();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			dispose(call);
			assertDisconnected(server);
		}
	}

	@Test
	void beforeHeadersOfAStream() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect)) {
			this.http = Exchanges.connect(server.url());
			Disposable stream = Exchanges.stream(this.http).subscribe();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			dispose(stream);
			assertDisconnected(server);
		}
	}

	@Test
	void inTheMiddleOfABody() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":");
			client.awaitDisconnect();
		})) {
			this.http = Exchanges.connect(server.url());
			Disposable call = this.http.exchange(Exchanges.post()).subscribe();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			dispose(call);
			assertDisconnected(server);
		}
	}

	@Test
	void inTheMiddleOfAStream() throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.awaitDisconnect();
		})) {
			this.http = Exchanges.connect(server.url());
			Disposable stream = Exchanges.stream(this.http).subscribe((text) -> first.countDown());
			assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
			dispose(stream);
			assertDisconnected(server);
		}
	}

	@Test
	void onEmittingThread() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.writeEvent("two");
			client.awaitDisconnect();
		})) {
			this.http = Exchanges.connect(server.url());
			StepVerifier.create(Exchanges.stream(this.http).take(1))
				.expectNext("one")
				.expectComplete()
				.verify(Exchanges.LIMIT);
			assertDisconnected(server);
		}
	}

	@Test
	void whileWaitingForConnection() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect)) {
			this.http = Exchanges.connect(Exchanges.settings(server.url()).withPool(1, Duration.ofMinutes(1)));
			Disposable first = this.http.exchange(Exchanges.post()).subscribe();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			Disposable waiting = this.http.exchange(Exchanges.post()).subscribe();
			dispose(waiting);
			assertThat(this.http.inFlight()).isEqualTo(1);
			dispose(first);
			assertDisconnected(server);
			assertThat(server.requests()).isEqualTo(1);
		}
	}

	@Test
	void whileSubscribing() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER))) {
			this.http = Exchanges.connect(server.url());
			for (int i = 0; i < 50; i++) {
				this.http.exchange(Exchanges.post()).subscribe().dispose();
			}
			assertThat(this.http.inFlight()).isZero();
			assertThat(this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT)).isNotNull();
		}
	}

	@Test
	void http2ClosesOnlyStream() throws Exception {
		AtomicInteger cancelled = new AtomicInteger();
		AtomicInteger connections = new AtomicInteger();
		CountDownLatch first = new CountDownLatch(1);
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.protocol(HttpProtocol.H2C)
			.doOnConnection((connection) -> connections.incrementAndGet())
			.route((routes) -> routes.post("/v1/chat/completions", (request, response) -> request.receive()
				.aggregate()
				.then(Mono.defer(() -> response.header("Content-Type", "text/event-stream")
					.sendString(
							Flux.just("data: one\n\n").concatWith(Flux.never()).doOnCancel(cancelled::incrementAndGet),
							java.nio.charset.StandardCharsets.UTF_8)
					.then()))))
			.bindNow();
		try {
			this.http = Exchanges.connect(Exchanges.settings("http://localhost:" + server.port() + "/v1")
				.withProtocol(HttpSettings.Protocol.H2));
			Disposable stream = Exchanges.stream(this.http).subscribe((text) -> first.countDown());
			assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
			dispose(stream);
			await().pollInterval(Duration.ofMillis(5)).atMost(AT_ONCE).until(() -> cancelled.get() == 1);
		}
		finally {
			server.disposeNow();
		}
	}

	private void dispose(Disposable exchange) {
		long start = System.nanoTime();
		exchange.dispose();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
	}

	private void assertDisconnected(RawServer server) {
		await().pollInterval(Duration.ofMillis(5)).atMost(AT_ONCE).until(() -> server.disconnects() > 0);
		assertThat(this.http.inFlight()).isZero();
	}

	/**
	 * Decoder that fails in one of its methods.
	 */
	private static final class FailingDecoder extends TextDecoder {

		private final String step;

		private FailingDecoder(String step) {
			this.step = step;
		}

		@Override
		public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
			fail("event");
			super.onEvent(event, buffer, offset, length);
		}

		@Override
		public List<String> drain() {
			fail("drain");
			return super.drain();
		}

		private void fail(String step) {
			if (step.equals(this.step)) {
				throw new IllegalStateException("No text");
			}
		}

	}

}
