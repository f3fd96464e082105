package io.github.grokspring.connection;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link HttpTransport} over HTTP/2.
 */
class MultiplexingTests {

	private static final int STREAMS = 50;

	private static final String LARGE = "x".repeat(60_000);

	private static TestCertificate certificate;

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger inProgress = new AtomicInteger();

	private final Sinks.Empty<Void> release = Sinks.empty();

	private @Nullable DisposableServer server;

	private @Nullable ReactorXaiHttpClient http;

	@BeforeAll
	static void createCertificate(@TempDir Path folder) throws Exception {
		certificate = TestCertificate.of("localhost", folder);
	}

	@AfterEach
	void close() {
		if (this.http != null) {
			this.http.close();
		}
		if (this.server != null) {
			this.server.disposeNow();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void concurrentStreamsShareAConnection(boolean tls) {
		connect(tls, (server) -> server, 1024);
		assertThat(releaseAndCollect(streams(STREAMS), STREAMS)).hasSize(STREAMS).containsOnly("one");
		assertThat(this.connections).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void concurrentCallsShareAConnection(boolean tls) {
		connect(tls, (server) -> server, 1024);
		assertThat(releaseAndCollect(calls(STREAMS), STREAMS)).hasSize(STREAMS)
			.containsOnly("data: one\n\ndata: [DONE]\n\n");
		assertThat(this.connections).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void opensConnectionWhenStreamLimitIsReached(boolean tls) {
		connect(tls, (server) -> server.http2Settings((settings) -> settings.maxConcurrentStreams(10)), 1024);
		assertThat(releaseAndCollect(streams(STREAMS), STREAMS)).hasSize(STREAMS).containsOnly("one");
		assertThat(this.connections.get()).isBetween(STREAMS / 10, STREAMS / 10 + 1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void streamsWaitWhenAllConnectionsAreFull(boolean tls) {
		connect(tls, (server) -> server.http2Settings((settings) -> settings.maxConcurrentStreams(10)), 2);
		assertThat(releaseAndCollect(streams(STREAMS), 20)).hasSize(STREAMS).containsOnly("one");
		assertThat(this.connections).hasValue(2);
	}

	@Test
	void fallbackToHttp11UsesAllConnections() {
		connect(true, (server) -> server.protocol(HttpProtocol.HTTP11)
			.secure((spec) -> spec.sslContext(Http11SslContextSpec.forServer(keys()))), 8);
		assertThat(releaseAndCollect(streams(20).concatWith(calls(20)).map((text) -> "answer"), 8)).hasSize(40);
		assertThat(this.connections).hasValue(8);
	}

	@Test
	void fallbackToHttp11ReusesConnections() {
		connect(true, (server) -> server.protocol(HttpProtocol.HTTP11)
			.secure((spec) -> spec.sslContext(Http11SslContextSpec.forServer(keys()))), 8);
		this.release.tryEmitEmpty();
		for (int i = 0; i < 5; i++) {
			assertThat(streams(1).blockLast(Exchanges.LIMIT)).isEqualTo("one");
		}
		assertThat(this.connections).hasValue(1);
	}

	// The server sends as much as the HTTP/2 windows permit
	@Test
	void subscriberWithoutDemandDoesNotBlockOtherStreams() {
		connect(false, (server) -> server, 1);
		List<IdleSubscriber> idle = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			IdleSubscriber subscriber = new IdleSubscriber();
			Exchanges.stream(this.http, post("/large")).subscribe(subscriber);
			idle.add(subscriber);
		}
		await().atMost(Exchanges.LIMIT).until(() -> idle.stream().allMatch((subscriber) -> subscriber.received > 0));
		this.release.tryEmitEmpty();
		for (int i = 0; i < 5; i++) {
			assertThat(streams(1).blockLast(Exchanges.LIMIT)).isEqualTo("one");
			assertThat(calls(1).blockLast(Exchanges.LIMIT)).isNotEmpty();
		}
		assertThat(this.connections).hasValue(1);
		idle.forEach(BaseSubscriber::cancel);
	}

	@Test
	void callsWaitingForSameConnectionFailTogether() throws Exception {
		List<Socket> accepted = new ArrayList<>();
		try (ServerSocket silent = new ServerSocket(0)) {
			Thread acceptor = new Thread(() -> accept(silent, accepted));
			acceptor.setDaemon(true);
			acceptor.start();
			this.http = Exchanges.connect(Exchanges.settings("https://localhost:" + silent.getLocalPort() + "/v1")
				.withProtocol(HttpSettings.Protocol.H2)
				.withConnectTimeout(Duration.ofSeconds(1)));
			List<GrokApiException> failures = Flux.range(0, STREAMS)
				.flatMap((i) -> ((i % 2 == 0) ? this.http.exchange(Exchanges.post()).flux().map(Exchanges::text)
						: Exchanges.stream(this.http))
					.then(Mono.<GrokApiException>empty())
					.onErrorResume(GrokApiException.class, Mono::just), STREAMS)
				.collectList()
				.block(Exchanges.LIMIT);
			assertThat(failures).hasSize(STREAMS).allSatisfy((failure) -> {
				assertThat(failure.kind()).isEqualTo(ErrorKind.CONNECTION);
				assertThat(failure.isSent()).isFalse();
				assertThat(failure.isRetryable()).isTrue();
			});
		}
		finally {
			for (Socket socket : accepted) {
				socket.close();
			}
		}
	}

	private static void accept(ServerSocket server, List<Socket> accepted) {
		try {
			while (true) {
				accepted.add(server.accept());
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private Flux<String> streams(int count) {
		return Flux.range(0, count)
			.flatMap((i) -> Exchanges.stream(this.http).filter((text) -> !text.equals("<end>")), count);
	}

	private Flux<String> calls(int count) {
		return Flux.range(0, count).flatMap((i) -> this.http.exchange(Exchanges.post()).map(Exchanges::text), count);
	}

	/**
	 * Releases the responses after the server has received the given number of requests.
	 */
	private List<String> releaseAndCollect(Flux<String> elements, int requests) {
		Mono<List<String>> all = elements.collectList().cache();
		all.subscribe((texts) -> {
		}, (failure) -> {
		});
		await().atMost(Exchanges.LIMIT).until(() -> this.inProgress.get() == requests);
		this.release.tryEmitEmpty();
		return all.block(Exchanges.LIMIT);
	}

	private void connect(boolean tls, UnaryOperator<HttpServer> customizer, int maxConnections) {
		HttpServer plain = HttpServer.create()
			.host("localhost")
			.doOnChannelInit((observer, channel, address) -> this.connections.incrementAndGet())
			.handle(this::respond);
		this.server = customizer
			.apply(tls
					? plain.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
						.secure((spec) -> spec.sslContext(Http2SslContextSpec.forServer(keys())))
					: plain.protocol(HttpProtocol.H2C))
			.bindNow();
		this.http = Exchanges
			.connect(Exchanges.settings((tls ? "https" : "http") + "://localhost:" + this.server.port() + "/v1")
				.withProtocol(HttpSettings.Protocol.H2)
				.withPool(maxConnections, Duration.ofMinutes(5))
				.withTls((context) -> context.trustManager(trust())));
	}

	private Mono<Void> respond(HttpServerRequest request, HttpServerResponse response) {
		if (request.uri().endsWith("/large")) {
			return response.sse().sendString(Flux.range(0, 100).map((i) -> "data: " + LARGE + "\n\n")).then();
		}
		boolean stream = "text/event-stream".equals(request.requestHeaders().get("accept"));
		return request.receive().aggregate().then(Mono.defer(() -> {
			this.inProgress.incrementAndGet();
			return this.release.asMono()
				.then(response.header("Content-Type", stream ? "text/event-stream" : "application/json")
					.sendString(Mono.just("data: one\n\ndata: [DONE]\n\n"))
					.then());
		}));
	}

	private static ApiRequest post(String path) {
		return new ApiRequest("POST", path, Map.of(), null, Duration.ofSeconds(10), null, "grok-4");
	}

	private static KeyManagerFactory keys() {
		try {
			return certificate.keys();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static TrustManagerFactory trust() {
		try {
			return certificate.trust();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class IdleSubscriber extends BaseSubscriber<String> {

		private volatile int received;

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			subscription.request(1);
		}

		@Override
		protected void hookOnNext(String value) {
			this.received++;
		}

	}

}
