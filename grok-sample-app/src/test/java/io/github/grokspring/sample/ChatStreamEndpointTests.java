package io.github.grokspring.sample;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.grokspring.sample.EventStream.Event;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@OfflineSample
@Timeout(60)
class ChatStreamEndpointTests {

	private final String uri;

	private final XaiServer xai;

	ChatStreamEndpointTests(@Autowired XaiServer xai, @LocalServerPort int port) {
		this.uri = "http://localhost:" + port + "/api/chat/stream";
		this.xai = xai;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@Test
	void piecesArriveWhileTheModelIsStillWriting() throws Exception {
		this.xai.answers("").inChunks("One", " two", "\n\nthree", " four").stallsAfter(2, Duration.ofSeconds(2));
		try (EventStream stream = open("Count.", null)) {
			assertThat(stream.contentType()).startsWith("text/event-stream");
			StringBuilder begin = new StringBuilder();
			while (begin.length() < "One two".length()) {
				begin.append(text(stream.next()));
			}
			assertThat(begin).hasToString("One two");
			assertThat(this.xai.openStreams()).as("streams that the model is still writing").isOne();
			assertThat(answer(stream.rest())).isEqualTo("\n\nthree four");
		}
	}

	@Test
	void aLongAnswerArrivesInManyPieces() throws Exception {
		this.xai.answersInChunks(50).pace(Duration.ofMillis(20));
		try (EventStream stream = open("Count.", null)) {
			List<Event> events = stream.rest();
			assertThat(events).filteredOn((event) -> event.is("token")).hasSizeGreaterThan(10);
			assertThat(answer(events)).startsWith("1 2 3").endsWith("49 50");
		}
	}

	@Test
	void endsWithModelConversationAndUsage() throws Exception {
		this.xai.answers("Hello, Ada.").usage(10, 5);
		try (EventStream stream = open("I am Ada.", "conversation-8")) {
			List<Event> events = stream.rest();
			Event done = events.get(events.size() - 1);
			assertThat(done.name()).isEqualTo("done");
			assertThat(done.data().path("model").stringValue()).isEqualTo("grok-4.3");
			assertThat(done.data().path("conversationId").stringValue()).isEqualTo("conversation-8");
			assertThat(done.data().path("usage").path("input").intValue()).isEqualTo(10);
			assertThat(done.data().path("usage").path("output").intValue()).isEqualTo(5);
		}
	}

	@Test
	void remembersTheConversation() throws Exception {
		this.xai.answers("Hello, Ada.");
		try (EventStream stream = open("I am Ada.", "conversation-9")) {
			stream.rest();
		}
		this.xai.answers("You are Ada.");
		try (EventStream stream = open("Who am I?", "conversation-9")) {
			stream.rest();
		}
		assertThat(this.xai.lastRequest().parameter("messages").toString()).containsSubsequence("I am Ada.",
				"Hello, Ada.", "Who am I?");
	}

	@Test
	void looksAtTheWeatherWhenTheModelAsks() throws Exception {
		this.xai.answersWithToolCall("currentWeather", "{\"city\":\"Nairobi\"}");
		this.xai.answers("Light clouds over Nairobi.");
		try (EventStream stream = open("How is the weather in Nairobi?", null)) {
			assertThat(answer(stream.rest())).isEqualTo("Light clouds over Nairobi.");
		}
		assertThat(this.xai.lastRequest().body()).contains("light clouds");
	}

	@Test
	void aCallerWhoGoesAwayStopsTheModel() throws Exception {
		this.xai.answersInChunks(10).stallsAfter(3, Duration.ofMinutes(5));
		try (EventStream stream = open("Count.", null)) {
			assertThat(text(stream.next())).startsWith("1");
			assertThat(this.xai.openStreams()).isOne();
		}
		awaitOpenStreams(0);
	}

	@Test
	void aCallerWhoGoesAwayWhileTheModelThinksStopsIt() throws Exception {
		this.xai.answers("Late.").thinkingFor(Duration.ofMinutes(5));
		EventStream stream = open("Think.", null);
		assertThat(stream.status()).isEqualTo(200);
		awaitOpenStreams(1);
		stream.close();
		awaitOpenStreams(0);
	}

	@Test
	void aFailureIsAnEventWithAClearMessage() throws Exception {
		this.xai.hasNoCredits().byDefault();
		try (EventStream stream = open("Hello.", null)) {
			List<Event> events = stream.rest();
			assertThat(events).extracting(Event::name).containsExactly("error");
			Event error = events.get(0);
			assertThat(error.data().path("kind").stringValue()).isEqualTo("INSUFFICIENT_CREDITS");
			assertThat(error.data().path("title").stringValue())
				.isEqualTo("The xAI account of this application has no credits left");
			assertThat(error.data().path("detail").stringValue()).isNotBlank();
		}
	}

	@Test
	void anAnswerThatBreaksOffIsAnEventAfterItsPieces() throws Exception {
		this.xai.answersInChunks(10).endsAfter(2);
		try (EventStream stream = open("Count.", null)) {
			List<Event> events = stream.rest();
			Event last = events.get(events.size() - 1);
			assertThat(last.name()).isEqualTo("error");
			assertThat(last.data().path("kind").stringValue()).isEqualTo("STREAM_BROKEN");
			assertThat(answer(events)).isEqualTo("1 2");
		}
	}

	@Test
	void refusesAnEmptyMessage() throws Exception {
		try (EventStream stream = open(" ", null)) {
			assertThat(stream.status()).isEqualTo(400);
		}
		assertThat(this.xai.requestCount()).isZero();
	}

	private void awaitOpenStreams(int streams) {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.xai.openStreams() == streams);
	}

	private EventStream open(String message, String conversation) throws IOException, InterruptedException {
		String query = "?message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);
		return EventStream.open(this.uri + query + ((conversation != null) ? "&conversationId=" + conversation : ""));
	}

	private static String answer(List<Event> events) {
		return events.stream()
			.filter((event) -> event.is("token"))
			.map(ChatStreamEndpointTests::text)
			.collect(Collectors.joining());
	}

	private static String text(Event event) {
		assertThat(event).isNotNull();
		assertThat(event.name()).isEqualTo("token");
		return event.data().path("text").stringValue();
	}

}
