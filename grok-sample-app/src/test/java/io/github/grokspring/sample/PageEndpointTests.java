package io.github.grokspring.sample;

import java.util.List;
import java.util.Map;

import io.github.grokspring.sample.EventStream.Event;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoints that the page uses.
 */
@OfflineSample
class PageEndpointTests {

	private final RestTestClient client;

	private final String url;

	private final XaiServer xai;

	private final MockResponses rehearsal;

	PageEndpointTests(@Autowired XaiServer xai, @Autowired MockResponses rehearsal, @LocalServerPort int port) {
		this.url = "http://localhost:" + port;
		this.client = RestTestClient.bindToServer().baseUrl(this.url).build();
		this.xai = xai;
		this.rehearsal = rehearsal;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@AfterEach
	void repair() {
		this.rehearsal.script(Fault.NONE);
	}

	@Test
	void addsUpAllRoundsOfAnAnswerWithTools() throws Exception {
		this.xai.answersWithToolCall("currentWeather", "{\"city\":\"Tokyo\"}").usage(100, 10);
		this.xai.answers("Rain.").usage(150, 5).reasoningTokens(7).cachedTokens(64);
		List<Event> events = stream(Map.of("message", "Weather in Tokyo?"));
		assertThat(events).filteredOn((event) -> event.is("tool"))
			.extracting((event) -> event.data().path("status").stringValue())
			.containsExactly("running", "completed");
		JsonNode details = events.get(events.size() - 1).data().path("details");
		assertThat(details.path("rounds").intValue()).isEqualTo(2);
		assertThat(details.path("attempts").intValue()).isEqualTo(2);
		assertThat(details.path("tokens").path("input").longValue()).isEqualTo(100 + 150 - 64);
		assertThat(details.path("tokens").path("cached").longValue()).isEqualTo(64);
		assertThat(details.path("tokens").path("output").longValue()).isEqualTo(15);
		assertThat(details.path("tokens").path("reasoning").longValue()).isEqualTo(7);
		assertThat(details.path("cost").path("source").stringValue()).isEqualTo("reported");
		assertThat(Double.parseDouble(details.path("cost").path("usd").stringValue())).isPositive();
		assertThat(details.path("requestId").stringValue()).isNotBlank();
		assertThat(details.path("durationMillis").longValue())
			.isGreaterThanOrEqualTo(details.path("timeToFirstTokenMillis").longValue());
	}

	@Test
	void theReasoningComesApartFromTheText() throws Exception {
		this.xai.answers("Four.").reasoning("Two and two.");
		List<Event> events = stream(Map.of("message", "2 + 2?"));
		assertThat(text(events, "reasoning")).isEqualTo("Two and two.");
		assertThat(text(events, "token")).isEqualTo("Four.");
	}

	@Test
	void theWebIsSearchedOnRequestOnly() throws Exception {
		this.xai.answers("News.").searchingTheWeb("news", "https://example.com/a").citing("https://example.com/a");
		List<Event> events = stream(Map.of("message", "News?", "search", true));
		this.xai.lastRequest().offersTool("web_search");
		JsonNode done = events.get(events.size() - 1).data();
		assertThat(done.path("citations").get(0).path("url").stringValue()).isEqualTo("https://example.com/a");
		assertThat(done.path("details").path("tokens").path("serverTools").propertyNames()).isNotEmpty();
		stream(Map.of("message", "News?"));
		assertThat(this.xai.lastRequest().body()).doesNotContain("web_search");
	}

	@Test
	void everyClientAnswersAndRemembersTheSameConversation() throws Exception {
		stream(Map.of("message", "I am Ada.", "conversationId", "conversation-20", "client", "analyst"));
		stream(Map.of("message", "Who am I?", "conversationId", "conversation-20", "client", "creative"));
		assertThat(this.xai.lastRequest().parameter("model").stringValue()).isEqualTo("grok-4.20-0309-non-reasoning");
		assertThat(this.xai.lastRequest().body()).contains("I am Ada.");
	}

	@Test
	void refusesAClientThatIsNotThere() {
		this.client.post()
			.uri("/api/chat/stream")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("message", "Hello.", "client", "nobody"))
			.exchange()
			.expectStatus()
			.isNotFound();
	}

	@Test
	void aConversationCanBeReadAndForgotten() throws Exception {
		this.xai.answers("Hello, Ada.");
		stream(Map.of("message", "I am Ada.", "conversationId", "conversation-21"));
		assertThat(conversation("conversation-21")).hasToString(
				"[{\"role\":\"user\",\"text\":\"I am Ada.\"},{\"role\":\"assistant\",\"text\":\"Hello, Ada.\"}]");
		this.client.delete().uri("/api/conversations/conversation-21").exchange().expectStatus().isNoContent();
		assertThat(conversation("conversation-21")).isEmpty();
	}

	@Test
	void theStateHoldsBudgetLimitsBreakersAndHealth() throws Exception {
		stream(Map.of("message", "Hello."));
		JsonNode status = get("/api/status");
		assertThat(status.path("health").stringValue()).isNotBlank();
		JsonNode budget = status.path("budgets").get(0);
		assertThat(budget.path("name").stringValue()).isEqualTo("daily");
		assertThat(Double.parseDouble(budget.path("limit").stringValue())).isEqualTo(5);
		assertThat(status.path("limits").path("active").intValue()).isZero();
		assertThat(status.path("breakers").valueStream()).extracting((breaker) -> breaker.path("model").stringValue())
			.contains("grok-4.3");
	}

	@Test
	void aFaultIsInForceUntilAnother() {
		put("no-credits").expectStatus().isOk();
		assertThat(get("/api/fault").path("fault").stringValue()).isEqualTo("no-credits");
		this.client.post()
			.uri("/api/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("message", "Hello."))
			.exchange()
			.expectStatus()
			.isEqualTo(500)
			.expectBody()
			.jsonPath("$.kind")
			.isEqualTo("INSUFFICIENT_CREDITS");
		put("none").expectStatus().isOk();
		this.client.post()
			.uri("/api/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("message", "Hello."))
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void refusesAFaultThatItDoesNotKnow() {
		put("flood").expectStatus()
			.isBadRequest()
			.expectBody(String.class)
			.value((body) -> assertThat(body).contains("none", "rate-limit", "broken-stream"));
	}

	private RestTestClient.ResponseSpec put(String fault) {
		return this.client.put()
			.uri("/api/fault")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("fault", fault))
			.exchange();
	}

	private JsonNode conversation(String id) {
		return get("/api/conversations/" + id);
	}

	private JsonNode get(String path) {
		return this.client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(JsonNode.class)
			.returnResult()
			.getResponseBody();
	}

	private List<Event> stream(Map<String, ?> request) throws Exception {
		try (EventStream stream = EventStream.post(this.url + "/api/chat/stream", request)) {
			List<Event> events = stream.rest();
			assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
			return events;
		}
	}

	private static String text(List<Event> events, String name) {
		StringBuilder text = new StringBuilder();
		events.stream()
			.filter((event) -> event.is(name))
			.forEach((event) -> text.append(event.data().path("text").stringValue()));
		return text.toString();
	}

}
