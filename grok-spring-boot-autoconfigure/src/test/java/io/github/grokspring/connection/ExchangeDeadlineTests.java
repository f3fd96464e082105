package io.github.grokspring.connection;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import io.github.grokspring.error.ErrorKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the timeouts of {@link ReactorXaiHttpClient}.
 */
class ExchangeDeadlineTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final Duration LONG = Duration.ofSeconds(60);

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		this.http.close();
	}

	@Test
	void readTimeoutBeforeHeaders() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect)) {
			connect(server, (settings) -> settings);
			Exchanges.assertFails(this.http.exchange(Exchanges.post(SHORT)), ErrorKind.TIMEOUT, "'grok-4'", "PT0.3S",
					"'grok.http.reasoning-read-timeout'", "'grok.http.read-timeout'");
			Exchanges.assertFails(Exchanges.stream(this.http, Exchanges.post(SHORT)), ErrorKind.TIMEOUT);
			assertAllClosed(server, 2);
		}
	}

	@Test
	void readTimeoutInBody() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":");
			client.awaitDisconnect();
		})) {
			connect(server, (settings) -> settings);
			Exchanges.assertFails(this.http.exchange(Exchanges.post(SHORT)), ErrorKind.TIMEOUT, "sent no data");
			assertAllClosed(server, 1);
		}
	}

	@Test
	void commentsResetReadTimeout() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			for (int i = 0; i < 12; i++) {
				TimeUnit.MILLISECONDS.sleep(250);
				if (i % 2 == 0) {
					client.write(RawServer.chunk(": keep-alive\n\n"));
				}
				else {
					client.writeEvent("{}");
				}
			}
			client.writeEvent("text");
			client.write("0\r\n\r\n");
		})) {
			connect(server, (settings) -> settings);
			StepVerifier.create(Exchanges.stream(this.http, Exchanges.post(Duration.ofSeconds(2))).last())
				.expectNext("<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void idleTimeoutAppliesWhileWriting() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("text");
			client.awaitDisconnect();
		})) {
			connect(server, (settings) -> settings.withStreamIdleTimeout(SHORT));
			StepVerifier.create(Exchanges.stream(this.http, Exchanges.post(LONG)))
				.expectNext("text")
				.expectErrorSatisfies(
						(failure) -> assertThat(failure).hasMessageContaining("'grok.http.stream-idle-timeout'"))
				.verify(Exchanges.LIMIT);
			assertAllClosed(server, 1);
		}
	}

	@Test
	void idleTimeoutDoesNotApplyWhileThinking() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("{}");
			TimeUnit.MILLISECONDS.sleep(900);
			client.writeEvent("text");
			client.write("0\r\n\r\n");
		})) {
			connect(server, (settings) -> settings.withStreamIdleTimeout(SHORT));
			StepVerifier.create(Exchanges.stream(this.http, Exchanges.post(LONG)))
				.expectNext("{}", "text", "<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void readTimeoutAppliesDuringToolUseAfterWriting() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("text");
			client.writeEvent("tool");
			TimeUnit.MILLISECONDS.sleep(900);
			client.writeEvent("text");
			client.awaitDisconnect();
		})) {
			connect(server, (settings) -> settings.withStreamIdleTimeout(SHORT));
			StepVerifier.create(Exchanges.stream(this.http, Exchanges.post(LONG)))
				.expectNext("text", "tool", "text")
				.expectErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("stream-idle-timeout"))
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void callTimeoutLimitsActiveCall() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			for (int i = 0; i < 600; i++) {
				client.writeEvent("text");
				TimeUnit.MILLISECONDS.sleep(20);
			}
		})) {
			connect(server, (settings) -> settings.withCallTimeout(LONG));
			Exchanges.assertFails(Exchanges.stream(this.http, Exchanges.post(LONG, SHORT)), ErrorKind.TIMEOUT,
					"'timeout' in the options of the request", "'grok.http.call-timeout'", "PT0.3S");
			this.http.close();
			connect(server, (settings) -> settings.withCallTimeout(SHORT));
			Exchanges.assertFails(Exchanges.stream(this.http, Exchanges.post(LONG)), ErrorKind.TIMEOUT);
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 2);
		}
	}

	@Test
	void readTimeoutIsSuspendedWithoutDemand() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.writeEvent("two");
			client.awaitDisconnect();
		})) {
			connect(server, (settings) -> settings.withStreamIdleTimeout(SHORT));
			StepVerifier.create(Exchanges.stream(this.http, Exchanges.post(SHORT)), 1)
				.expectNext("one")
				.expectNoEvent(SHORT.multipliedBy(3))
				.thenRequest(1)
				.expectNext("two")
				.thenRequest(1)
				.expectErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("stream-idle-timeout"))
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void failureDuringResponseHasRequestId() throws Exception {
		AtomicBoolean breaking = new AtomicBoolean();
		try (RawServer server = new RawServer((client) -> {
			client.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req-7\r\n"
					+ "Transfer-Encoding: chunked\r\n\r\n");
			client.writeEvent("one");
			if (breaking.get()) {
				client.reset();
			}
			client.awaitDisconnect();
		})) {
			connect(server, (settings) -> settings.withStreamIdleTimeout(SHORT));
			Exchanges.assertFails(Exchanges.stream(this.http, Exchanges.post(SHORT)), (error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.TIMEOUT);
				assertThat(error.status()).isEqualTo(200);
				assertThat(error.requestId()).isEqualTo("req-7");
			});
			breaking.set(true);
			Exchanges.assertFails(Exchanges.stream(this.http), (error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
				assertThat(error.requestId()).isEqualTo("req-7");
			});
		}
	}

	@Test
	void timeoutIsNotSignalledBeforeSubscription() throws Exception {
		this.http = Exchanges.connect("http://localhost:9/v1");
		CountDownLatch failed = new CountDownLatch(1);
		AtomicBoolean early = new AtomicBoolean();
		this.http.exchange(Exchanges.post(LONG, Duration.ofNanos(1))).subscribe(new BaseSubscriber<>() {
			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				early.set(awaited(failed, Duration.ofMillis(200)));
				subscription.request(1);
			}

			@Override
			protected void hookOnError(Throwable failure) {
				failed.countDown();
			}
		});
		assertThat(awaited(failed, Exchanges.LIMIT)).isTrue();
		assertThat(early).isFalse();
		assertThat(this.http.inFlight()).isZero();
	}

	@Test
	void refusedConnectionIsConnectionFailure() throws Exception {
		RawServer server = new RawServer(RawServer.Client::awaitDisconnect);
		connect(server, (settings) -> settings);
		server.close();
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.CONNECTION, "'grok.base-url'");
		Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.CONNECTION, server.url());
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), (error) -> assertThat(error.isSent()).isFalse());
	}

	@Test
	void connectTimeoutIsConnectionFailure() throws Exception {
		try (java.net.ServerSocket full = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
				java.net.Socket first = new java.net.Socket(full.getInetAddress(), full.getLocalPort());
				java.net.Socket second = new java.net.Socket(full.getInetAddress(), full.getLocalPort())) {
			assertThat(first.isConnected()).isEqualTo(second.isConnected());
			this.http = Exchanges.connect(
					Exchanges.settings("http://127.0.0.1:" + full.getLocalPort() + "/v1").withConnectTimeout(SHORT));
			Exchanges.assertFails(this.http.exchange(Exchanges.post(LONG)), ErrorKind.CONNECTION,
					"'grok.http.connect-timeout'");
		}
	}

	@Test
	void unknownHostIsInMessage() {
		this.http = Exchanges.connect("http://grok.invalid/v1");
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.CONNECTION, "http://grok.invalid/v1",
				"unknown");
	}

	@Test
	void exhaustedPoolTimesOutWithCall() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect)) {
			connect(server, (settings) -> settings.withPool(1, LONG));
			BaseSubscriber<ApiResponse> first = new BaseSubscriber<>() {
				@Override
				protected void hookOnSubscribe(Subscription subscription) {
					subscription.request(1);
				}
			};
			this.http.exchange(Exchanges.post(LONG)).subscribe(first);
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			Exchanges.assertFails(this.http.exchange(Exchanges.post(Duration.ofMillis(50), SHORT)), ErrorKind.TIMEOUT,
					"all 1", "'grok.http.max-connections'");
			first.cancel();
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() > 0);
			assertThat(server.requests()).isEqualTo(1);
			assertThat(this.http.inFlight()).isZero();
		}
	}

	private static boolean awaited(CountDownLatch latch, Duration limit) {
		try {
			return latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void connect(RawServer server, UnaryOperator<HttpSettings> settings) {
		this.http = Exchanges.connect(settings.apply(Exchanges.settings(server.url())));
	}

	private void assertAllClosed(RawServer server, int connections) {
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == connections);
		assertThat(this.http.inFlight()).isZero();
	}

}
