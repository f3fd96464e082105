package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ReactorHttpExchange}: one exchange, seen from both ends of a socket.
 */
class ReactorHttpExchangeTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final ApiRequest.Body BODY = (out) -> out
		.write("{\"model\":\"grok-4\"}".getBytes(StandardCharsets.UTF_8));

	private ReactorHttpExchange http;

	@AfterEach
	void close() {
		if (this.http != null) {
			this.http.close();
		}
	}

	@Test
	void sendsTheBodyAndTheKeyAndReturnsTheWholeAnswer() throws Exception {
		AtomicReference<String> head = new AtomicReference<>();
		AtomicReference<String> body = new AtomicReference<>();
		try (RawServer server = new RawServer((client) -> {
			head.set(client.head);
			body.set(client.body);
			client.writeJson(200, "{\"id\":\"1\",\"choices\":[]}");
		})) {
			connect(server, (settings) -> settings);
			ApiResponse response = this.http.exchange(post()).block(LIMIT);
			assertThat(response.status()).isEqualTo(200);
			assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"1\",\"choices\":[]}");
			assertThat(body.get()).isEqualTo("{\"model\":\"grok-4\"}");
			assertThat(head.get()).startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
				.containsIgnoringCase("authorization: Bearer xai-key")
				.containsIgnoringCase("accept: application/json")
				.containsIgnoringCase("user-agent: grok-spring-boot-starter")
				.containsIgnoringCase("content-length: 18")
				.doesNotContainIgnoringCase("traceparent")
				.doesNotContainIgnoringCase("x-stainless");
		}
	}

	@Test
	void streamsEventsAsTheyArrive() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.writeEvent("two");
			client.writeEvent("[DONE]");
			client.write("0\r\n\r\n");
		})) {
			connect(server, (settings) -> settings);
			StepVerifier.create(this.http.stream(post(), (headers) -> new TextDecoder()))
				.expectNext("one", "two", "<end>")
				.expectComplete()
				.verify(LIMIT);
			StepVerifier.create(this.http.stream(post(), (headers) -> new TextDecoder()))
				.expectNext("one", "two", "<end>")
				.expectComplete()
				.verify(LIMIT);
			assertThat(server.connections()).isEqualTo(1);
			assertThat(this.http.inFlight()).isZero();
		}
	}

	@Test
	void cancellingAStalledStreamClosesTheSocketWithin200Milliseconds() throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.awaitDisconnect();
		})) {
			connect(server, (settings) -> settings);
			Disposable stream = this.http.stream(post(), (headers) -> new TextDecoder())
				.subscribe((text) -> first.countDown());
			assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
			stream.dispose();
			await().pollInterval(Duration.ofMillis(5))
				.atMost(Duration.ofMillis(200))
				.until(() -> server.disconnects() == 1);
			assertThat(this.http.inFlight()).isZero();
		}
	}

	@Test
	void silenceBeforeHeadersIsATimeout() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect)) {
			connect(server, (settings) -> settings);
			ApiRequest request = new ApiRequest("POST", "/chat/completions", Map.of(), BODY, Duration.ofMillis(300),
					null, "grok-4");
			StepVerifier.create(this.http.exchange(request))
				.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOfSatisfying(GrokApiException.class, (error) -> {
					assertThat(error.kind()).isEqualTo(ErrorKind.TIMEOUT);
					assertThat(error).hasMessageContaining("grok-4").hasMessageContaining("read-timeout");
				}))
				.verify(LIMIT);
			await().atMost(LIMIT).until(() -> server.disconnects() == 1);
		}
	}

	private ApiRequest post() {
		return new ApiRequest("POST", "/chat/completions", Map.of(), BODY, Duration.ofSeconds(10), null, "grok-4");
	}

	private void connect(RawServer server, java.util.function.UnaryOperator<HttpSettings> settings) {
		this.http = ReactorHttpExchange.create(settings.apply(HttpSettings.defaults().withBaseUrl(server.url())),
				() -> "xai-key", io.micrometer.observation.ObservationRegistry.NOOP, List.of());
	}

}
