package io.github.grokspring.sample;

import java.util.Map;

import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@OfflineSample
class ChatEndpointTests {

	private final RestTestClient client;

	private final XaiServer xai;

	ChatEndpointTests(@Autowired XaiServer xai, @LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		this.xai = xai;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@Test
	void answersWithModelConversationAndUsage() {
		this.xai.answers("Hello, Ada.").usage(10, 5);
		JsonNode reply = chat(Map.of("message", "I am Ada."));
		assertThat(reply.path("answer").stringValue()).isEqualTo("Hello, Ada.");
		assertThat(reply.path("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(reply.path("conversationId").stringValue()).isNotBlank();
		assertThat(reply.path("usage").path("input").intValue()).isEqualTo(10);
		assertThat(reply.path("usage").path("output").intValue()).isEqualTo(5);
		assertThat(reply.path("usage").path("total").intValue()).isEqualTo(15);
	}

	@Test
	void answersWithoutAnyScript() {
		JsonNode reply = chat(Map.of("message", "Why is the sky blue?"));
		assertThat(reply.path("answer").stringValue()).isNotBlank();
	}

	@Test
	void remembersTheConversation() {
		this.xai.answers("Hello, Ada.");
		String conversation = chat(Map.of("message", "I am Ada.")).path("conversationId").stringValue();
		this.xai.answers("You are Ada.");
		JsonNode reply = chat(Map.of("message", "Who am I?", "conversationId", conversation));
		assertThat(reply.path("conversationId").stringValue()).isEqualTo(conversation);
		assertThat(this.xai.lastRequest().parameter("messages").toString()).containsSubsequence("I am Ada.",
				"Hello, Ada.", "Who am I?");
	}

	@Test
	void keepsConversationsApart() {
		this.xai.answers("Hello, Ada.");
		chat(Map.of("message", "I am Ada."));
		this.xai.answers("I do not know.");
		chat(Map.of("message", "Who am I?"));
		assertThat(this.xai.lastRequest().body()).doesNotContain("Ada");
	}

	@Test
	void tellsXaiWhichConversationARequestBelongsTo() {
		chat(Map.of("message", "Hello.", "conversationId", "conversation-7"));
		assertThat(this.xai.lastRequest().header("x-grok-conv-id")).matches("[0-9a-f]{32}");
	}

	@Test
	void looksAtTheWeatherWhenTheModelAsks() {
		this.xai.answersWithToolCall("currentWeather", "{\"city\":\"Lisbon\"}");
		this.xai.answers("It is sunny in Lisbon.");
		JsonNode reply = chat(Map.of("message", "How is the weather in Lisbon?"));
		assertThat(reply.path("answer").stringValue()).isEqualTo("It is sunny in Lisbon.");
		RecordedRequest second = this.xai.lastRequest();
		JsonNode messages = second.parameter("messages");
		JsonNode result = messages.get(messages.size() - 1);
		assertThat(result.path("role").stringValue()).isEqualTo("tool");
		assertThat(result.path("content").toString()).contains("21", "sunny");
	}

	@Test
	void usesTheWeatherToolWithoutAnyScript() {
		chat(Map.of("message", "What is the weather in Tokyo?"));
		assertThat(this.xai.lastRequest().parameter("messages").toString()).contains("\"tool\"", "rain");
	}

	@Test
	void keepsBracesOfTheMessageAsTheyAre() {
		chat(Map.of("message", "What does {city} mean in a template?"));
		assertThat(this.xai.lastRequest().body()).contains("{city}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"message\":null}", "{\"message\":\"\"}", "{\"message\":\"  \"}" })
	void refusesAnEmptyMessage(String body) {
		this.client.post()
			.uri("/api/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("'message' must not be empty");
		assertThat(this.xai.requestCount()).isZero();
	}

	@Test
	void refusesWhatIsNoJson() {
		this.client.post()
			.uri("/api/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"message\":")
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON);
	}

	private JsonNode chat(Map<String, String> request) {
		JsonNode reply = this.client.post()
			.uri("/api/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.body(request)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(JsonNode.class)
			.returnResult()
			.getResponseBody();
		assertThat(reply).isNotNull();
		return reply;
	}

}
