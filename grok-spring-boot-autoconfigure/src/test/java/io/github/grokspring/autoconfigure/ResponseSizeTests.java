package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.OutputStopped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code grok.http.max-response-size}, seen by the callers of a model.
 */
class ResponseSizeTests {

	@ParameterizedTest
	@CsvSource({ "chat-completions, content", "chat-completions, reasoning_content", "chat-completions, tool_calls",
			"responses, response.output_text.delta", "responses, response.reasoning_text.delta",
			"responses, response.refusal.delta", "responses, response.function_call_arguments.delta" })
	void streamWithoutEndIsStoppedOnceAndBooked(String api, String what) throws IOException {
		List<GrokEvent> events = new CopyOnWriteArrayList<>();
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			while (true) {
				client.write(RawServer.chunk(event(what)));
			}
		})) {
			ContextRunners.starterWithKey()
				.withBean(GrokEventListener.class, () -> events::add)
				.withPropertyValues("grok.base-url=" + server.url(), "grok.http.max-response-size=64KB",
						"grok.chat.api=" + api, "grok.runaway-guard.enabled=false")
				.run((context) -> {
					GrokChatModel model = context.getBean(GrokChatModel.class);
					assertThatExceptionOfType(GrokApiException.class)
						.isThrownBy(() -> Invocation.STREAM.invoke(model, new Prompt("Hello")))
						.withMessageContaining("'grok.http.max-response-size'")
						.satisfies((error) -> assertThat(error.code()).isEqualTo(GrokApiException.RESPONSE_TOO_LARGE));
					assertThat(server.requests()).isEqualTo(1);
					assertThat(events).hasAtLeastOneElementOfType(CostRecorded.class)
						.contains(new OutputStopped("default", "grok-4.3", OutputStopped.TOO_LARGE));
				});
		}
	}

	@ParameterizedTest
	@CsvSource({ "native", "spring-ai" })
	void wholeBodyThatIsTooLargeIsRefusedOnceAndBooked(String transport) throws IOException {
		List<GrokEvent> events = new CopyOnWriteArrayList<>();
		String content = "x".repeat(100_000);
		try (RawServer server = new RawServer((client) -> client.writeJson(200,
				"{\"id\":\"1\",\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
						+ "\"content\":\"" + content + "\"},\"finish_reason\":\"stop\"}]}"))) {
			ContextRunners.starterWithKey()
				.withBean(GrokEventListener.class, () -> events::add)
				.withPropertyValues("grok.base-url=" + server.url(), "grok.http.max-response-size=64KB",
						"grok.chat.transport=" + transport)
				.run((context) -> {
					GrokChatModel model = context.getBean(GrokChatModel.class);
					assertThatExceptionOfType(GrokApiException.class)
						.isThrownBy(() -> Invocation.CALL.invoke(model, new Prompt("Hello")))
						.satisfies((error) -> assertThat(error.code()).isEqualTo(GrokApiException.RESPONSE_TOO_LARGE));
					assertThat(server.requests()).isEqualTo(1);
					assertThat(events).hasAtLeastOneElementOfType(CostRecorded.class)
						.contains(new OutputStopped("default", "grok-4.3", OutputStopped.TOO_LARGE));
				});
		}
	}

	@Test
	void httpToAnotherHostIsAcceptedWhenAllowed() {
		ContextRunners.starterWithKey()
			.withPropertyValues("grok.base-url=http://gateway.example.com/v1", "grok.http.allow-insecure=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static String event(String what) {
		String text = "x".repeat(100);
		return switch (what) {
			case "content", "reasoning_content" ->
				"data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"" + what + "\":\"" + text + "\"}}]}\n\n";
			case "tool_calls" ->
				"data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
						+ "\"id\":\"c1\",\"function\":{\"name\":\"\",\"arguments\":\"" + text + "\"}}]}}]}\n\n";
			default -> "event: " + what + "\ndata: {\"type\":\"" + what
					+ "\",\"output_index\":0,\"content_index\":0,\"item_id\":\"i\",\"delta\":\"" + text + "\"}\n\n";
		};
	}

}
