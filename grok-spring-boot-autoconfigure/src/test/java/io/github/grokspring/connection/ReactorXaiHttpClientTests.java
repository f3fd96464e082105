package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactorXaiHttpClient}.
 */
class ReactorXaiHttpClientTests {

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		if (this.http != null) {
			this.http.close();
		}
	}

	@Test
	void sendsBodyAndKeyAndReturnsResponse() throws Exception {
		AtomicReference<String> head = new AtomicReference<>();
		AtomicReference<String> body = new AtomicReference<>();
		try (RawServer server = new RawServer((client) -> {
			head.set(client.head);
			body.set(client.body);
			client.writeJson(200, "{\"id\":\"1\",\"choices\":[]}");
		})) {
			this.http = Exchanges.connect(server.url());
			ApiResponse response = this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
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
	void streamsEventsOnArrival() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.writeEvent("two");
			// A single write, so that the end of the body arrives together with [DONE]
			client.write(RawServer.chunk("data: [DONE]\n\n") + "0\r\n\r\n");
		})) {
			this.http = Exchanges.connect(server.url());
			StepVerifier.create(this.http.stream(Exchanges.post(), (headers) -> new TextDecoder()))
				.expectNext("one", "two", "<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
			StepVerifier.create(this.http.stream(Exchanges.post(), (headers) -> new TextDecoder()))
				.expectNext("one", "two", "<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
			assertThat(server.connections()).isEqualTo(1);
			assertThat(this.http.inFlight()).isZero();
		}
	}

}
