package io.github.grokspring.openai;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that a call over {@link OpenAiTransport} is sent once and ends within its
 * timeout.
 */
@Timeout(60)
class OpenAiSingleRequestTests {

	@ParameterizedTest
	@CsvSource({ "408, CALL", "408, STREAM", "409, CALL", "409, STREAM", "421, CALL", "421, STREAM", "425, CALL",
			"425, STREAM", "429, CALL", "429, STREAM", "503, CALL", "503, STREAM", "504, CALL", "504, STREAM" })
	void requestIsNotRepeatedByHttpClient(int status, Invocation invocation) throws IOException {
		try (RawServer server = new RawServer((client) -> client.write("HTTP/1.1 " + status
				+ " Status\r\nRetry-After: 0\r\nX-Should-Retry: true\r\nContent-Type: application/json\r\n"
				+ "Content-Length: 2\r\n\r\n{}")); OpenAiTransport transport = transport(server, 4)) {
			GrokApiException failure = failure(transport, invocation, null);
			assertThat(failure.status()).isEqualTo(status);
			assertThat(failure.isSent()).isTrue();
			assertThat(server.requests()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource
	void requestIsNotRepeatedWhenConnectionIsClosed(Invocation invocation) throws IOException {
		try (RawServer server = new RawServer((client) -> client.socket.close());
				OpenAiTransport transport = transport(server, 4)) {
			GrokApiException failure = failure(transport, invocation, null);
			assertThat(failure.kind()).isEqualTo(ErrorKind.CONNECTION);
			assertThat(failure.isSent()).isTrue();
			assertThat(server.requests()).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource({ "301, CALL", "302, STREAM", "303, CALL", "303, STREAM", "307, CALL", "307, STREAM", "308, CALL",
			"308, STREAM" })
	void redirectsAreNotFollowed(int status, Invocation invocation) throws IOException {
		try (RawServer other = new RawServer((client) -> client.writeJson(200, "{}"));
				RawServer server = new RawServer((client) -> client.write(
						"HTTP/1.1 " + status + " Moved\r\nLocation: " + other.url() + "\r\nContent-Length: 0\r\n\r\n"));
				OpenAiTransport transport = transport(server, 4)) {
			GrokApiException failure = failure(transport, invocation, null);
			assertThat(failure.status()).isEqualTo(status);
			assertThat(failure).hasMessageContaining("redirect (" + status + ") to '" + other.url());
			assertThat(server.requests()).isOne();
			assertThat(other.connections()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void waitingForAConnectionIsPartOfTheTimeout(Invocation invocation) throws Exception {
		CountDownLatch busy = new CountDownLatch(1);
		try (RawServer server = new RawServer((client) -> {
			busy.countDown();
			client.awaitDisconnect();
		}); OpenAiTransport transport = transport(server, 1)) {
			Disposable first = transport.stream(prompt(null)).subscribeOn(Schedulers.boundedElastic()).subscribe();
			assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
			GrokApiException failure = failure(transport, invocation, Duration.ofMillis(300));
			assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
			assertThat(failure.isSent()).isFalse();
			assertThat(failure.isCausedByApplication()).isTrue();
			assertThat(server.requests()).isOne();
			first.dispose();
		}
	}

	private static GrokApiException failure(OpenAiTransport transport, Invocation invocation, Duration timeout) {
		GrokApiException failure = catchThrowableOfType(GrokApiException.class,
				() -> invocation.invoke(transport, prompt(timeout)));
		assertThat(failure).isNotNull();
		return failure;
	}

	private static Prompt prompt(Duration timeout) {
		return new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").timeout(timeout).build());
	}

	private static OpenAiTransport transport(RawServer server, int connections) {
		HttpSettings settings = HttpSettings.defaults()
			.withBaseUrl(server.url())
			.withPool(connections, Duration.ofMinutes(5));
		return OpenAiTransport.create(settings, () -> "xai-key", null, ModelCatalog.bundled(), ObservationRegistry.NOOP,
				null);
	}

}
