package io.github.grokspring.connection;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link SecretFilter}.
 */
class SecretFilterTests {

	private static final String KEY = "Zq7wPlain3KeyOfAGateway9";

	static Stream<String> echoes() {
		return Stream.of(KEY, KEY.toLowerCase(Locale.ROOT), KEY.toUpperCase(Locale.ROOT),
				KEY.substring(KEY.length() - 8), KEY.substring(3, 15), base64(KEY), base64("Bearer " + KEY),
				base64("u:" + KEY + "!"),
				Base64.getUrlEncoder().encodeToString((KEY + "?").getBytes(StandardCharsets.UTF_8)),
				"Zq7w\u200bPlain3KeyOf\u200bAGateway9");
	}

	@ParameterizedTest
	@MethodSource("echoes")
	void partsOfKeyAreRemoved(String echo) throws Exception {
		String body = JsonMapper.shared()
			.writeValueAsString(Map.of("code", "bad-key-" + echo, "error", "The key <" + echo + "> is unknown here."));
		try (RawServer server = new RawServer((client) -> client.writeJson(401, body));
				ReactorXaiHttpClient http = ReactorXaiHttpClient.create(Exchanges.settings(server.url()), () -> KEY)) {
			for (Flux<?> call : Stream.<Flux<?>>of(http.exchange(Exchanges.post()).flux(), Exchanges.stream(http))
				.toList()) {
				GrokApiException error = failure(call);
				assertThat(error).hasMessageContaining("is unknown here");
				assertThat(error.getMessage() + error.code()).doesNotContain(echo).containsPattern("\\*\\*\\*");
			}
		}
	}

	@Test
	void headerValuesAndToolCredentialsAreRemoved() throws Exception {
		String[] secrets = { "configured-value-1", "request-value-22", "mcp-authorization-333", "mcp-header-4444",
				"url-token-55555", "hunter2password" };
		ServerTool mcp = ServerTool.mcp("docs", "https://mcp.example.com/?token=url-token-55555")
			.withAuthorization("Bearer mcp-authorization-333");
		GrokChatOptions options = GrokChatOptions.builder()
			.model("grok-4.3")
			.serverTools(List.of(mcp))
			.extraBody(Map.of("tools", List.of(Map.of("headers", Map.of("X-Key", "mcp-header-4444")))))
			.build();
		ApiRequest request = new ApiRequest("POST", "/responses",
				Map.of("x-own", "request-value-22", "authorization", "Basic " + base64("jane:hunter2password")),
				(out) -> out.write('{'), Exchanges.LIMIT, null, "grok-4.3", EchoFilter.of(new Prompt("hi", options)),
				null);
		String body = "{\"error\":\"No: " + String.join(", ", secrets) + " and " + base64("jane:hunter2password")
				+ ".\"}";
		try (RawServer server = new RawServer((client) -> client.writeJson(400, body));
				ReactorXaiHttpClient http = Exchanges
					.connect(Exchanges.settings(server.url()).withHeaders(Map.of("x-all", "configured-value-1")))) {
			GrokApiException error = failure(http.exchange(request).flux());
			assertThat(error).hasMessageContaining("No: ***, ***, ***, ***, ***, *** and ***.");
		}
	}

	@Test
	void proxyPasswordIsRemoved() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			if (client.head.startsWith("CONNECT")) {
				client.write("HTTP/1.1 200 OK\r\n\r\n");
			}
			else {
				client.writeJson(400,
						"{\"error\":\"No: hunter2password and " + base64("jane:hunter2password") + ".\"}");
			}
		});
				ReactorXaiHttpClient http = Exchanges.connect(Exchanges.settings("http://gateway.example.com/v1")
					.withProxy(new HttpSettings.Proxy("localhost", URI.create(server.url()).getPort(), "jane",
							"hunter2password")))) {
			assertThat(failure(http.exchange(Exchanges.post()).flux())).hasMessageContaining("No: *** and ***.");
		}
	}

	@Test
	void shortKeyIsRemovedAsWord() {
		EchoFilter sent = EchoFilter.of("hello there", "grok-4.3");
		sent.addSecrets(Map.of("authorization", "Bearer k3y77"));
		assertThat(sent.withoutSecrets("Key k3y77 of k3y777 is wrong")).isEqualTo("Key *** of k3y777 is wrong");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Model grok-4.3 does not support parameter presencePenalty.",
			"Too many requests for team 1. Your team's rate limit is - Requests per Second (actual/limit): 2/2." })
	void unrelatedTextIsKept(String text) {
		EchoFilter sent = EchoFilter.of("hello there", "grok-4.3");
		sent.addSecrets(Map.of("authorization", "Bearer " + KEY, "x-tenant", "acme"));
		assertThat(sent.withoutSecrets(text)).isEqualTo(text);
	}

	@Test
	void keyIsRemovedForRequestsWithoutTexts() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(403, "{\"error\":\"Not for " + KEY + "\"}"));
				ReactorXaiHttpClient http = ReactorXaiHttpClient.create(Exchanges.settings(server.url()), () -> KEY)) {
			assertThat(failure(http.exchange(ApiRequest.get("/models", Exchanges.LIMIT)).flux()))
				.hasMessageContaining("Not for ***");
		}
	}

	private static GrokApiException failure(Flux<?> call) {
		return catchThrowableOfType(GrokApiException.class, () -> call.blockLast(Exchanges.LIMIT));
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
