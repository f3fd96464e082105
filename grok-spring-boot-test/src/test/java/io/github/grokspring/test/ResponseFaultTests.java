package io.github.grokspring.test;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResponseFaultTests {

	private static final String TEXT_DELTA = "response.output_text.delta";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void failsAsOnChat() {
		xai.failsWith(429).retryAfter(2).rateLimited(3, 2);
		HttpResponse<String> response = this.calls.respond("grok-4.5", "");
		assertThat(response.statusCode()).isEqualTo(429);
		assertThat(response.headers().firstValue("retry-after")).hasValue("2");
		assertThat(response.body()).contains("resource-exhausted", "model grok-4.5", "(actual/limit): 3/2");
		xai.refusesForSafety();
		assertThat(this.calls.respond("grok-4.3", "\"stream\":true").statusCode()).isEqualTo(403);
		xai.answersWithError("unavailable", "Timed out waiting for first token");
		response = this.calls.respond("grok-4.3", "\"stream\":true");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
		xai.resetsConnection();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> this.calls.respond("grok-4.3", ""));
	}

	@Test
	void sendsErrorEventInMiddle() {
		xai.answers("one two three four").failsAfter(2, "unavailable", "Gone");
		List<JsonNode> events = this.calls.responseEvents("");
		assertThat(ResponseStreamTests.deltas(events, TEXT_DELTA)).containsExactly("one", " two");
		JsonNode error = ResponseStreamTests.last(events);
		assertThat(error.propertyNames()).containsExactly("sequence_number", "type", "code", "message", "param");
		assertThat(error.get("type").stringValue()).isEqualTo("error");
		assertThat(error.get("code").stringValue()).isEqualTo("unavailable");
		assertThat(error.get("message").stringValue()).isEqualTo("Gone");
		xai.answers("one").failsAfter(0, "unavailable", "Gone");
		assertThat(this.calls.respond("grok-4.3", "").body())
			.isEqualTo("{\"code\":\"unavailable\",\"error\":\"Gone\"}");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 3, 9 })
	void endsStreamInMiddle(int chunks) {
		xai.answers("one two three").endsAfter(chunks);
		List<JsonNode> events = this.calls.responseEvents("");
		assertThat(ResponseStreamTests.deltas(events, TEXT_DELTA)).hasSize(Math.min(3, chunks));
		assertThat(TestClient.types(events)).doesNotContain("response.output_text.done", "response.completed");
	}

	@Test
	void endsStreamBeforeFunctionCalls() {
		xai.answersWithToolCall("now", "{}").endsAfter(0);
		assertThat(TestClient.types(this.calls.responseEvents(""))).endsWith("response.output_item.done")
			.doesNotContain("response.function_call_arguments.delta", "response.completed");
	}

	@Test
	void leavesResponseInProgress() {
		xai.answers("one").withoutFinishReason().times(2);
		assertThat(TestClient.types(this.calls.responseEvents(""))).endsWith("response.output_item.done");
		assertThat(TestClient.json(this.calls.respond("grok-4.3", "")).get("status").stringValue())
			.isEqualTo("in_progress");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void breaksStreamInMiddle(boolean reset) throws Exception {
		Answer answer = xai.answersInChunks(10);
		if (reset) {
			answer.breaksAfter(3);
		}
		else {
			answer.closesAfter(3);
		}
		HttpResponse<Stream<String>> response = stream();
		List<String> lines = new ArrayList<>();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> response.body().forEach(lines::add));
		assertThat(lines.stream().filter((line) -> line.equals("event: " + TEXT_DELTA))).hasSize(3);
		assertThat(xai.abortedExchanges()).isZero();
	}

	@Test
	void breaksJsonInMiddle() {
		xai.answers("never complete").breaksAfter(0);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> this.calls.respond("grok-4.3", ""));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 3 })
	void stallsInMiddle(int chunks) throws Exception {
		xai.answersInChunks(3).stallsAfter(chunks, Duration.ofMillis(300));
		List<Long> arrivals = new ArrayList<>();
		stream().body()
			.filter((line) -> line.startsWith("event: response.output_text"))
			.forEach((line) -> arrivals.add(System.nanoTime()));
		assertThat(arrivals).hasSize(4);
		long before = (chunks == 0) ? arrivals.get(0) - Duration.ofSeconds(1).toNanos() : arrivals.get(chunks - 1);
		assertThat(Duration.ofNanos(arrivals.get(chunks) - before)).isGreaterThan(Duration.ofMillis(250));
	}

	@Test
	void detectsAbortedStream() throws Exception {
		xai.answersInChunks(10_000).pace(Duration.ofMillis(20));
		try (Stream<String> lines = stream().body()) {
			assertThat(lines.anyMatch((line) -> line.contains(TEXT_DELTA))).isTrue();
		}
		xai.awaitClientDisconnect(Duration.ofSeconds(10));
		assertThat(xai.abortedExchanges()).isOne();
	}

	private HttpResponse<Stream<String>> stream() throws Exception {
		return TestClient
			.lines(this.calls.post("/responses", TestClient.input("grok-4.3", "\"Hi\"", "\"stream\":true")));
	}

}
