package io.github.grokspring.test;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class DisconnectTests {

	private static final Duration SOON = Duration.ofSeconds(5);

	private static final Duration LONG = Duration.ofMinutes(5);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@ParameterizedTest
	@ValueSource(strings = { "before headers", "after headers", "thinking", "between chunks" })
	void detectsAbortedStream(String when) throws Exception {
		Answer answer = xai.answersInChunks(10_000);
		switch (when) {
			case "before headers" -> answer.silentFor(LONG);
			case "after headers" -> answer.silentAfterHeaders(LONG);
			case "thinking" -> answer.thinkingFor(LONG);
			default -> answer.pace(Duration.ofMillis(50));
		}
		int others = xai.activeConnections();
		try (Socket socket = ask("\"stream\":true")) {
			await().atMost(SOON).until(() -> xai.openStreams() == 1);
			if (!when.equals("before headers")) {
				assertThat(socket.getInputStream().read()).isEqualTo('H');
			}
			assertThat(xai.abortedExchanges()).isZero();
			assertThat(xai.activeConnections()).isEqualTo(others + 1);
			assertThat(xai.connectionsOpened()).isOne();
		}
		xai.awaitClientDisconnect(SOON);
		assertThat(xai.abortedExchanges()).isOne();
		await().atMost(SOON).until(() -> xai.openStreams() == 0 && xai.activeConnections() == others);
	}

	@Test
	void detectsAbortedCall() throws Exception {
		xai.answers("never").silentFor(LONG);
		try (Socket socket = ask("")) {
			await().atMost(SOON).until(() -> xai.requestCount() == 1);
			assertThat(socket.isConnected()).isTrue();
		}
		xai.awaitClientDisconnect(SOON);
	}

	@Test
	void doesNotCountCompletedExchanges() {
		TestClient calls = new TestClient(xai);
		for (int i = 0; i < 20; i++) {
			calls.ask("grok-4.3", (i % 2 == 0) ? "\"stream\":true" : "");
		}
		assertThat(xai.abortedExchanges()).isZero();
		assertThat(xai.requestCount()).isEqualTo(20);
		await().atMost(SOON).until(() -> xai.openStreams() == 0);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> xai.awaitClientDisconnect(Duration.ofMillis(50)))
			.withMessageContaining("Expected 1");
	}

	private static Socket ask(String further) throws Exception {
		byte[] body = TestClient.question("grok-4.3", further).getBytes(StandardCharsets.UTF_8);
		Socket socket = new Socket("127.0.0.1", xai.port());
		socket.setSoTimeout(5000);
		OutputStream out = socket.getOutputStream();
		out.write(("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " + xai.apiKey()
				+ "\r\ncontent-type: application/json\r\ncontent-length: " + body.length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		out.write(body);
		out.flush();
		return socket;
	}

}
