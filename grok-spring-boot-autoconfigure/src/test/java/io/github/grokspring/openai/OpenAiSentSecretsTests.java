package io.github.grokspring.openai;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that errors do not contain secrets that were sent through the OpenAI SDK.
 */
class OpenAiSentSecretsTests {

	private static final String KEY = "Zq7wPlain3KeyOfAGateway9";

	@ParameterizedTest
	@EnumSource
	void errorsDoNotContainSecretsEchoedByServer(Invocation invocation) throws IOException {
		String proxy = Base64.getEncoder().encodeToString("jane:hunter2password".getBytes(StandardCharsets.UTF_8));
		String said = "No: " + KEY + ", " + KEY.toLowerCase() + ", configured-value-1, request-value-22, "
				+ "hunter2password, " + proxy + ".";
		HttpSettings settings = HttpSettings.defaults()
			.withBaseUrl("http://gateway.example.com/v1")
			.withHeaders(Map.of("x-all", "configured-value-1"));
		Prompt prompt = new Prompt("hi",
				GrokChatOptions.builder().model("grok-4.3").headers(Map.of("x-own", "request-value-22")).build());
		try (RawServer server = new RawServer((client) -> {
			assertThat(client.head).contains(KEY, "configured-value-1", "request-value-22", proxy);
			client.writeJson(400, "{\"code\":\"bad-" + KEY + "\",\"error\":\"" + said + "\"}");
		});
				OpenAiTransport transport = OpenAiTransport.create(
						settings.withProxy(new HttpSettings.Proxy("localhost", URI.create(server.url()).getPort(),
								"jane", "hunter2password")),
						() -> KEY, null, ModelCatalog.bundled(), ObservationRegistry.NOOP, null)) {
			GrokApiException error = catchThrowableOfType(GrokApiException.class,
					() -> invocation.invoke(transport, prompt));
			assertThat(error).hasMessageContaining("No: ***, ***, ***, ***, ***, ***.");
			assertThat(String.valueOf(error.code())).doesNotContain(KEY);
		}
	}

}
