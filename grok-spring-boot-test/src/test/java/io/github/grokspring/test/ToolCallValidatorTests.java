package io.github.grokspring.test;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ToolCallValidatorTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			u c1 u          | The tool call 1 has no tool message that answers it.
			u c1            | The tool call 1 has no tool message that answers it.
			u c12 t1 u      | The tool call 2 has no tool message that answers it.
			u c1 u t1       | The tool call 1 has no tool message that answers it.
			u t1            | The tool message for 1 answers no tool call.
			u c1 t1 t1      | The tool message for 1 answers no tool call.
			u c1 t2         | The tool message for 2 answers no tool call.
			u c1 t1 u c1 u  | The tool call 1 has no tool message that answers it.
			u c_ t_         | A tool call must have an id.
			u c1 t_         | A tool message must have a tool_call_id.
			""")
	void chatCompletionsRejectUnmatchedToolCalls(String turns, String text) {
		assertRefused(chat(turns, "{}"), text);
	}

	@ParameterizedTest
	@CsvSource({ "u c1 t1", "u c12 t2 t1 u", "u c1 t1 c1 t1", "u c1 t1 u c1 t1 a u", "u c11 t1 t1" })
	void chatCompletionsAcceptMatchedToolCalls(String turns) {
		HttpResponse<String> response = chat(turns, "{}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			u c1 u          | The tool call 1 has no tool message that answers it.
			u c12 t1 u      | The tool call 2 has no tool message that answers it.
			u t1            | The tool message for 1 answers no tool call.
			u c1 t1 t1      | The tool message for 1 answers no tool call.
			u c_ t_         | A tool call must have an id.
			""")
	void responsesRejectUnmatchedToolCalls(String turns, String text) {
		assertRefused(responses(turns, "{}"), text);
	}

	@ParameterizedTest
	@CsvSource({ "u c1 t1", "u c12 t2 t1 u", "u c1 a t1 u", "u c1 t1 u c1 t1" })
	void responsesAcceptMatchedToolCalls(String turns) {
		HttpResponse<String> response = responses(turns, "{}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			''
			' '
			{
			{}{}
			""")
	void argumentsMustBeJson(String arguments) {
		assertRefused(chat("u c1 t1", arguments), "The arguments of tool call 1 are not valid JSON.");
		assertRefused(responses("u c1 t1", arguments), "The arguments of tool call 1 are not valid JSON.");
	}

	@Test
	void storedCallsWaitForTheirOutputs() {
		xai.answersWithToolCall("weather", "{}");
		String id = TestClient.json(this.calls.respond("grok-4.3", "")).get("id").stringValue();
		assertRefused(
				this.calls
					.responses(TestClient.input("grok-4.3", "\"And now?\"", "\"previous_response_id\":\"" + id + "\"")),
				"has no tool message that answers it.");
	}

	private HttpResponse<String> chat(String turns, String arguments) {
		StringBuilder messages = new StringBuilder();
		for (String turn : turns.strip().split(" ")) {
			messages.append(messages.isEmpty() ? "" : ",").append(switch (turn.charAt(0)) {
				case 'u' -> "{\"role\":\"user\",\"content\":\"Hi\"}";
				case 'a' -> "{\"role\":\"assistant\",\"content\":\"Hello\"}";
				case 't' -> "{\"role\":\"tool\",\"tool_call_id\":\"" + id(turn.charAt(1)) + "\",\"content\":\"Rain\"}";
				default -> calls(turn.substring(1), arguments);
			});
		}
		return this.calls.chat("{\"model\":\"grok-4.3\",\"messages\":[" + messages + "]}");
	}

	private static String calls(String ids, String arguments) {
		StringBuilder calls = new StringBuilder();
		for (char id : ids.toCharArray()) {
			calls.append(calls.isEmpty() ? "" : ",")
				.append("{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}"
					.formatted(id(id), arguments));
		}
		return "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[" + calls + "]}";
	}

	private HttpResponse<String> responses(String turns, String arguments) {
		StringBuilder items = new StringBuilder();
		for (String turn : turns.strip().split(" ")) {
			for (char id : ((turn.length() > 1) ? turn.substring(1) : " ").toCharArray()) {
				items.append(items.isEmpty() ? "" : ",").append(switch (turn.charAt(0)) {
					case 'u' -> "{\"role\":\"user\",\"content\":\"Hi\"}";
					case 'a' -> "{\"role\":\"assistant\",\"content\":\"Hello\"}";
					case 't' ->
						"{\"type\":\"function_call_output\",\"call_id\":\"" + id(id) + "\",\"output\":\"Rain\"}";
					default -> "{\"type\":\"function_call\",\"call_id\":\"%s\",\"name\":\"f\",\"arguments\":\"%s\"}"
						.formatted(id(id), arguments);
				});
			}
		}
		return this.calls.responses(TestClient.input("grok-4.3", "[" + items + "]", ""));
	}

	private static String id(char id) {
		return (id == '_') ? "" : String.valueOf(id);
	}

	private static void assertRefused(HttpResponse<String> response, String text) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(TestClient.json(response).get("code").stringValue()).isEqualTo("invalid-argument");
		assertThat(TestClient.json(response).get("error").stringValue()).startsWith("Invalid request content: ")
			.contains(text);
	}

}
