package io.github.grokspring.connection;

import java.io.ByteArrayOutputStream;
import java.util.zip.GZIPOutputStream;

import io.github.grokspring.error.ErrorKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnexpectedResponseTranslator}.
 */
class UnexpectedResponseTranslatorTests {

	private static final String BODY = "{\"id\":\"secret-answer\"}";

	private ReactorXaiHttpClient http;

	@AfterEach
	void close() {
		this.http.close();
	}

	@ParameterizedTest
	@CsvSource({ "301, call", "302, stream", "303, call", "307, stream", "308, call", "308, stream" })
	void redirectFailsWithTarget(int status, String invocation) throws Exception {
		try (RawServer other = new RawServer((client) -> client.writeJson(200, BODY));
				RawServer server = new RawServer((client) -> client.write("HTTP/1.1 " + status + " Moved\r\nLocation: "
						+ other.url().replace("localhost", "user:secret@localhost")
						+ "/chat?token=secret#secret\r\nContent-Length: 0\r\n\r\n"))) {
			this.http = Exchanges.connect(server.url());
			Exchanges.assertFails(send(invocation), (error) -> {
				assertThat(error.status()).isEqualTo(status);
				assertThat(error).hasMessageContaining("redirect (" + status + ") to 'http://localhost:")
					.hasMessageContaining("/v1/chat'")
					.hasMessageContaining("'grok.base-url'");
				assertThat(error.getMessage()).doesNotContain("secret", "user");
				assertThat(error.isRetryable()).isFalse();
			});
			assertThat(other.requests()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Location: /v1/other\r\n", "Location: :::\r\n", "" })
	void redirectWithoutValidTargetFails(String location) throws Exception {
		try (RawServer server = new RawServer(
				(client) -> client.write("HTTP/1.1 308 Moved\r\n" + location + "Content-Length: 0\r\n\r\n"))) {
			this.http = Exchanges.connect(server.url());
			Exchanges.assertFails(send("call"), ErrorKind.UNKNOWN, "redirect (308)");
		}
	}

	@ParameterizedTest
	@CsvSource({ "call, text/html; charset=utf-8", "stream, text/html", "stream, application/json",
			"stream, text/plain", "call, text/event-stream" })
	void messageHasContentTypeButNotBody(String invocation, String type) throws Exception {
		try (RawServer server = new RawServer((client) -> client.write("HTTP/1.1 200 OK\r\nContent-Type: " + type
				+ "\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY))) {
			this.http = Exchanges.connect(server.url());
			Exchanges.assertFails(send(invocation), (error) -> {
				assertThat(error).hasMessageContaining("'" + type + "'")
					.hasMessageContaining(invocation.equals("call") ? "instead of 'application/json'"
							: "instead of 'text/event-stream'")
					.hasMessageContaining("'grok.base-url'");
				assertThat(error.getMessage()).doesNotContain("secret");
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "call", "stream" })
	void unexpectedCompressionFails(String invocation) throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(BODY.getBytes(java.nio.charset.StandardCharsets.UTF_8));
		}
		String type = invocation.equals("call") ? "application/json" : "text/event-stream";
		try (RawServer server = new RawServer((client) -> {
			client.write("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Encoding: gzip\r\nContent-Length: "
					+ bytes.size() + "\r\n\r\n");
			client.socket.getOutputStream().write(bytes.toByteArray());
		})) {
			this.http = Exchanges.connect(server.url());
			Exchanges.assertFails(send(invocation), ErrorKind.UNKNOWN, "compressed with 'gzip'", "'" + type + "'");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Type: application/json\r\n", "Content-Type: text/plain\r\n", "",
			"Content-Type: application/json\r\nContent-Encoding: identity\r\n" })
	void jsonIsReadWithAnyContentType(String headers) throws Exception {
		try (RawServer server = new RawServer((client) -> client
			.write("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY))) {
			this.http = Exchanges.connect(server.url());
			assertThat(Exchanges.text(this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT))).isEqualTo(BODY);
		}
	}

	private Flux<?> send(String invocation) {
		return invocation.equals("call") ? this.http.exchange(Exchanges.post()).flux() : Exchanges.stream(this.http);
	}

}
