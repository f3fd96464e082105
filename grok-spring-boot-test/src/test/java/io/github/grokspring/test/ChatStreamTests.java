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

class ChatStreamTests {

	private static final String STREAM = "\"stream\":true";

	private static final String WITH_USAGE = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void streamsRoleTextFinishUsageAndEnd() {
		xai.answers("Hello to \"you\"").usage(10, 5).reasoningTokens(7);
		HttpResponse<String> response = this.calls.ask("grok-4.3", WITH_USAGE);
		assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
		assertThat(response.headers().map()).containsKeys("x-request-id", "x-ratelimit-limit-tokens");
		List<String> events = TestClient.events(response);
		assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
		List<JsonNode> chunks = chunks(events);
		assertThat(chunks.get(0).at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
		assertThat(text(chunks)).isEqualTo("Hello to \"you\"");
		JsonNode finish = chunks.get(chunks.size() - 2);
		assertThat(finish.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
		assertThat(finish.at("/choices/0/delta").isEmpty()).isTrue();
		JsonNode last = chunks.get(chunks.size() - 1);
		assertThat(last.get("choices").isEmpty()).isTrue();
		assertThat(last.at("/usage/total_tokens").longValue()).isEqualTo(22);
		assertThat(last.at("/usage/cost_in_usd_ticks").longValue()).isEqualTo(10 * 12_500 + 12 * 25_000);
		assertThat(chunks).allSatisfy((chunk) -> {
			assertThat(chunk.get("id")).isEqualTo(last.get("id"));
			assertThat(chunk.get("object").stringValue()).isEqualTo("chat.completion.chunk");
			assertThat(chunk.get("model").stringValue()).isEqualTo("grok-4.3");
			assertThat(chunk.get("system_fingerprint").stringValue()).startsWith("fp_");
			assertThat(chunk.get("service_tier").stringValue()).isEqualTo("default");
		});
	}

	@Test
	void sendsUsageOnlyOnRequest() {
		assertThat(chunks(this.calls.events(TestClient.question("grok-4.3", STREAM))))
			.noneMatch((chunk) -> chunk.has("usage") || chunk.get("choices").isEmpty());
	}

	@Test
	void sendsEmptyDeltasWhileReasoning() {
		xai.answers("Done").thinkingFor(Duration.ofMillis(300));
		long before = System.nanoTime();
		List<JsonNode> chunks = chunks(this.calls.events(TestClient.question("grok-4.3", STREAM)));
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
		assertThat(chunks.get(0).at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
		assertThat(chunks.get(1).at("/choices/0/delta").isEmpty()).isTrue();
		assertThat(chunks.get(1).at("/choices/0").has("finish_reason")).isFalse();
		assertThat(text(chunks)).isEqualTo("Done");
	}

	@Test
	void streamsReasoningBeforeText() {
		xai.answers("Paris").reasoning("The capital");
		List<JsonNode> chunks = chunks(this.calls.events(TestClient.question("grok-4.3", STREAM)));
		assertThat(chunks.get(0).at("/choices/0/delta/reasoning_content").stringValue()).isEqualTo("The");
		assertThat(chunks.get(0).at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
		assertThat(chunks.get(1).at("/choices/0/delta/reasoning_content").stringValue()).isEqualTo(" capital");
		assertThat(chunks.get(2).at("/choices/0/delta/content").stringValue()).isEqualTo("Paris");
	}

	@Test
	void sendsToolCallInOneChunk() {
		xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}").andToolCall("time", "{}");
		List<JsonNode> chunks = chunks(this.calls.events(TestClient.question("grok-4.3", STREAM)));
		List<JsonNode> withCalls = chunks.stream()
			.filter((chunk) -> chunk.at("/choices/0/delta").has("tool_calls"))
			.toList();
		assertThat(withCalls).hasSize(1);
		JsonNode toolCalls = withCalls.get(0).at("/choices/0/delta/tool_calls");
		assertThat(toolCalls.get(0).at("/function/arguments").stringValue()).isEqualTo("{\"city\":\"Oslo\"}");
		assertThat(toolCalls.get(1).get("index").intValue()).isEqualTo(1);
		assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
	}

	@Test
	void appliesPace() throws Exception {
		xai.answersInChunks(20).pace(Duration.ofMillis(20));
		List<Long> arrivals = new ArrayList<>();
		HttpResponse<Stream<String>> response = TestClient
			.lines(this.calls.post("/chat/completions", TestClient.question("grok-4.3", STREAM)));
		response.body()
			.filter((line) -> line.contains("\"content\""))
			.forEach((line) -> arrivals.add(System.nanoTime()));
		assertThat(arrivals).hasSize(20);
		assertThat(Duration.ofNanos(arrivals.get(19) - arrivals.get(0))).isGreaterThan(Duration.ofMillis(250));
	}

	@Test
	void streamsThousandsOfChunksWithoutPause() {
		xai.answersInChunks(5000);
		assertThat(chunks(this.calls.events(TestClient.question("grok-4.3", STREAM)))).hasSize(5002);
	}

	@Test
	void splitsRawStreams() {
		String events = "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße 🙂\"}}]}\n\ndata: [DONE]\n\n";
		xai.streamsRaw(events).inPiecesOf(1);
		HttpResponse<String> response = this.calls.ask("grok-4.3", STREAM);
		assertThat(response.body()).isEqualTo(events);
		assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
	}

	static List<JsonNode> chunks(List<String> events) {
		return events.stream().filter((event) -> !event.equals("[DONE]")).map(TestClient::json).toList();
	}

	static String text(List<JsonNode> chunks) {
		StringBuilder text = new StringBuilder();
		chunks.forEach((chunk) -> text.append(chunk.at("/choices/0/delta/content").stringValue("")));
		return text.toString();
	}

}
