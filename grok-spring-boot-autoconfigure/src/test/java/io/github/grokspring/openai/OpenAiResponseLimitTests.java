package io.github.grokspring.openai;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the size limits of streams through the OpenAI SDK.
 */
class OpenAiResponseLimitTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Prompt PROMPT = new Prompt("hi", GrokChatOptions.builder().model("grok-4.3").build());

	@ParameterizedTest
	@ValueSource(strings = { "{'content':'%s'}", "{'reasoning_content':'%s'}", "{'refusal':'%s'}",
			"{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'%s'}}]}" })
	void streamWithoutEndIsStopped(String delta) throws IOException {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			while (true) {
				client.writeEvent(chunk(delta.formatted("x".repeat(100)), "null"));
			}
		}); OpenAiTransport transport = connect(server, 10_000)) {
			GrokApiException error = failure(transport);
			assertThat(error.code()).isEqualTo(GrokApiException.RESPONSE_TOO_LARGE);
			assertThat(error.isRetryable()).isFalse();
			assertThat(error).hasMessageContaining("'grok.http.max-response-size'");
			await().atMost(TIMEOUT).until(() -> server.disconnects() == 1);
			assertThat(transport.callsInFlight()).isZero();
		}
	}

	@Test
	void lineWithoutEndIsStopped() throws IOException {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			String piece = RawServer.chunk("x".repeat(1_000_000));
			client.write(RawServer.chunk("data: {"));
			while (true) {
				client.write(piece);
			}
		}); OpenAiTransport transport = connect(server, 10_000)) {
			assertThat(failure(transport).code()).isEqualTo(GrokApiException.RESPONSE_TOO_LARGE);
			await().atMost(TIMEOUT).until(() -> server.disconnects() == 1);
		}
	}

	@Test
	void bytesOnTheWireDoNotCount() throws IOException {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			for (int i = 0; i < 100; i++) {
				client.write(RawServer.chunk(": comment of some length\n\n"));
				client.writeEvent(chunk("{'content':'x'}", "null"));
			}
			client.writeEvent(chunk("{}", "'stop'"));
			client.writeEvent("[DONE]");
			client.write("0\r\n\r\n");
		}); OpenAiTransport transport = connect(server, 100)) {
			List<ChatResponse> elements = Objects.requireNonNull(transport.stream(PROMPT).collectList().block(TIMEOUT));
			assertThat(elements.stream()
				.map((element) -> String.valueOf(element.getResult().getOutput().getText()))
				.mapToInt(String::length)
				.sum()).isEqualTo(100);
		}
	}

	@Test
	void commentsWithoutEndAreStopped() throws IOException {
		String comments = RawServer.chunk(": ping\n\n".repeat(10_000));
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			while (true) {
				client.write(comments);
			}
		}); OpenAiTransport transport = connect(server, 10_000)) {
			assertThat(failure(transport).code()).isEqualTo(GrokApiException.RESPONSE_TOO_LARGE);
			await().atMost(TIMEOUT).until(() -> server.disconnects() == 1);
		}
	}

	@Test
	void streamWithoutContentEndsWithTheCallTimeout() throws IOException {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			while (true) {
				client.writeEvent(chunk("{'content':''}", "null"));
			}
		}); OpenAiTransport transport = connect(server, 10_000)) {
			Prompt prompt = new Prompt("hi",
					GrokChatOptions.builder().model("grok-4.3").timeout(Duration.ofMillis(500)).build());
			GrokApiException error = catchThrowableOfType(GrokApiException.class,
					() -> transport.stream(prompt).blockLast(TIMEOUT));
			assertThat(error.kind()).isEqualTo(ErrorKind.TIMEOUT);
			await().atMost(TIMEOUT).until(() -> server.disconnects() == 1);
		}
	}

	private static OpenAiTransport connect(RawServer server, long size) {
		HttpSettings settings = HttpSettings.defaults()
			.withBaseUrl(server.url())
			.withResponseLimits(DataSize.ofBytes(size), Duration.ofMinutes(1));
		return OpenAiTransport.create(settings, () -> "xai-0123456789abcdef", null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
	}

	private static GrokApiException failure(OpenAiTransport transport) {
		return catchThrowableOfType(GrokApiException.class, () -> transport.stream(PROMPT).blockLast(TIMEOUT));
	}

	private static String chunk(String delta, String finishReason) {
		return ("{'id':'1','object':'chat.completion.chunk','created':1,'model':'grok-4.3','choices':[{'index':0,"
				+ "'delta':" + delta + ",'finish_reason':" + finishReason + "}]}")
			.replace('\'', '"');
	}

}
