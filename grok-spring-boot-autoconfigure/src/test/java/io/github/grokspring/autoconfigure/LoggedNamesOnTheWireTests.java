package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.error.GrokException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Names of models, from requests and from the server, forge no lines of the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class LoggedNamesOnTheWireTests {

	private static final String NAME = "own\r\nforged line \u001b[35m\u2028" + "x".repeat(5_000);

	private final BlockingQueue<Map.Entry<Integer, String>> responses = new LinkedBlockingQueue<>();

	@Test
	void lineBreaksEscapesAndLongNamesAreNotLogged(CapturedOutput output) throws IOException {
		GrokChatOptions named = GrokChatOptions.builder().model(NAME).topK(5).build();
		try (RawServer server = new RawServer((client) -> {
			Map.Entry<Integer, String> response = this.responses.take();
			client.writeJson(response.getKey(), response.getValue());
		})) {
			ContextRunners.starterWithKey()
				.withPropertyValues("grok.base-url=" + server.url(), "grok.retry.enabled=false",
						"grok.circuit-breaker.enabled=true", "grok.circuit-breaker.minimum-calls=2")
				.run((context) -> {
					GrokChatModel model = context.getBean(GrokChatModel.class);
					this.responses.add(Map.entry(200, answer()));
					Invocation.CALL.invoke(model, new Prompt("hi"));
					assertThat(output).contains("answered instead of 'grok-4.3'");
					this.responses
						.add(Map.entry(400, error("invalid-argument", "Model does not support parameter topK.")));
					this.responses.add(Map.entry(200, answer()));
					Invocation.CALL.invoke(model, new Prompt("hi", named));
					assertThat(output).contains("top_k");
					for (int i = 0; i < 2; i++) {
						this.responses.add(Map.entry(503, error("unavailable", "At capacity")));
						assertThatExceptionOfType(GrokException.class)
							.isThrownBy(() -> Invocation.CALL.invoke(model, new Prompt("hi", named)))
							.satisfies((ex) -> assertPlain(String.valueOf(ex.getMessage())));
					}
					assertThat(output).contains("No request is sent until");
				});
		}
		assertThat(output).contains("own");
		assertPlain(output.getAll());
	}

	private static void assertPlain(String text) {
		assertThat(text.lines()).noneMatch((line) -> line.startsWith("forged"));
		assertThat(text).doesNotContain("\u001b[35m").doesNotContain("\u2028").doesNotContain("x".repeat(1_000));
	}

	private static String error(String code, String text) {
		return "{\"code\":\"" + code + "\",\"error\":\"" + text + "\"}";
	}

	private static String answer() {
		return JsonMapper.shared()
			.writeValueAsString(Map.of("id", "1", "created", 1, "model", NAME, "choices", new Object[] { Map.of("index",
					0, "finish_reason", "stop", "message", Map.of("role", "assistant", "content", "Hi")) }));
	}

}
