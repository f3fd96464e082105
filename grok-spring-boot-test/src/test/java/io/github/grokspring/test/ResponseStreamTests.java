package io.github.grokspring.test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseStreamTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void streamsReasoningAndText() {
		xai.answers("Hello \"you\"").reasoning("I greet").usage(10, 2).reasoningTokens(2);
		HttpResponse<String> response = this.calls.respond("grok-4.3", "\"stream\":true");
		assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
		assertThat(response.headers().map()).containsKeys("x-request-id", "x-ratelimit-limit-tokens");
		assertThat(response.body()).doesNotContain("[DONE]");
		List<JsonNode> events = TestClient.responseEvents(response);
		assertThat(TestClient.types(events)).containsExactly("response.created", "response.in_progress",
				"response.output_item.added", "response.reasoning_summary_part.added",
				"response.reasoning_summary_text.delta", "response.reasoning_summary_text.delta",
				"response.reasoning_summary_text.done", "response.reasoning_summary_part.done",
				"response.output_item.done", "response.output_item.added", "response.content_part.added",
				"response.output_text.delta", "response.output_text.delta", "response.output_text.done",
				"response.content_part.done", "response.output_item.done", "response.completed");
		JsonNode created = events.get(0).get("response");
		assertThat(created.get("status").stringValue()).isEqualTo("in_progress");
		assertThat(created.get("output").isEmpty()).isTrue();
		assertThat(created.get("usage").isNull()).isTrue();
		assertThat(created.get("completed_at").isNull()).isTrue();
		assertThat(created.get("reasoning")).isEqualTo(TestClient.json("{\"effort\":null,\"summary\":null}"));
		assertThat(created.get("temperature").doubleValue()).isEqualTo(0.699999988079071);
		assertThat(events.get(2).at("/item/status").stringValue()).isEqualTo("in_progress");
		assertThat(events.get(2).at("/item/summary").isEmpty()).isTrue();
		assertThat(deltas(events, "response.reasoning_summary_text.delta")).containsExactly("I", " greet");
		assertThat(deltas(events, "response.output_text.delta")).containsExactly("Hello", " \"you\"");
		JsonNode delta = events.get(11);
		assertThat(delta.get("item_id").stringValue()).isEqualTo("msg_" + created.get("id").stringValue());
		assertThat(delta.get("output_index").intValue()).isEqualTo(1);
		assertThat(delta.get("content_index").intValue()).isZero();
		assertThat(delta.get("logprobs").isEmpty()).isTrue();
		assertThat(events.get(13).get("text").stringValue()).isEqualTo("Hello \"you\"");
		JsonNode completed = events.get(16).get("response");
		assertThat(completed.get("id")).isEqualTo(created.get("id"));
		assertThat(completed.get("status").stringValue()).isEqualTo("completed");
		assertThat(completed.at("/usage/output_tokens").longValue()).isEqualTo(4);
		assertThat(completed.at("/output/0")).isEqualTo(events.get(8).get("item"));
		assertThat(completed.at("/output/1")).isEqualTo(events.get(15).get("item"));
	}

	@Test
	void streamsFunctionArgumentsInOneDelta() {
		xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}").andToolCall("now", "{}").usage(10, 5);
		List<JsonNode> events = this.calls.responseEvents("");
		assertThat(TestClient.types(events).subList(2, 10)).containsExactly("response.output_item.added",
				"response.function_call_arguments.delta", "response.function_call_arguments.done",
				"response.output_item.done", "response.output_item.added", "response.function_call_arguments.delta",
				"response.function_call_arguments.done", "response.output_item.done");
		assertThat(events.get(2).at("/item/arguments").stringValue()).isEmpty();
		assertThat(events.get(2).at("/item/name").stringValue()).isEqualTo("weather");
		assertThat(events.get(3).get("delta").stringValue()).isEqualTo("{\"city\":\"Oslo\"}");
		assertThat(events.get(3).get("item_id")).isEqualTo(events.get(2).at("/item/id"));
		assertThat(events.get(4).get("arguments").stringValue()).isEqualTo("{\"city\":\"Oslo\"}");
		assertThat(events.get(6).get("output_index").intValue()).isEqualTo(1);
		assertThat(events.get(9).at("/item/status").stringValue()).isEqualTo("completed");
	}

	@Test
	void endsIncompleteOrFailed() {
		xai.answers("Half").incomplete("max_output_tokens");
		JsonNode last = last(this.calls.responseEvents(""));
		assertThat(last.get("type").stringValue()).isEqualTo("response.incomplete");
		assertThat(last.at("/response/incomplete_details/reason").stringValue()).isEqualTo("max_output_tokens");
		xai.answers("Half").failed("server_error", "Gone").times(2);
		last = last(this.calls.responseEvents(""));
		assertThat(last.get("type").stringValue()).isEqualTo("response.failed");
		assertThat(last.at("/response/error/message").stringValue()).isEqualTo("Gone");
		List<String> chat = this.calls.events(TestClient.question("grok-4.3", "\"stream\":true"));
		assertThat(chat.get(chat.size() - 1)).isEqualTo("{\"code\":\"server_error\",\"error\":\"Gone\"}");
	}

	@Test
	void waitsWhileModelReasons() throws Exception {
		xai.answers("Done").thinkingFor(Duration.ofMillis(300));
		HttpResponse<Stream<String>> response = lines();
		List<Long> arrivals = new ArrayList<>();
		response.body().filter((line) -> line.startsWith("event: ")).forEach((line) -> arrivals.add(System.nanoTime()));
		assertThat(Duration.ofNanos(arrivals.get(4) - arrivals.get(3))).isGreaterThan(Duration.ofMillis(250));
	}

	@Test
	void appliesPace() throws Exception {
		xai.answersInChunks(20).pace(Duration.ofMillis(20)).usage(1, 20);
		List<Long> arrivals = new ArrayList<>();
		lines().body()
			.filter((line) -> line.equals("event: response.output_text.delta"))
			.forEach((line) -> arrivals.add(System.nanoTime()));
		assertThat(arrivals).hasSize(20);
		assertThat(Duration.ofNanos(arrivals.get(19) - arrivals.get(0))).isGreaterThan(Duration.ofMillis(250));
	}

	@Test
	void streamsThousandsOfChunksWithoutPause() {
		xai.answersInChunks(5000).usage(1, 5000);
		List<JsonNode> events = this.calls.responseEvents("");
		assertThat(deltas(events, "response.output_text.delta")).hasSize(5000);
		assertThat(String.join("", deltas(events, "response.output_text.delta")))
			.isEqualTo(ResponsesTests.text(last(events).get("response")));
	}

	@Test
	void servesBothDialectsOfAnEscapedText() {
		xai.answers("Grüße 🙂\n\"x\"").times(2);
		assertThat(String.join("", deltas(this.calls.responseEvents(""), "response.output_text.delta")))
			.isEqualTo("Grüße 🙂\n\"x\"");
		assertThat(ResponsesTests.text(TestClient.json(this.calls.respond("grok-4.3", ""))))
			.isEqualTo("Grüße 🙂\n\"x\"");
	}

	private HttpResponse<Stream<String>> lines() throws Exception {
		return TestClient
			.lines(this.calls.post("/responses", TestClient.input("grok-4.3", "\"Hi\"", "\"stream\":true")));
	}

	static List<String> deltas(List<JsonNode> events, String type) {
		return events.stream()
			.filter((event) -> type.equals(event.get("type").stringValue()))
			.map((event) -> event.get("delta").stringValue())
			.toList();
	}

	static JsonNode last(List<JsonNode> events) {
		return events.get(events.size() - 1);
	}

}
