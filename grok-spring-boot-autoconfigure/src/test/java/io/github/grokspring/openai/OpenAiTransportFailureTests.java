package io.github.grokspring.openai;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.Consumer;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the failures of {@link OpenAiTransport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OpenAiTransportFailureTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private OpenAiTransport transport = transport(HttpSettings.defaults().withBaseUrl(xai.baseUrl()));

	@AfterEach
	void closeTransport() {
		this.transport.close();
	}

	@ParameterizedTest
	@EnumSource
	void rateLimitIsTranslated(Invocation invocation) {
		xai.failsWith(429).retryAfter(2).header("x-request-id", "r-1").times(2);
		GrokApiException failure = failure(invocation);
		assertThat(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(failure.status()).isEqualTo(429);
		assertThat(failure.code()).isEqualTo("resource-exhausted");
		assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(2));
		assertThat(failure.requestId()).isEqualTo("r-1");
		assertThat(xai.requestCount()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void errorsHaveTheirKindAndAreNotRetried(Invocation invocation) {
		xai.hasNoCredits();
		assertThat(failure(invocation).kind()).isEqualTo(ErrorKind.INSUFFICIENT_CREDITS);
		xai.refusesForSafety();
		assertThat(failure(invocation).kind()).isEqualTo(ErrorKind.SAFETY_REFUSAL);
		xai.failsWith(500);
		assertThat(failure(invocation).kind()).isEqualTo(ErrorKind.SERVER_ERROR);
		xai.failsWith(503).retryAfter(0);
		assertThat(failure(invocation).kind()).isEqualTo(ErrorKind.OVERLOADED);
		xai.failsWith(520);
		assertThat(failure(invocation)).satisfies((ex) -> {
			assertThat(ex.kind()).isEqualTo(ErrorKind.OVERLOADED);
			assertThat(ex.status()).isEqualTo(520);
		});
		assertThat(xai.requestCount()).isEqualTo(5);
	}

	@ParameterizedTest
	@EnumSource
	void invalidApiKeyErrorDoesNotContainKey(Invocation invocation, CapturedOutput output) {
		xai.answersRaw(400, "application/json",
				"{\"code\":\"invalid-argument\",\"error\":\"Incorrect API key provided: xa***jU. You can obtain one.\"}");
		GrokApiException failure = failure(invocation);
		assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_API_KEY);
		for (Throwable current = failure; current != null; current = current.getCause()) {
			assertThat(current.toString()).doesNotContain("***jU");
		}
		assertThat(output).doesNotContain("***jU");
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"Could not decrypt the provided encrypted_content. Ensure the value is the unmodified encrypted_content from a previous response.",
			"Could not decode the compaction blob. Ensure it is unmodified from the compact response." })
	void undecryptableReasoningHasItsKind(String text) {
		for (Invocation invocation : Invocation.values()) {
			xai.answersRaw(400, "application/json", "{\"code\":\"invalid-argument\",\"error\":\"" + text + "\"}");
			GrokApiException failure = failure(invocation);
			assertThat(failure.kind()).isEqualTo(ErrorKind.UNDECRYPTABLE_REASONING);
			assertThat(failure.isRetryable()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Bad gateway", "{\"error\":null}", "{\"error\":{\"message\":\"no\",\"code\":7}}" })
	void unusualErrorBodiesHaveStatusAndKind(String body) {
		for (Invocation invocation : Invocation.values()) {
			xai.answersRaw(502, "text/plain", body);
			GrokApiException failure = failure(invocation);
			assertThat(failure.kind()).isEqualTo(ErrorKind.OVERLOADED);
			assertThat(failure.status()).isEqualTo(502);
		}
	}

	@ParameterizedTest
	@EnumSource
	void errorWithStatus200IsAnError(Invocation invocation) {
		xai.answersWithError("The service is currently unavailable", "Timed out waiting for first token");
		GrokApiException failure = failure(invocation);
		assertThat(failure.kind()).isEqualTo(ErrorKind.OVERLOADED);
		assertThat(failure.status()).isEqualTo(200);
		assertThat(failure.code()).isEqualTo("The service is currently unavailable");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{}", "[]", "<html></html>", "{\"choices\":[]}", "{\"choices\" : [ ] }", "{\"choices\":[{}]}" })
	void unknownResponseFailsWithoutLoggingPrompt(String body, CapturedOutput output) {
		xai.answersRaw(200, "application/json", body);
		assertThat(failure(Invocation.CALL).kind()).isEqualTo(ErrorKind.UNKNOWN);
		assertThat(output).doesNotContain("the secret question");
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {\"code\":\"internal\",\"error\":\"It broke\"}\n\n",
			"data:{\"error\":{\"message\":\"It broke\",\"code\":\"internal\"}}\r\n\r\n" })
	void errorWithinStreamKeepsItsText(String event) {
		xai.streamsRaw(chunk("Hello", null) + event);
		GrokApiException failure = failure(Invocation.STREAM);
		assertThat(failure.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
		assertThat(failure).hasMessageContaining("It broke");
	}

	@Test
	void errorInTextIsNotAnError() {
		xai.streamsRaw(chunk("{\\\"error\\\":\\\"x\\\"} event: error", null) + chunk("", "stop") + "data: [DONE]\n\n");
		assertThat(this.transport.stream(prompt()).blockFirst(TIMEOUT).getResult().getOutput().getText())
			.isEqualTo("{\"error\":\"x\"} event: error");
	}

	@Test
	void streamWithoutFinishReasonIsBroken() {
		xai.answersInChunks(5).endsAfter(3);
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		xai.answersInChunks(5).withoutFinishReason();
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		xai.answersRaw(200, "text/event-stream", "");
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	@Test
	void connectionLossWithinStreamIsBrokenStream() {
		xai.answersInChunks(20).breaksAfter(3);
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	@Test
	void connectionLossWithinResponseIsBrokenStream() {
		xai.answersRaw(200, "application/json", "{\"choices\":[").thenResets();
		assertThat(failure(Invocation.CALL).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		assertThat(xai.requestCount()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void requestIsNotRepeatedWhenConnectionIsReset(Invocation invocation) {
		xai.answers("warm");
		this.transport.call(prompt());
		xai.resetsConnection();
		assertThat(failure(invocation)).satisfies((ex) -> {
			assertThat(ex.kind()).isEqualTo(ErrorKind.CONNECTION);
			assertThat(ex.isSent()).isTrue();
		});
		assertThat(xai.requestCount()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void refusedConnectionIsUnsent(Invocation invocation) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		use(HttpSettings.defaults().withBaseUrl("http://127.0.0.1:" + port + "/v1"));
		assertThat(failure(invocation)).satisfies((ex) -> {
			assertThat(ex.kind()).isEqualTo(ErrorKind.CONNECTION);
			assertThat(ex.isSent()).isFalse();
			assertThat(ex).hasMessageContaining("grok.base-url");
		});
	}

	@ParameterizedTest
	@EnumSource
	void silenceIsATimeout(Invocation invocation) {
		use(HttpSettings.defaults()
			.withBaseUrl(xai.baseUrl())
			.withReadTimeouts(Duration.ofMillis(200), Duration.ofMillis(300)));
		xai.answers("late").silentFor(Duration.ofSeconds(5));
		GrokApiException failure = failure(invocation);
		assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
		assertThat(failure).hasMessageContaining("grok.http.reasoning-read-timeout").hasMessageContaining("PT0.3S");
		assertThat(xai.requestCount()).isOne();
	}

	@Test
	void silenceWithinAStreamIsATimeout() {
		use(HttpSettings.defaults()
			.withBaseUrl(xai.baseUrl())
			.withReadTimeouts(Duration.ofMillis(200), Duration.ofMillis(300)));
		xai.answersInChunks(10).stallsAfter(3, Duration.ofSeconds(5));
		GrokApiException failure = failure(Invocation.STREAM);
		assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
		assertThat(failure).hasMessageContaining("grok.http.reasoning-read-timeout").hasMessageContaining("PT0.3S");
	}

	@ParameterizedTest
	@EnumSource
	void callTimeoutFailsWithTimeout(Invocation invocation) {
		xai.answersInChunks(100).pace(Duration.ofMillis(100));
		GrokApiException failure = failure(invocation, (options) -> options.timeout(Duration.ofMillis(400)));
		assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
		assertThat(failure).hasMessageContaining("grok.http.call-timeout").hasMessageContaining("PT0.4S");
	}

	private void use(HttpSettings settings) {
		this.transport.close();
		this.transport = transport(settings);
	}

	private static OpenAiTransport transport(HttpSettings settings) {
		return OpenAiTransport.create(settings, xai::apiKey, null, ModelCatalog.bundled(), ObservationRegistry.NOOP,
				null);
	}

	private static String chunk(String content, String finishReason) {
		return "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"grok-4.3\","
				+ "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"},\"finish_reason\":"
				+ ((finishReason != null) ? "\"" + finishReason + "\"" : "null") + "}]}\n\n";
	}

	private static Prompt prompt() {
		return new Prompt("the secret question", GrokChatOptions.builder().model("grok-4.3").build());
	}

	private GrokApiException failure(Invocation invocation) {
		return failure(invocation, (options) -> {
		});
	}

	private GrokApiException failure(Invocation invocation, Consumer<GrokChatOptions.Builder> customizer) {
		GrokChatOptions.Builder options = GrokChatOptions.builder().model("grok-4.3");
		customizer.accept(options);
		GrokApiException failure = catchThrowableOfType(GrokApiException.class,
				() -> invocation.invoke(this.transport, new Prompt("the secret question", options.build())));
		assertThat(failure).isNotNull();
		return failure;
	}

}
