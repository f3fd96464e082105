package io.github.grokspring.connection;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the response size limit and the content timeout.
 */
class ResponseLimitTests {

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		this.http.close();
	}

	@Test
	void endlessStreamIsStopped() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			while (true) {
				client.writeEvent("x".repeat(100));
			}
		})) {
			connect(server, 10_000, Duration.ofMinutes(1));
			Exchanges.assertFails(Exchanges.stream(this.http), tooLarge());
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
			assertThat(this.http.inFlight()).isZero();
		}
	}

	@Test
	void onlyContentCounts() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			for (int i = 0; i < 1_000; i++) {
				client.write(RawServer.chunk(": comment of some length\n\ndata: {}\n\n"));
			}
			client.writeEvent("x".repeat(100));
			client.writeEvent("[DONE]");
			client.write("0\r\n\r\n");
		})) {
			connect(server, 100, Duration.ofMinutes(1));
			StepVerifier.create(Exchanges.stream(this.http).filter((text) -> !text.equals("{}")))
				.expectNext("x".repeat(100), "<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void tooLargeBodyFails() throws Exception {
		String large = "{\"text\":\"" + "x".repeat(10_000) + "\"}";
		try (RawServer server = new RawServer((client) -> {
			client.write(
					"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2000000000\r\n\r\n" + large);
			client.awaitDisconnect();
		})) {
			connect(server, 5_000, Duration.ofMinutes(1));
			Exchanges.assertFails(this.http.exchange(Exchanges.post()), tooLarge());
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { ": ping\n\n", "data: {}\n\n", "event: ping\ndata: {}\n\n" })
	void streamWithoutContentTimesOut(String nothing) throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			while (true) {
				client.write(RawServer.chunk(nothing));
			}
		})) {
			connect(server, 10_000, Duration.ofMillis(300));
			Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.TIMEOUT, "'grok.http.content-timeout'",
					"PT0.3S");
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
		}
	}

	@Test
	void streamThatStopsDeliveringContentTimesOut() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			while (true) {
				client.write(RawServer.chunk(": ping\n\n"));
			}
		})) {
			connect(server, 10_000, Duration.ofMillis(300));
			StepVerifier.create(Exchanges.stream(this.http))
				.expectNext("one")
				.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(GrokApiException.class)
					.hasMessageContaining("'grok.http.content-timeout'"))
				.verify(Exchanges.LIMIT);
		}
	}

	@Test
	void contentTimeoutIsSuspendedWithoutDemand() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("one");
			client.writeEvent("two");
			client.writeEvent("[DONE]");
			client.write("0\r\n\r\n");
		})) {
			connect(server, 10_000, Duration.ofMillis(200));
			StepVerifier.create(Exchanges.stream(this.http), 1)
				.expectNext("one")
				.thenAwait(Duration.ofMillis(600))
				.thenRequest(10)
				.expectNext("two", "<end>")
				.expectComplete()
				.verify(Exchanges.LIMIT);
		}
	}

	private void connect(RawServer server, long size, Duration contentTimeout) {
		this.http = Exchanges
			.connect(Exchanges.settings(server.url()).withResponseLimits(DataSize.ofBytes(size), contentTimeout));
	}

	private static Consumer<GrokApiException> tooLarge() {
		return (error) -> {
			assertThat(error.code()).isEqualTo(GrokApiException.RESPONSE_TOO_LARGE);
			assertThat(error.isRetryable()).isFalse();
			assertThat(error.isSent()).isTrue();
			assertThat(error).hasMessageContaining("'grok.http.max-response-size'");
		};
	}

}
