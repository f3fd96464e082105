package io.github.grokspring.connection;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.SSLHandshakeException;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.channel.AbortedException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorTranslator} with recorded responses of xAI.
 */
class ErrorTranslatorTests {

	private static final String OLD_NOT_ALLOWED = "The caller does not have permission to execute the specified operation";

	private static final String OLD_INVALID = "Client specified an invalid argument";

	private static final String OLD_EXHAUSTED = "Some resource has been exhausted";

	private static final String OLD_NOT_FOUND = "Some requested entity was not found";

	static List<Arguments> recorded() {
		return List.of(
				flat(400, "invalid-argument",
						"Incorrect API key provided: xa***jU. You can obtain an API key from https://console.x.ai.",
						ErrorKind.INVALID_API_KEY),
				flat(400, OLD_INVALID,
						"Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
						ErrorKind.INVALID_API_KEY),
				flat(401, "unauthenticated:no-credentials", "No credentials provided", ErrorKind.MISSING_API_KEY),
				flat(401, "The request does not have valid authentication credentials for the operation",
						"No or an invalid authentication header", ErrorKind.MISSING_API_KEY),
				flat(403, "unauthenticated:bad-credentials", "The OAuth2 access token could not be validated.",
						ErrorKind.INVALID_API_KEY),
				flat(403, "permission-denied", "Your API key is blocked.", ErrorKind.INVALID_API_KEY),
				flat(403, "permission-denied", "The API key has been disabled by its owner.",
						ErrorKind.INVALID_API_KEY),
				flat(403, "permission-denied", "Your team is blocked.", ErrorKind.PERMISSION_DENIED),
				flat(403, "permission-denied",
						"Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai/team/1.",
						ErrorKind.INSUFFICIENT_CREDITS),
				flat(403, "permission-denied",
						"Your team 1 has either used all available credits or reached its monthly spending limit.",
						ErrorKind.INSUFFICIENT_CREDITS),
				flat(429, OLD_EXHAUSTED,
						"Your team 1 has either used all available credits or reached its monthly spending limit.",
						ErrorKind.INSUFFICIENT_CREDITS),
				flat(403, "personal-team-blocked:spending-limit", "Blocked", ErrorKind.INSUFFICIENT_CREDITS),
				flat(403, "permission-denied",
						"Access to the chat endpoint is denied. Please ensure you're using the correct credentials.",
						ErrorKind.PERMISSION_DENIED),
				flat(403, OLD_NOT_ALLOWED, "No access", ErrorKind.PERMISSION_DENIED),
				flat(404, "not-found", "The model grok-9 does not exist or your team 1 does not have access to it.",
						ErrorKind.MODEL_NOT_FOUND),
				flat(404, OLD_NOT_FOUND,
						"The model grok-beta was deprecated on 2025-09-15 and is no longer accessible via the API. Please use grok-3 instead.",
						ErrorKind.MODEL_NOT_FOUND),
				flat(400, "invalid-argument", "Model not found: grok-9", ErrorKind.MODEL_NOT_FOUND),
				flat(404, "not_found", "The response resp_1 was not found.", ErrorKind.INVALID_REQUEST),
				flat(400, "invalid-argument", "Model grok-4.5 does not support parameter presencePenalty.",
						ErrorKind.UNSUPPORTED_PARAMETER),
				flat(400, OLD_INVALID, "Argument not supported on this model: presencePenalty",
						ErrorKind.UNSUPPORTED_PARAMETER),
				flat(400, "invalid_argument", "This model does not support `reasoning_effort` value `none`",
						ErrorKind.UNSUPPORTED_PARAMETER),
				flat(410, "gone", "Live search is deprecated. Please switch to the Agent Tools API",
						ErrorKind.FEATURE_REMOVED),
				flat(400, "invalid-argument",
						"This model's maximum prompt length is 500000 but the request contains 637815 tokens.",
						ErrorKind.CONTEXT_TOO_LONG),
				flat(400, "invalid-argument",
						"Invalid request content: Each message must have at least one content element.",
						ErrorKind.INVALID_REQUEST),
				flat(403, "permission-denied", "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO",
						ErrorKind.SAFETY_REFUSAL),
				flat(429, "resource-exhausted",
						"Too many requests for team 1 and model grok-4.5. Your team's rate limit is - Requests per Second (actual/limit): 2/2.",
						ErrorKind.RATE_LIMITED),
				flat(429, OLD_EXHAUSTED,
						"Too many tokens for team 1 and model grok-4-0709. (actual/limit): 65605/16000.",
						ErrorKind.RATE_LIMITED),
				flat(400, "invalid-argument",
						"Could not decrypt the provided encrypted_content. Ensure the value is the unmodified encrypted_content from a previous response.",
						ErrorKind.UNDECRYPTABLE_REASONING),
				flat(400, OLD_INVALID,
						"Could not decode the compaction blob. Ensure it is unmodified from the compact response.",
						ErrorKind.UNDECRYPTABLE_REASONING),
				flat(200, "The service is currently unavailable", "Timed out waiting for first token",
						ErrorKind.OVERLOADED),
				flat(200, "unavailable", "Service temporarily unavailable. The model did not respond to this request.",
						ErrorKind.OVERLOADED),
				flat(503, "unavailable", "busy", ErrorKind.OVERLOADED),
				flat(500, "Internal error", "Internal error", ErrorKind.SERVER_ERROR),
				flat(500, "internal", "Bad file id", ErrorKind.SERVER_ERROR),
				flat(422, "invalid-argument", "missing field `input`", ErrorKind.INVALID_REQUEST));
	}

	@Test
	void distinguishesRejectedValueFromRejectedParameter() {
		GrokApiException value = translate(400, "application/json",
				json("invalid-argument", "This model does not support `reasoning_effort` value `none`"));
		assertThat(value.parameter()).isEqualTo("reasoning_effort");
		assertThat(value.parameterValue()).isEqualTo("none");
		GrokApiException parameter = translate(400, "application/json",
				json("invalid-argument", "Model grok-4.5 does not support parameter presencePenalty."));
		assertThat(parameter.parameterValue()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "Invalid reasoning effort.|''", "Invalid `reasoning.effort`|''",
			"Invalid reasoning effort 'none'.|none", "Invalid reasoning effort: xhigh|xhigh",
			"Invalid reasoning effort: it must be low or high|''", "Model grok-4.5 does not support parameter seed.|",
			"This model does not support `reasoning_effort` value `none`.|none",
			"Unsupported value: 'reasoning_effort' does not support 'none' with this model.|none",
			"Model grok-4.5 does not support parameter reasoningEffort.|" })
	void rejectedValueMayBeUnnamed(String text, String value) {
		GrokApiException error = translate(400, "application/json", json("invalid-argument", text));
		assertThat(error.parameterValue()).isEqualTo(value);
		if (value != null) {
			assertThat(error.parameter()).endsWith("effort");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = {
			"Your team's rate limit is - Requests per Second (actual/limit): 2/2.; Requests per Second; 2; 2",
			"Your team's rate limit is — Tokens per Minute (actual/limit): 65605/16000. You can view your team rate limits at https://console.x.ai.; Tokens per Minute; 65605; 16000" })
	void parsesReachedLimit(String sentence, String bucket, long actual, long limit) {
		GrokApiException refused = ErrorTranslator.fromResponse(429, "application/json",
				"{\"code\":\"resource-exhausted\",\"error\":\"Too many of them for team 1 and model grok-4.5. "
						+ sentence + "\"}",
				ResponseHeaders.NONE, "grok-4.5", "/chat/completions", EchoFilter.NONE);
		assertThat(refused.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(refused.limit()).isEqualTo(new ReachedLimit(bucket, actual, limit));
		assertThat(refused.mutate("again").build().limit()).isEqualTo(refused.limit());
	}

	@ParameterizedTest
	@ValueSource(strings = { "Too many requests", "Too many tokens. (actual/limit): 65605/16000.",
			"Requests per Second (actual/limit): many/2",
			"Requests per Second (actual/limit): 99999999999999999999/2" })
	void limitWithoutNumbersIsNull(String sentence) {
		GrokApiException refused = ErrorTranslator.fromResponse(429, "application/json",
				"{\"code\":\"resource-exhausted\",\"error\":\"" + sentence + "\"}", ResponseHeaders.NONE, "grok-4.5",
				"/chat/completions", EchoFilter.NONE);
		assertThat(refused.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(refused.limit()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "503,busy,,true", "503,busy,false,false", "400,Bad things,true,false", "400,Bad things,,false",
			"418,Who knows,true,true", "418,Who knows,,false" })
	void serverMayOverrideRetryable(int status, String text, Boolean shouldRetry, boolean retryable) {
		ResponseHeaders headers = new ResponseHeaders(null, null, null, null, shouldRetry);
		GrokApiException error = ErrorTranslator.fromResponse(status, "application/json", json("", text), headers,
				"grok-4.3", null, EchoFilter.NONE);
		assertThat(error.isRetryable()).isEqualTo(retryable);
	}

	@ParameterizedTest
	@MethodSource("recorded")
	void classifiesRecordedResponses(int status, String code, String text, ErrorKind kind) {
		GrokApiException error = translate(status, "application/json", json(code, text));
		assertThat(error.kind()).isEqualTo(kind);
		assertThat(error.status()).isEqualTo(status);
		assertThat(error.code()).isEqualTo(code);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"400|invalid-argument|Invalid tool definition: tools[0].function.name 'get_credits' is used twice.|INVALID_REQUEST",
			"400|invalid-argument|Duplicate function name get_credits.|INVALID_REQUEST",
			"400|invalid-argument|Property licenses of tools[2].function.parameters.properties.licenses has no type.|INVALID_REQUEST",
			"400|invalid-argument|Unknown schema keyword: rate_limit_policy|INVALID_REQUEST",
			"400|invalid-argument|The field `rate limit exceeded` is not allowed.|INVALID_REQUEST",
			"400|invalid-argument|The data model reference '#/$defs/Order' was not found in the schema.|INVALID_REQUEST",
			"400|invalid-argument|Model reference `#/$defs/Order` does not exist.|INVALID_REQUEST",
			"400|invalid-argument|Image host is temporarily unavailable.|INVALID_REQUEST",
			"400|invalid-argument|The schema 'does not support parameter seed' is invalid.|INVALID_REQUEST",
			"400|invalid-argument|tools[0].function: unsupported parameter: oneOf|INVALID_REQUEST",
			"400|invalid-argument|The description \u201cinvalid API key\u201d is too long.|INVALID_REQUEST",
			"400|invalid-argument|The enum value 'violates usage guidelines' is not unique.|INVALID_REQUEST",
			"403|permission-denied|The tool 'credits' is not open to this key.|PERMISSION_DENIED",
			"403|permission-denied|Your team's key may not call get_credits.|PERMISSION_DENIED",
			"404|not-found|The response of model grok-4.3 was not found.|INVALID_REQUEST",
			"429|resource-exhausted|Too many requests. Purchase credits for a higher limit.|RATE_LIMITED",
			"503|unavailable|The service is busy. No credits were consumed.|OVERLOADED",
			"503||No credits were consumed.|OVERLOADED", "500|internal|The licenses service failed.|SERVER_ERROR",
			"500|internal|Model not found in cache.|SERVER_ERROR",
			"502||Your team has used all available credits|OVERLOADED",
			"422|invalid-argument|messages[0].content: rate limit exceeded|INVALID_REQUEST",
			"429|insufficient_quota|No.|INSUFFICIENT_CREDITS", "400|rate_limit_exceeded|No.|RATE_LIMITED",
			"403|permission-denied|You have run out of credits or need a Grok subscription.|INSUFFICIENT_CREDITS",
			"402||Pay.|INSUFFICIENT_CREDITS", "404|model_not_found|No.|MODEL_NOT_FOUND",
			"404|not-found|The model `gpt-9` does not exist or you do not have access to it.|MODEL_NOT_FOUND",
			"400|context_length_exceeded|No.|CONTEXT_TOO_LONG", "425|too-early|Too early|OVERLOADED" })
	void classifiesOnlyKnownMessagesWithTheirStatus(int status, String code, String text, ErrorKind kind) {
		String body = JsonMapper.shared()
			.writeValueAsString(Map.of("code", Objects.requireNonNullElse(code, ""), "error", text));
		assertThat(translate(status, "application/json", body).kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"{\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"status\":\"failed\",\"error\":null}}",
			"{\"type\":\"response.failed\",\"response\":{\"id\":\"r\"}}",
			"{\"id\":\"r\",\"status\":\"failed\",\"error\":null}",
			"{\"type\":\"error\",\"message\":null,\"code\":null}" })
	void failureWithoutReasonIsServerError(String body) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		GrokApiException event = ErrorTranslator.fromEvent(bytes, 0, bytes.length, ResponseHeaders.NONE, null,
				EchoFilter.NONE);
		assertThat(event.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
		assertThat(event.isRetryable()).isTrue();
	}

	@Test
	void detailsAreShownWithoutInput() {
		GrokApiException error = translate(422, "application/json",
				"{\"detail\":[{\"loc\":[\"body\",\"messages\",0,\"role\"],\"msg\":\"Field required\",\"type\":\"missing\",\"input\":{\"content\":\"my plan\"}},"
						+ "{\"loc\":[\"body\",\"model\"],\"msg\":\"Input should be a valid string\\n\\u001b[31m\",\"input\":7}]}");
		assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
		assertThat(error)
			.hasMessageContaining("body.messages.0.role: Field required; body.model: Input should be a valid");
		assertThat(error.getMessage()).doesNotContain("my plan").doesNotContain("\n").doesNotContain("\u001b");
		assertThat(translate(400, "application/json", "{\"detail\":{\"message\":\"No such thing\"}}"))
			.hasMessageContaining("No such thing");
		assertThat(translate(404, "application/json", "{\"detail\":\"Not Found\"}")).hasMessageContaining("Not Found");
	}

	@ParameterizedTest
	@CsvSource({ "400, INVALID_REQUEST", "401, INVALID_API_KEY", "402, INSUFFICIENT_CREDITS", "403, PERMISSION_DENIED",
			"404, INVALID_REQUEST", "405, INVALID_REQUEST", "408, TIMEOUT", "425, OVERLOADED", "410, FEATURE_REMOVED",
			"413, INVALID_REQUEST", "415, INVALID_REQUEST", "422, INVALID_REQUEST", "429, RATE_LIMITED",
			"500, SERVER_ERROR", "501, SERVER_ERROR", "502, OVERLOADED", "503, OVERLOADED", "504, OVERLOADED",
			"520, OVERLOADED", "524, OVERLOADED", "525, UNKNOWN", "526, UNKNOWN", "529, OVERLOADED", "302, UNKNOWN",
			"418, UNKNOWN" })
	void emptyBodyIsClassifiedByStatus(int status, ErrorKind kind) {
		assertThat(translate(status, null, "").kind()).isEqualTo(kind);
		assertThat(translate(status, "text/html", "<html><body>Cloudflare</body></html>").kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{\"error\":\"Too many requests\"}|RATE_LIMITED|",
			"{\"error\":{\"message\":\"Too many requests\",\"type\":\"t\",\"code\":429}}|RATE_LIMITED|429",
			"{\"error\":{\"message\":\"no\",\"code\":\"rate_limit_exceeded\"}}|RATE_LIMITED|rate_limit_exceeded",
			"{\"code\":429,\"error\":\"slow down [WKE=1]\"}|RATE_LIMITED|429",
			"{\"message\":\"The model grok-9 does not exist\"}|MODEL_NOT_FOUND|",
			"[{\"error\":\"Too many requests\"}]|RATE_LIMITED|", "Too many requests|RATE_LIMITED|",
			"{\"type\":\"error\",\"code\":\"unavailable\",\"message\":\"x\",\"sequence_number\":3}|OVERLOADED|unavailable",
			"{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}|SERVER_ERROR|server_error",
			"{\"type\":\"error\",\"code\":\"invalid-argument\",\"message\":\"Could not decode the compaction blob.\"}|UNDECRYPTABLE_REASONING|invalid-argument",
			"{\"error\":null}|UNKNOWN|", "{\"error\":{}}|UNKNOWN|", "{}|UNKNOWN|", "{\"code\":\"unav|SERVER_ERROR|",
			"{\"type\":\"error\",\"message\":\"The model produced an invalid tool call\",\"code\":null}|SERVER_ERROR|" })
	void parsesAllErrorFormats(String body, ErrorKind kind, String code) {
		byte[] bytes = ("##" + body + "##").getBytes(StandardCharsets.UTF_8);
		GrokApiException event = ErrorTranslator.fromEvent(bytes, 2, bytes.length - 4, ResponseHeaders.NONE, null,
				EchoFilter.NONE);
		assertThat(event.kind()).isEqualTo(kind);
		assertThat(event.code()).isEqualTo(code);
		assertThat(event.status()).isEqualTo(200);
		assertThat(translate(200, "application/json", body).kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "Model grok-4.5 does not support parameter presencePenalty.|presence_penalty",
			"Model grok-code-fast-1 does not support parameter reasoningEffort.|reasoning_effort",
			"Argument not supported on this model: presencePenalty|presence_penalty",
			"This model does not support `reasoning_effort` value `none`|reasoning_effort",
			"Unsupported parameter: 'max_tokens' is not supported with this model.|max_tokens",
			"Invalid reasoning effort.|reasoning_effort", "Model grok-4 does not support parameter stop.|stop" })
	void rejectedParameterIsInSnakeCase(String text, String parameter) {
		GrokApiException error = translate(400, "application/json", json("invalid-argument", text));
		assertThat(error.kind()).isEqualTo(ErrorKind.UNSUPPORTED_PARAMETER);
		assertThat(error.parameter()).isEqualTo(parameter);
		assertThat(error).hasMessageContaining("'" + parameter + "'").hasMessageContaining("'grok-4'");
	}

	@Test
	void messageHasAdviceButNoPartOfKey() {
		GrokApiException error = translate(400, "application/json", json("invalid-argument",
				"Incorrect API key provided: xa***jU. You can obtain an API key from https://console.x.ai."));
		assertThat(error).hasMessageContaining("rejected the API key")
			.hasMessageContaining("400 invalid-argument")
			.hasMessageContaining("'grok.api-key' or XAI_API_KEY");
		assertThat(error.getMessage()).doesNotContain("xa*").doesNotContain("jU");
	}

	@ParameterizedTest
	@CsvSource({ "Incorrect API key provided: xai-abcdefGHIJ0123456789. Get one",
			"Incorrect API key provided: abc. Get one", "Key xai-token-1234567890 is a management key",
			"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.abc.def failed", "key sk-proj-12345678",
			"masked xa**********jU" })
	void keysAreRemoved(String text) {
		assertThat(ErrorTranslator.redact(text, EchoFilter.NONE)).contains("***")
			.doesNotContain("abc.", "0123456789", "1234567890", "eyJ", "sk-", "jU", "xa*");
	}

	@Test
	void messageWithoutKeyIsUnchanged() {
		assertThat(ErrorTranslator.redact("Incorrect API key provided. You can obtain one", EchoFilter.NONE))
			.isEqualTo("Incorrect API key provided. You can obtain one");
	}

	@Test
	void quotedInputIsRemoved() {
		GrokApiException error = translate(422, "text/plain",
				"Failed to deserialize the JSON body into the target type: messages[0].content: invalid type: string \"my \\\"secret\\\" plan\", expected a sequence at line 1 column 40");
		assertThat(error).hasMessageContaining("messages[0].content").hasMessageContaining("expected a sequence");
		assertThat(error.getMessage()).doesNotContain("secret").doesNotContain("plan");
	}

	@Test
	void longTextIsTruncated() {
		GrokApiException error = translate(400, "text/plain", "long ".repeat(20_000));
		assertThat(error.getMessage()).hasSizeLessThan(1_000).contains("…");
	}

	@Test
	void webPageIsReducedToTitle() {
		GrokApiException error = translate(520, "text/html; charset=UTF-8",
				"<!DOCTYPE html><html><head><title>api.x.ai |\n 520: Web server is returning an unknown error</title></head><body>"
						+ "Ray ID 1234".repeat(500) + "</body></html>");
		assertThat(error.kind()).isEqualTo(ErrorKind.OVERLOADED);
		assertThat(error).hasMessageContaining("520: Web server is returning an unknown error");
		assertThat(error.getMessage()).doesNotContain("Ray ID").doesNotContain("<");
	}

	@Test
	void exceptionHasValuesOfHeaders() {
		ResponseHeaders headers = new ResponseHeaders("req-1", null, null, Duration.ofSeconds(7), null);
		GrokApiException error = ErrorTranslator.fromResponse(429, "application/json",
				json("resource-exhausted", "Too many requests"), headers, "grok-4", "/chat/completions",
				EchoFilter.NONE);
		assertThat(error.requestId()).isEqualTo("req-1");
		assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(7));
		assertThat(error.attempts()).isEqualTo(1);
	}

	@Test
	void status404OfModelsEndpointIsModelNotFound() {
		assertThat(ErrorTranslator
			.fromResponse(404, null, "", ResponseHeaders.NONE, null, "/models/grok-9", EchoFilter.NONE)
			.kind()).isEqualTo(ErrorKind.MODEL_NOT_FOUND);
	}

	@Test
	void networkFailuresBeforeResponse() {
		assertNetwork(new ConnectException("Connection refused: localhost/127.0.0.1:1"), "base-url");
		assertNetwork(new ConnectTimeoutException("connection timed out"), "connect-timeout");
		assertNetwork(new UnknownHostException("nowhere.invalid"), "'grok.base-url'");
		assertNetwork(new SSLHandshakeException("PKIX path building failed"), "ssl-bundle");
		assertNetwork(new IOException("Connection reset by peer"),
				"closed before a response for model 'grok-4' arrived");
	}

	@Test
	void closedConnectionIsNetworkFailure() {
		for (Exception failure : List.of(new AbortedException("Connection has been closed BEFORE send operation"),
				new Http2Exception(Http2Error.PROTOCOL_ERROR, "GOAWAY"))) {
			assertThat(ErrorTranslator.fromFailure(failure, 0, null, "https://api.x.ai/v1", "grok-4", EchoFilter.NONE)
				.kind()).isEqualTo(ErrorKind.CONNECTION);
			assertThat(
					ErrorTranslator.fromFailure(failure, 200, "req-1", "https://api.x.ai/v1", "grok-4", EchoFilter.NONE)
						.kind())
				.isEqualTo(ErrorKind.STREAM_BROKEN);
		}
	}

	@Test
	void otherFailureBeforeResponseIsUnknown() {
		GrokApiException error = ErrorTranslator.fromFailure(new IllegalStateException("no"), 0, null,
				"https://api.x.ai/v1", "grok-4", EchoFilter.NONE);
		assertThat(error.kind()).isEqualTo(ErrorKind.UNKNOWN);
		assertThat(error).hasMessageStartingWith("The request to xAI for model 'grok-4' failed");
	}

	@Test
	void networkFailureInDecoderIsUnwrapped() {
		SSLHandshakeException failure = new SSLHandshakeException("PKIX path building failed");
		GrokApiException error = ErrorTranslator.fromFailure(new DecoderException(failure), 0, null,
				"https://api.x.ai/v1", null, EchoFilter.NONE);
		assertThat(error.kind()).isEqualTo(ErrorKind.CONNECTION);
		assertThat(error).hasMessageContaining("ssl-bundle").hasCause(failure);
	}

	@Test
	void causeDoesNotQuoteInput() {
		String quoted = "invalid version format: {\"CHOICES\":\"the secret answer\"}";
		for (Exception failure : List.of(new DecoderException(new IllegalArgumentException(quoted)),
				new IllegalArgumentException(quoted), new ProtocolException("Unexpected status line: " + quoted),
				new IOException(quoted, new IllegalStateException(quoted)), new NotSslRecordException(quoted),
				new Http2Exception(Http2Error.PROTOCOL_ERROR, quoted))) {
			for (int status : new int[] { 0, 200 }) {
				GrokApiException error = ErrorTranslator.fromFailure(failure, status, null, "https://api.x.ai/v1",
						"grok-4", EchoFilter.NONE);
				for (Throwable current = error; current != null; current = current.getCause()) {
					assertThat(String.valueOf(current)).doesNotContain("secret answer");
				}
				assertThat(error.getCause().getStackTrace()).isNotEmpty();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4\r\nWARN forged", "grok-4\u001b[31m", "grok-4\u202eevil", "grok-4\u2028next" })
	void modelNameIsSanitized(String name) {
		for (String model : List.of(name, name.repeat(500))) {
			GrokApiException refused = ErrorTranslator.fromResponse(404, "application/json",
					JsonMapper.shared().writeValueAsBytes(Map.of("code", name, "error", "No " + model)),
					ResponseHeaders.NONE, model, "/chat/completions", EchoFilter.NONE);
			GrokApiException lost = ErrorTranslator.fromFailure(new IOException("reset"), 200, null, "https://x", model,
					EchoFilter.NONE);
			for (GrokApiException error : List.of(refused, lost)) {
				assertThat(error.getMessage()).hasSizeLessThan(1_200)
					.doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029\\u202e]");
			}
			assertThat(refused.code()).doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029\\u202e]");
		}
	}

	@Test
	void connectionLossDuringResponseIsBrokenStream() {
		GrokApiException error = ErrorTranslator.fromFailure(new IOException("Connection reset by peer"), 200, "req-1",
				"https://api.x.ai/v1", "grok-4", EchoFilter.NONE);
		assertThat(error.kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		assertThat(error.status()).isEqualTo(200);
		assertThat(error.requestId()).isEqualTo("req-1");
		assertThat(error).hasMessageContaining("grok-4");
	}

	@Test
	void translatedFailureIsReturned() {
		GrokApiException error = translate(500, null, "");
		assertThat(ErrorTranslator.fromFailure(error, 200, "req-1", "https://api.x.ai/v1", null, EchoFilter.NONE))
			.isSameAs(error);
	}

	private static void assertNetwork(IOException failure, String message) {
		GrokApiException error = ErrorTranslator.fromFailure(failure, 0, null, "https://api.x.ai/v1", "grok-4",
				EchoFilter.NONE);
		assertThat(error.isSent()).isEqualTo(failure.getMessage().contains("reset"));
		assertThat(error.kind()).isEqualTo(ErrorKind.CONNECTION);
		assertThat(error.status()).isZero();
		assertThat(error).hasMessageContaining(message).hasMessageContaining("https://api.x.ai/v1").hasCause(failure);
	}

	private static GrokApiException translate(int status, String contentType, String body) {
		return ErrorTranslator.fromResponse(status, contentType, body, ResponseHeaders.NONE, "grok-4",
				"/chat/completions", EchoFilter.NONE);
	}

	private static Arguments flat(int status, String code, String text, ErrorKind kind) {
		return Arguments.of(status, code, text, kind);
	}

	private static String json(String code, String text) {
		return "{\"code\":\"" + code + "\",\"error\":\"" + text + "\"}";
	}

}
