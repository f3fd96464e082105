package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.grokspring.error.ErrorKind;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.test.StepVerifier;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses of {@link ReactorXaiHttpClient}.
 */
class ExchangeResponseTests {

	@RegisterExtension
	static final WireMockExtension server = WireMockExtension.newInstance()
		.options(WireMockConfiguration.wireMockConfig().dynamicPort())
		.build();

	private ReactorXaiHttpClient http;

	@BeforeEach
	void connect() {
		this.http = Exchanges.connect(server.baseUrl() + "/v1");
	}

	@AfterEach
	void close() {
		this.http.close();
	}

	@Test
	void responseHasStatusHeadersAndBody() {
		responses(json(200, Exchanges.ANSWER).withHeader("x-request-id", "req-1")
			.withHeader("x-ratelimit-limit-tokens", "18446744073709551615")
			.withHeader("x-metrics-ttft-ms", "12.5"));
		ApiResponse response = this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
		assertThat(Exchanges.text(response)).isEqualTo(Exchanges.ANSWER);
		assertThat(response.headers().requestId()).isEqualTo("req-1");
		assertThat(response.headers().rateLimit().tokensLimit()).isEqualTo(Long.MAX_VALUE);
		assertThat(response.headers().serverTiming().timeToFirstToken()).isEqualTo(12.5);
	}

	@Test
	void getSendsNoBodyAndNoContentType() {
		responses(json(200, "{\"data\":[]}"));
		this.http.exchange(ApiRequest.get("/models?limit=1", Duration.ofSeconds(5))).block(Exchanges.LIMIT);
		server.verify(1, getRequestedFor(urlEqualTo("/v1/models?limit=1")).withoutHeader("Content-Type")
			.withHeader("Authorization", equalTo("Bearer xai-key")));
	}

	@Test
	void pendingDeferredResultIsEmptyResponse() {
		responses(aResponse().withStatus(202));
		ApiResponse response = this.http.exchange(ApiRequest.get("/chat/deferred-completion/1", Duration.ofSeconds(5)))
			.block(Exchanges.LIMIT);
		assertThat(response.status()).isEqualTo(202);
		assertThat(response.body()).isEmpty();
	}

	@Test
	void largeResponseIsReadCompletely() {
		String large = "{\"choices\":[],\"text\":\"" + "x".repeat(8_000_000) + "\"}";
		responses(json(200, large));
		assertThat(this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT).body()).hasSize(large.length());
	}

	@Test
	void keyIsSuppliedForEachRequest() {
		responses(json(200, Exchanges.ANSWER));
		Iterator<String> keys = List.of("xai-one", " xai-two\n").iterator();
		try (ReactorXaiHttpClient rotating = ReactorXaiHttpClient.create(Exchanges.settings(server.baseUrl() + "/v1"),
				keys::next)) {
			rotating.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			rotating.exchange(Exchanges.post()).block(Exchanges.LIMIT);
		}
		server.verify(1, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer xai-one")));
		server.verify(1, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer xai-two")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  \n" })
	void missingKeySendsNothing(String key) {
		try (ReactorXaiHttpClient keyless = ReactorXaiHttpClient.create(Exchanges.settings(server.baseUrl() + "/v1"),
				() -> key)) {
			Exchanges.assertFails(keyless.exchange(Exchanges.post()), ErrorKind.MISSING_API_KEY, "'grok.api-key'",
					"XAI_API_KEY");
			Exchanges.assertFails(Exchanges.stream(keyless), ErrorKind.MISSING_API_KEY);
		}
		server.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "xai-one\nxai-two", "xai-one two", "xai-schl\u00fcssel" })
	void invalidKeyIsRejectedWithoutQuotingIt(String key) {
		try (ReactorXaiHttpClient broken = ReactorXaiHttpClient.create(Exchanges.settings(server.baseUrl() + "/v1"),
				() -> key)) {
			Exchanges.assertFails(broken.exchange(Exchanges.post()), (error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_API_KEY);
				assertThat(error).hasMessageContaining("'grok.api-key'").hasNoCause();
				assertThat(error.getMessage()).doesNotContain("xai-");
			});
		}
		server.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void failingKeySupplierIsMissingKey() {
		try (ReactorXaiHttpClient failing = ReactorXaiHttpClient.create(Exchanges.settings(server.baseUrl() + "/v1"),
				() -> {
					throw new IllegalStateException("vault is sealed");
				})) {
			Exchanges.assertFails(failing.exchange(Exchanges.post()), ErrorKind.MISSING_API_KEY, "supplier");
		}
	}

	@Test
	void requestHeadersOverrideConnectionHeaders() {
		responses(json(200, Exchanges.ANSWER));
		HttpSettings settings = Exchanges.settings(server.baseUrl() + "/v1")
			.withHeaders(Map.of("x-team", "one", "x-both", "connection"));
		try (ReactorXaiHttpClient extra = Exchanges.connect(settings)) {
			ApiRequest request = new ApiRequest("POST", "/chat/completions",
					Map.of("x-both", "request", "authorization", "Bearer xai-other"), (out) -> out.write('{'),
					Duration.ofSeconds(5), null, null);
			extra.exchange(request).block(Exchanges.LIMIT);
		}
		server.verify(1,
				postRequestedFor(anyUrl()).withHeader("x-team", equalTo("one"))
					.withHeader("x-both", equalTo("request"))
					.withHeader("Authorization", equalTo("Bearer xai-other")));
	}

	@Test
	void failingBodyWriterSendsNothing() {
		ApiRequest request = new ApiRequest("POST", "/chat/completions", Map.of(), (out) -> {
			out.write('{');
			throw new java.io.FileNotFoundException("image.png");
		}, Duration.ofSeconds(5), null, null);
		Exchanges.assertFails(this.http.exchange(request), (error) -> {
			assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
			assertThat(error).hasCauseInstanceOf(java.io.FileNotFoundException.class);
		});
		server.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "x-note, 'private\r\nx-other: 1'", "'x note', private", "'', private", "x-note, 'private\u0000'",
			"authorization, 'Bearer private\nx'" })
	void invalidHeaderIsRejectedWithoutQuotingItsValue(String name, String value) {
		AtomicInteger written = new AtomicInteger();
		ApiRequest request = new ApiRequest("POST", "/chat/completions", Map.of(name, value),
				(out) -> written.incrementAndGet(), Duration.ofSeconds(5), null, null);
		Exchanges.assertFails(this.http.exchange(request), (error) -> {
			assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
			assertThat(error).hasMessageContaining("'" + name + "'").hasNoCause();
			assertThat(error.getMessage()).doesNotContain("private");
		});
		assertThat(written).as("bodies, which nobody would release").hasValue(0);
		server.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void toStringOmitsHeaderValues() {
		ApiRequest request = new ApiRequest("POST", "/chat/completions", Map.of("Authorization", "Bearer xai-other"),
				null, Duration.ofSeconds(5), null, "grok-4");
		assertThat(request.toString()).contains("/chat/completions", "Authorization", "grok-4")
			.doesNotContain("xai-other");
	}

	@Test
	void debugLogOmitsKeyPromptAndResponse() {
		Logger logger = (Logger) LoggerFactory.getLogger(ReactorXaiHttpClient.class);
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		Level before = logger.getLevel();
		logger.addAppender(lines);
		logger.setLevel(Level.DEBUG);
		try {
			responses(json(200, Exchanges.ANSWER).withHeader("x-request-id", "req-7"));
			this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			responses(json(404, "{\"code\":\"not-found\",\"error\":\"The model does not exist\"}"));
			Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.MODEL_NOT_FOUND);
		}
		finally {
			logger.setLevel(before);
			logger.detachAppender(lines);
		}
		assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.hasSize(2)
			.satisfies((line) -> assertThat(line).startsWith("POST ")
				.contains("/chat/completions for model 'grok-4': complete")
				.contains("status 200", "request id req-7", " ms"), Index.atIndex(0))
			.satisfies((line) -> assertThat(line).contains("MODEL_NOT_FOUND", "status 404"), Index.atIndex(1))
			.noneMatch((line) -> line.contains("xai-key"));
	}

	@Test
	void customizersAreAppliedLast() {
		responses(json(200, Exchanges.ANSWER));
		AtomicReference<String> agent = new AtomicReference<>();
		GrokHttpClientCustomizer customizer = (client) -> client
			.doOnRequest((request, connection) -> agent.set(request.requestHeaders().get("User-Agent")))
			.headers((headers) -> headers.set("x-custom", "yes"));
		try (ReactorXaiHttpClient custom = ReactorXaiHttpClient.create(Exchanges.settings(server.baseUrl() + "/v1"),
				() -> "xai-key", ObservationRegistry.NOOP, List.of(customizer))) {
			custom.exchange(Exchanges.post()).block(Exchanges.LIMIT);
		}
		assertThat(agent.get()).startsWith("grok-spring-boot-starter");
		server.verify(1, postRequestedFor(anyUrl()).withHeader("x-custom", equalTo("yes")));
	}

	@Test
	void errorResponseIsTranslatedWithHeaders() {
		responses(json(429, "{\"code\":\"resource-exhausted\",\"error\":\"Too many requests\"}")
			.withHeader("Retry-After", "7")
			.withHeader("x-request-id", "req-9"));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), (error) -> {
			assertThat(error.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
			assertThat(error.status()).isEqualTo(429);
			assertThat(error.code()).isEqualTo("resource-exhausted");
			assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(7));
			assertThat(error.requestId()).isEqualTo("req-9");
		});
		Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.RATE_LIMITED);
		server.verify(2, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(ints = { 408, 429, 500, 502, 503, 529 })
	void errorsAreNotRetried(int status) {
		responses(aResponse().withStatus(status));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), (error) -> {
			assertThat(error.status()).isEqualTo(status);
			assertThat(error.kind().isRetryable()).isTrue();
		});
		server.verify(1, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	void brokenResponsesAreNotRetried(Fault fault) {
		responses(aResponse().withFault(fault));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), (error) -> assertThat(error.kind())
			.isIn(ErrorKind.CONNECTION, ErrorKind.STREAM_BROKEN, ErrorKind.UNKNOWN));
		server.verify(1, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE" })
	void connectionClosedBeforeResponseIsConnectionFailure(Fault fault) {
		responses(aResponse().withFault(fault));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.CONNECTION, "grok-4");
		Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.CONNECTION);
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), (error) -> assertThat(error.isSent()).isTrue());
	}

	@Test
	void errorWithStatus200IsError() {
		responses(json(200,
				"{\"code\":\"The service is currently unavailable\",\"error\":\"Timed out waiting for first token\"}"));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), (error) -> {
			assertThat(error.kind()).isEqualTo(ErrorKind.OVERLOADED);
			assertThat(error.status()).isEqualTo(200);
		});
		Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.OVERLOADED, "Timed out waiting for first token");
	}

	@Test
	void responseWithNullErrorIsResponse() {
		responses(json(200, "{\"error\":null,\"id\":\"resp_1\",\"output\":[]}"));
		assertThat(this.http.exchange(Exchanges.post()).block(Exchanges.LIMIT).status()).isEqualTo(200);
	}

	@Test
	void webPageIsError() {
		responses(aResponse().withStatus(200)
			.withHeader("Content-Type", "text/html; charset=utf-8")
			.withBody("<html><head><title>Sign in</title></head></html>"));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.UNKNOWN, "Sign in", "'grok.base-url'");
		Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.UNKNOWN, "Sign in", "'grok.base-url'");
	}

	@Test
	void completeResponseInsteadOfStreamIsError() {
		responses(json(200, Exchanges.ANSWER));
		Exchanges.assertFails(Exchanges.stream(this.http), ErrorKind.UNKNOWN, "application/json", "text/event-stream");
	}

	@Test
	void redirectIsNotFollowed() {
		responses(aResponse().withStatus(307).withHeader("Location", server.baseUrl() + "/elsewhere"));
		Exchanges.assertFails(this.http.exchange(Exchanges.post()), ErrorKind.UNKNOWN, "307");
		server.verify(1, anyRequestedFor(anyUrl()));
	}

	@Test
	void streamIsReadWithAnyCharset() {
		responses(aResponse().withHeader("Content-Type", "text/event-stream; charset=utf-8")
			.withBody("data: grüße\n\ndata: [DONE]\n\n"));
		StepVerifier.create(Exchanges.stream(this.http))
			.expectNext("grüße", "<end>")
			.expectComplete()
			.verify(Exchanges.LIMIT);
		server.verify(1, postRequestedFor(anyUrl()).withHeader("Accept", equalTo("text/event-stream")));
	}

	@Test
	void errorEventFailsStreamAfterPrecedingElements() {
		responses(aResponse().withHeader("Content-Type", "text/event-stream")
			.withBody("data: one\n\ndata: {\"code\":\"unavailable\",\"error\":\"Service temporarily unavailable.\"}\n\n"
					+ "data: never\n\n"));
		StepVerifier.create(Exchanges.stream(this.http))
			.expectNext("one")
			.expectErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("temporarily unavailable"))
			.verify(Exchanges.LIMIT);
		assertThat(this.http.inFlight()).isZero();
	}

	@Test
	void failingDecoderFailsStream() {
		responses(aResponse().withHeader("Content-Type", "text/event-stream").withBody("data: one\n\n"));
		Exchanges.assertFails(this.http.stream(Exchanges.post(), (headers) -> {
			throw new IllegalStateException("no decoder");
		}), ErrorKind.UNKNOWN, "could not be processed");
		Exchanges.assertFails(this.http.stream(Exchanges.post(), (headers) -> new TextDecoder() {
			@Override
			public List<String> complete() {
				throw new IllegalStateException("not complete");
			}
		}), ErrorKind.UNKNOWN, "could not be processed (IllegalStateException)");
	}

	private static ResponseDefinitionBuilder json(int status, String body) {
		return aResponse().withStatus(status)
			.withHeader("Content-Type", "application/json")
			.withBody(body.getBytes(StandardCharsets.UTF_8));
	}

	private static void responses(ResponseDefinitionBuilder answer) {
		server.stubFor(any(anyUrl()).willReturn(answer));
	}

}
