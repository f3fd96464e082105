package io.github.grokspring.test;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class EncryptedReasoningTests {

	private static final String INCLUDE = "\"include\":[\"reasoning.encrypted_content\"],\"store\":false";

	private static final String WEB = ",\"tools\":[{\"type\":\"web_search\"}]";

	private static final String QUESTION = "{\"role\":\"user\",\"content\":\"And now?\"}";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void isReturnedOnlyIfIncluded() {
		assertThat(reasoning("grok-4.3", INCLUDE).get("encrypted_content").stringValue()).matches("[A-Za-z0-9+/]{256}");
		assertThat(reasoning("grok-4.3", "").has("encrypted_content")).isFalse();
		assertThat(reasoning("grok-4.7", "").has("encrypted_content")).isTrue();
	}

	@Test
	void isStreamedAtEndOfItem() {
		List<JsonNode> events = this.calls.responseEvents(INCLUDE);
		assertThat(events.get(2).get("item").has("encrypted_content")).isFalse();
		JsonNode done = events.stream()
			.filter((event) -> "response.output_item.done".equals(event.get("type").stringValue()))
			.findFirst()
			.orElseThrow();
		assertThat(done.at("/item/encrypted_content").stringValue()).isNotEmpty();
	}

	@Test
	void isAcceptedUnchangedWithAllItemsOfTurn() {
		JsonNode output = TestClient
			.json(this.calls.responses(TestClient.input("grok-4.3", "\"Any news?\"", INCLUDE + WEB)))
			.get("output");
		assertThat(TestClient.types(ResponsesTests.list(output))).contains("reasoning", "web_search_call", "message");
		List<JsonNode> input = new ArrayList<>(ResponsesTests.list(output));
		input.add(TestClient.json(QUESTION));
		HttpResponse<String> response = this.calls.responses(TestClient.input("grok-4.3", input.toString(), INCLUDE));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	@Test
	void isBoundToModelFamily() {
		JsonNode item = reasoning("grok-4.20", INCLUDE);
		assertThat(replay("grok-4.20-multi-agent", item).statusCode()).isEqualTo(200);
		assertUndecryptable(replay("grok-4.3", item));
		assertThat(replay("grok-4.3-latest", reasoning("grok-4.3", INCLUDE)).statusCode()).isEqualTo(200);
		assertUndecryptable(replay("grok-4.7", reasoning("grok-4.6", INCLUDE)));
	}

	@Test
	void isBoundToApiKey() {
		try (XaiServer other = XaiServer.builder()
			.apiKey("xai-another-key-0123456789")
			.additionalApiKeys(xai.apiKey())
			.start()) {
			JsonNode item = reasoning("grok-4.3", INCLUDE);
			String body = TestClient.input("grok-4.3", "[" + item + "," + QUESTION + "]", "");
			assertUndecryptable(new TestClient(other).responses(body));
			HttpResponse<String> sameKey = TestClient.send(new TestClient(other).post("/responses", body)
				.setHeader("authorization", "Bearer " + xai.apiKey()));
			assertThat(sameKey.statusCode()).as(sameKey.body()).isEqualTo(200);
		}
	}

	@Test
	void compactionIsBoundToModelAndApiKey() {
		ObjectNode item = reasoning("grok-4.3", INCLUDE).asObject();
		item.put("type", "compaction");
		assertThat(replay("grok-4.3", item).statusCode()).isEqualTo(200);
		HttpResponse<String> response = replay("grok-4.7", item);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(TestClient.json(response).get("error").stringValue())
			.startsWith("Could not decode the compaction blob");
	}

	@Test
	void isBoundToItsBytes() {
		ObjectNode item = reasoning("grok-4.3", INCLUDE).asObject();
		String content = item.get("encrypted_content").stringValue();
		for (int place : new int[] { 0, content.length() / 2, content.length() - 1 }) {
			char other = (content.charAt(place) == 'A') ? 'B' : 'A';
			String altered = content.substring(0, place) + other + content.substring(place + 1);
			assertUndecryptable(replay("grok-4.3", item.put("encrypted_content", altered)));
		}
		for (String altered : List.of("", "nonsense!", content.substring(4), content + "AAAA")) {
			assertUndecryptable(replay("grok-4.3", item.put("encrypted_content", altered)));
		}
	}

	@Test
	void bindsToolOutputToItsId() {
		JsonNode output = TestClient
			.json(this.calls.responses(TestClient.input("grok-4.3", "\"Any news?\"", INCLUDE + WEB)))
			.get("output");
		ObjectNode item = ResponsesTests.list(output)
			.stream()
			.filter((candidate) -> candidate.get("id").stringValue().startsWith("tco_"))
			.findFirst()
			.orElseThrow()
			.asObject();
		assertThat(replay("grok-4.3", item).statusCode()).isEqualTo(200);
		String content = item.get("encrypted_content").stringValue();
		assertUndecryptable(replay("grok-4.3", item.put("encrypted_content", content.replaceFirst("tco", "tcx"))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "summary missing", "summary null", "content null" })
	void rejectsMalformedItems(String fault) {
		ObjectNode item = reasoning("grok-4.3", INCLUDE).asObject();
		switch (fault) {
			case "summary missing" -> item.remove("summary");
			case "summary null" -> item.putNull("summary");
			default -> item.putNull("content");
		}
		HttpResponse<String> response = replay("grok-4.3", item);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(TestClient.json(response).get("code").stringValue()).isEqualTo("invalid-argument");
		assertThat(TestClient.json(response).get("error").stringValue())
			.startsWith("Could not decode the compaction blob");
	}

	@Test
	void needsNoIdAndNoSummaryTextOnReplay() {
		ObjectNode item = reasoning("grok-4.3", INCLUDE).asObject();
		item.remove(List.of("id", "status"));
		item.putArray("summary");
		assertThat(replay("grok-4.3", item).statusCode()).isEqualTo(200);
	}

	private JsonNode reasoning(String model, String further) {
		JsonNode item = TestClient.json(this.calls.respond(model, further)).at("/output/0");
		assertThat(item.get("type").stringValue()).isEqualTo("reasoning");
		return item;
	}

	private HttpResponse<String> replay(String model, JsonNode item) {
		return this.calls.responses(TestClient.input(model, "[" + item + "," + QUESTION + "]", ""));
	}

	private static void assertUndecryptable(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(TestClient.json(response).get("code").stringValue()).isEqualTo("invalid-argument");
		assertThat(TestClient.json(response).get("error").stringValue())
			.startsWith("Could not decrypt the provided encrypted_content. ");
	}

}
