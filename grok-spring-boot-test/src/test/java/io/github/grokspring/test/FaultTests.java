package io.github.grokspring.test;

import java.io.IOException;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FaultTests {

	private static final String STREAM = "\"stream\":true";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void rateLimitHasRetryAfterAndMessage() {
		xai.failsWith(429).retryAfter(2).rateLimited(3, 2);
		HttpResponse<String> response = this.calls.ask("grok-4.5", "");
		assertThat(response.statusCode()).isEqualTo(429);
		assertThat(response.headers().firstValue("retry-after")).hasValue("2");
		assertThat(response.headers().map()).doesNotContainKey("x-ratelimit-limit-requests");
		assertThat(TestClient.json(response).get("code").stringValue()).isEqualTo("resource-exhausted");
		assertThat(TestClient.json(response).get("error").stringValue()).isEqualTo(
				"Too many requests for team 00000000-0000-0000-0000-000000000000 and model grok-4.5. Your team's rate limit is - Requests per Second (actual/limit): 3/2.");
		xai.failsWith(429).tokensLimited(65605, 16000);
		assertThat(this.calls.ask("grok-4.3", "").body()).contains("Too many tokens",
				"Tokens per Minute (actual/limit): 65605/16000");
		xai.failsWith(429);
		response = this.calls.ask("grok-4.3", "");
		assertThat(response.headers().map()).doesNotContainKey("retry-after");
		assertThat(response.body()).contains("Too many requests").doesNotContain("actual/limit");
	}

	@Test
	void failsWithoutCreditsAndForSafety() {
		xai.hasNoCredits();
		HttpResponse<String> response = this.calls.ask("grok-4.3", "");
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).contains("permission-denied", "used all available credits");
		xai.refusesForSafety();
		response = this.calls.ask("grok-4.3", STREAM);
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).contains("SAFETY_CHECK_TYPE_");
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404, 500, 502, 503, 504, 529 })
	void failsWithFlatBody(int status) {
		xai.failsWith(status);
		HttpResponse<String> response = this.calls.ask("grok-4.3", "");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(TestClient.json(response).propertyNames()).containsExactly("code", "error");
	}

	@Test
	void failsWithPageForCloudflareStatuses() {
		xai.failsWith(520).retryAfter(60);
		HttpResponse<String> response = this.calls.ask("grok-4.3", "");
		assertThat(response.statusCode()).isEqualTo(520);
		assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
		assertThat(response.body()).contains("<html>");
	}

	@Test
	void failingTextFunctionIsError() {
		for (Throwable thrown : List.of(new IOException("no text"), new AssertionError("no text"))) {
			xai.answers((question) -> {
				throw sneaky(thrown);
			});
			HttpResponse<String> response = this.calls.ask("grok-4.3", "");
			assertThat(response.statusCode()).isEqualTo(500);
			assertThat(response.body()).contains("no text");
		}
	}

	@Test
	void sendsErrorWithStatus200() {
		xai.answersWithError("The service is currently unavailable", "Timed out waiting for first token").times(2);
		for (String further : List.of("", STREAM)) {
			HttpResponse<String> response = this.calls.ask("grok-4.3", further);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
			assertThat(TestClient.json(response).get("error").isString()).isTrue();
		}
	}

	@Test
	void sendsErrorInMiddleOfStream() {
		xai.answers("one two three four").failsAfter(2, "unavailable", "Gone");
		List<String> events = this.calls.events(TestClient.question("grok-4.3", STREAM));
		assertThat(events).hasSize(4);
		assertThat(TestClient.json(events.get(3)).get("error").stringValue()).isEqualTo("Gone");
		xai.answers("one").failsAfter(0, "unavailable", "Gone");
		assertThat(this.calls.ask("grok-4.3", "").body()).isEqualTo("{\"code\":\"unavailable\",\"error\":\"Gone\"}");
	}

	@Test
	void resetsConnectionBeforeHeaders() {
		xai.resetsConnection();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> this.calls.ask("grok-4.3", ""));
		assertThat(xai.abortedExchanges()).isZero();
		assertThat(this.calls.ask("grok-4.3", "").statusCode()).isEqualTo(200);
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
		HttpResponse<Stream<String>> response = TestClient
			.lines(this.calls.post("/chat/completions", TestClient.question("grok-4.3", STREAM)));
		List<String> lines = new ArrayList<>();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> response.body().forEach(lines::add));
		assertThat(lines.stream().filter((line) -> line.contains("\"content\""))).hasSize(3);
		assertThat(xai.abortedExchanges()).isZero();
	}

	@Test
	void breaksJsonInMiddle() {
		xai.answers("never complete").breaksAfter(0);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> this.calls.ask("grok-4.3", ""))
			.withCauseInstanceOf(IOException.class);
	}

	@Test
	void endsStreamWithoutFinishReason() {
		xai.answers("one two three").endsAfter(2);
		List<String> events = this.calls.events(TestClient.question("grok-4.3", STREAM));
		assertThat(events).hasSize(3).noneMatch((event) -> event.contains("finish_reason"));
		xai.answers("one").withoutFinishReason();
		events = this.calls.events(TestClient.question("grok-4.3", STREAM));
		assertThat(events).hasSize(3).endsWith("[DONE]").noneMatch((event) -> event.contains("finish_reason"));
	}

	@Test
	void staysSilentBeforeHeaders() throws Exception {
		xai.answers("late").silentFor(Duration.ofMillis(300));
		long before = System.nanoTime();
		TestClient.lines(this.calls.post("/chat/completions", TestClient.question("grok-4.3", STREAM))).body().close();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", STREAM })
	void staysSilentAfterHeaders(String further) throws Exception {
		xai.answers("late").silentAfterHeaders(Duration.ofMillis(500));
		HttpResponse<Stream<String>> response = TestClient
			.lines(this.calls.post("/chat/completions", TestClient.question("grok-4.3", further)));
		long before = System.nanoTime();
		assertThat(String.join("", response.body().toList())).contains("late");
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(300));
	}

	@Test
	void stallsInMiddle() {
		xai.answersInChunks(3).stallsAfter(1, Duration.ofMillis(300));
		long before = System.nanoTime();
		assertThat(this.calls.events(TestClient.question("grok-4.3", STREAM))).hasSize(6);
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
		throw (T) thrown;
	}

}
