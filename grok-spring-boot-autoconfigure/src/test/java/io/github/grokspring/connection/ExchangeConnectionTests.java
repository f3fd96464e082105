package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.ObservationRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the connections of {@link ReactorXaiHttpClient}.
 */
class ExchangeConnectionTests {

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		this.http.close();
	}

	@Test
	void completeResponseReleasesConnection() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER))) {
			this.http = Exchanges.connect(server.url());
			for (int i = 0; i < 20; i++) {
				this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			}
			assertThat(server.requests()).isEqualTo(20);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void errorReleasesConnection() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(429, "{\"error\":\"slow down\"}"))) {
			this.http = Exchanges.connect(server.url());
			for (int i = 0; i < 20; i++) {
				Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.RATE_LIMITED);
				Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.RATE_LIMITED);
			}
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void announcedEndOfStreamReleasesConnection() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.writeEvent("[DONE]");
			TimeUnit.MILLISECONDS.sleep(30);
			client.write("0\r\n\r\n");
		})) {
			AtomicInteger read = new AtomicInteger();
			this.http = customized(server,
					(client) -> client.doAfterResponseSuccess((response, connection) -> read.incrementAndGet()));
			for (int i = 1; i <= 10; i++) {
				StepVerifier.create(Exchanges.stream(this.http), 1)
					.expectNext("one")
					.thenRequest(1)
					.expectNext("<end>")
					.expectComplete()
					.verify(Exchanges.LIMIT);
				int answers = i;
				await().atMost(Exchanges.LIMIT).until(() -> read.get() == answers);
			}
			assertThat(server.requests()).isEqualTo(10);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void unfinishedBodyAfterAnnouncedEndIsClosed() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("[DONE]");
			client.awaitDisconnect();
		})) {
			this.http = Exchanges.connect(server.url());
			StepVerifier.create(Exchanges.stream(this.http))
				.expectNext("<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
		}
	}

	@Test
	void streamMayEndWithoutAnnouncement() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.write(RawServer.chunk("data: one\n\ndata: two"));
			client.write("0\r\n\r\n");
		})) {
			this.http = Exchanges.connect(server.url());
			for (int i = 0; i < 5; i++) {
				StepVerifier.create(Exchanges.stream(this.http))
					.expectNext("one", "two", "<end>")
					.expectComplete()
					.verify(Exchanges.LIMIT);
			}
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void closedConnectionIsBrokenStream() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.reset();
		})) {
			this.http = Exchanges.connect(server.url());
			StepVerifier.create(Exchanges.stream(this.http))
				.expectNext("one")
				.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(GrokApiException.class,
						(error) -> assertThat(error.kind()).isEqualTo(ErrorKind.STREAM_BROKEN)))
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void resetHttp2StreamIsBrokenStream() {
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.protocol(HttpProtocol.H2C)
			.route((routes) -> routes.post("/v1/chat/completions",
					(request, response) -> request.receive()
						.aggregate()
						.then(Mono.defer(() -> response.header("Content-Type", "text/event-stream")
							.sendString(Flux.just("data: one\n\n")
								.concatWith(Mono.<String>error(new IllegalStateException("reset"))
									.delaySubscription(Duration.ofMillis(100))))
							.then())))
				.post("/v1/closed", (request, response) -> {
					request.withConnection((connection) -> connection.channel().close());
					return Mono.never();
				}))
			.bindNow();
		try {
			this.http = Exchanges.connect(Exchanges.settings("http://localhost:" + server.port() + "/v1")
				.withProtocol(HttpSettings.Protocol.H2));
			Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.STREAM_BROKEN);
			Exchanges.assertFails(this.http.exchange(
					new ApiRequest("POST", "/closed", java.util.Map.of(), null, Duration.ofSeconds(5), null, "grok-4")),
					ErrorKind.CONNECTION);
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void connectionClosedWhileIdleIsNotReused() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.writeJson(200, Exchanges.ANSWER);
			client.socket.close();
		})) {
			AtomicInteger closed = new AtomicInteger();
			this.http = customized(server,
					(client) -> client.doOnDisconnected((connection) -> closed.incrementAndGet()));
			for (int i = 1; i <= 5; i++) {
				this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
				int connections = i;
				await().atMost(Exchanges.LIMIT).until(() -> closed.get() >= connections);
			}
			assertThat(server.requests()).isEqualTo(5);
		}
	}

	@Test
	void thousandStreamsNeedFewThreads() throws Exception {
		AtomicInteger atOnce = new AtomicInteger();
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.route((routes) -> routes.post("/v1/chat/completions",
					(request, response) -> request.receive()
						.aggregate()
						.then(Mono.fromRunnable(atOnce::incrementAndGet).then(Mono.delay(Duration.ofMillis(1_500))))
						.then(Mono.defer(() -> response.header("Content-Type", "text/event-stream")
							.sendString(Flux.just("data: one\n\n", "data: [DONE]\n\n"), StandardCharsets.UTF_8)
							.then()))))
			.bindNow();
		try {
			this.http = Exchanges.connect("http://localhost:" + server.port() + "/v1");
			long start = System.nanoTime();
			List<List<String>> answers = Flux.range(0, 1_000)
				.flatMap((i) -> Exchanges.stream(this.http, Exchanges.post(Duration.ofSeconds(30))).collectList(),
						1_000)
				.collectList()
				.block(Duration.ofSeconds(30));
			Duration took = Duration.ofNanos(System.nanoTime() - start);
			assertThat(answers).hasSize(1_000).allMatch(List.of("one", "<end>")::equals);
			assertThat(atOnce.get()).isEqualTo(1_000);
			assertThat(grokThreads()).isLessThanOrEqualTo(Math.max(4, Runtime.getRuntime().availableProcessors()));
			assertThat(took).isLessThan(Duration.ofSeconds(15));
		}
		finally {
			server.disposeNow();
		}
	}

	@ParameterizedTest
	@EnumSource(HttpSettings.Protocol.class)
	void supportsBothProtocolsOverTls(HttpSettings.Protocol protocol, @TempDir Path folder) throws Exception {
		TestCertificate certificate = TestCertificate.of("localhost", folder);
		AtomicReference<String> version = new AtomicReference<>();
		DisposableServer server = tlsServer(certificate, version);
		try {
			HttpSettings settings = Exchanges.settings("https://localhost:" + server.port() + "/v1")
				.withProtocol(protocol);
			this.http = Exchanges.connect(settings);
			Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.CONNECTION, "secure",
					"'grok.http.ssl-bundle'");
			this.http.close();
			this.http = Exchanges.connect(settings.withTls((context) -> context.trustManager(trust(certificate))));
			for (int i = 0; i < 5; i++) {
				assertThat(Exchanges.text(this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT)))
					.isEqualTo(Exchanges.ANSWER);
			}
			assertThat(version.get()).isEqualTo((protocol == HttpSettings.Protocol.H2) ? "HTTP/2.0" : "HTTP/1.1");
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void certificateOfOtherHostIsRejected(@TempDir Path folder) throws Exception {
		TestCertificate certificate = TestCertificate.of("api.x.ai.example", folder);
		DisposableServer server = tlsServer(certificate, new AtomicReference<>());
		try {
			this.http = Exchanges.connect(Exchanges.settings("https://localhost:" + server.port() + "/v1")
				.withTls((context) -> context.trustManager(trust(certificate))));
			Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.CONNECTION, "secure");
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void http2ExchangesShareConnection() {
		AtomicInteger connections = new AtomicInteger();
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.protocol(HttpProtocol.H2C)
			.doOnConnection((connection) -> {
				if (connection.channel().parent().parent() == null) {
					connections.incrementAndGet();
				}
			})
			.route((routes) -> routes.post("/v1/chat/completions",
					(request, response) -> request.receive()
						.aggregate()
						.then(Mono.delay(Duration.ofMillis(300)))
						.then(Mono.defer(() -> response.header("Content-Type", "application/json")
							.sendString(Mono.just(Exchanges.ANSWER))
							.then()))))
			.bindNow();
		try {
			this.http = Exchanges.connect(Exchanges.settings("http://localhost:" + server.port() + "/v1")
				.withProtocol(HttpSettings.Protocol.H2));
			this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			Flux.range(0, 50)
				.flatMap((i) -> this.http.exchange(Exchanges.post()), 50)
				.collectList()
				.block(Exchanges.LIMIT);
			assertThat(connections.get()).isLessThanOrEqualTo(2);
		}
		finally {
			server.disposeNow();
		}
	}

	@ParameterizedTest
	@EnumSource(HttpSettings.Protocol.class)
	void keepAliveIsConfigured(HttpSettings.Protocol protocol) {
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.protocol((protocol == HttpSettings.Protocol.H2) ? HttpProtocol.H2C : HttpProtocol.HTTP11)
			.route((routes) -> routes.post("/v1/chat/completions",
					(request, response) -> response.header("Content-Type", "application/json")
						.sendString(Mono.just(Exchanges.ANSWER))))
			.bindNow();
		try {
			AtomicReference<Channel> socket = new AtomicReference<>();
			this.http = ReactorXaiHttpClient.create(Exchanges.settings("http://localhost:" + server.port() + "/v1")
				.withProtocol(protocol)
				.withTcpKeepAlive(new HttpSettings.TcpKeepAlive(Duration.ofSeconds(61), Duration.ofSeconds(16), 5)),
					() -> "xai-key", ObservationRegistry.NOOP,
					List.of((client) -> client.doOnChannelInit((observer, channel, address) -> socket.set(channel))));
			this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			assertThat(socket.get().config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
			Map<String, Object> probes = new TreeMap<>();
			socket.get().config().getOptions().forEach((option, value) -> {
				String name = option.name().replaceAll(".*#", "");
				if (name.startsWith("TCP_KEEP")) {
					probes.put(name, value);
				}
			});
			assertThat(probes.values()).containsExactlyInAnyOrder(61, 16, 5);
		}
		finally {
			server.disposeNow();
		}
	}

	private static ReactorXaiHttpClient customized(RawServer server, GrokHttpClientCustomizer customizer) {
		return ReactorXaiHttpClient.create(Exchanges.settings(server.url()), () -> "xai-key", ObservationRegistry.NOOP,
				List.of(customizer));
	}

	private static int grokThreads() {
		return (int) Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("grok-http"))
			.peek((thread) -> assertThat(thread.isDaemon()).isTrue())
			.count();
	}

	private static javax.net.ssl.TrustManagerFactory trust(TestCertificate certificate) {
		try {
			return certificate.trust();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DisposableServer tlsServer(TestCertificate certificate, AtomicReference<String> version)
			throws Exception {
		javax.net.ssl.KeyManagerFactory keys = certificate.keys();
		return HttpServer.create()
			.host("localhost")
			.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
			.secure((spec) -> spec.sslContext(Http2SslContextSpec.forServer(keys)))
			.route((routes) -> routes.post("/v1/chat/completions", (request, response) -> {
				version.set(request.version().text());
				return request.receive()
					.aggregate()
					.then(Mono.defer(() -> response.header("Content-Type", "application/json")
						.sendString(Mono.just(Exchanges.ANSWER))
						.then()));
			}))
			.bindNow();
	}

}
