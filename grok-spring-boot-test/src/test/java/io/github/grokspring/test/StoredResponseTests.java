package io.github.grokspring.test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class StoredResponseTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension
		.start(XaiServer.builder().conversational().pace(Duration.ZERO));

	private final TestClient calls = new TestClient(xai);

	@Test
	void returnsAndDeletesStoredResponses() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", ""));
		String path = "/responses/" + json.get("id").stringValue();
		JsonNode shown = TestClient.json(this.calls.get(path));
		assertThat(shown.get("output")).isEqualTo(json.get("output"));
		assertThat(shown.get("usage")).isEqualTo(json.get("usage"));
		HttpResponse<String> deleted = TestClient.send(this.calls.request(path).DELETE());
		assertThat(TestClient.json(deleted)).isEqualTo(TestClient
			.json("{\"id\":\"" + json.get("id").stringValue() + "\",\"object\":\"response\",\"deleted\":true}"));
		assertUnknown(this.calls.get(path));
		assertUnknown(TestClient.send(this.calls.request(path).DELETE()));
		assertUnknown(this.calls.get(path + "/input_items"));
	}

	@Test
	void storesStreamedResponses() {
		List<JsonNode> events = this.calls.responseEvents("");
		JsonNode completed = ResponseStreamTests.last(events).get("response");
		assertThat(TestClient.json(this.calls.get("/responses/" + completed.get("id").stringValue())).get("output"))
			.isEqualTo(completed.get("output"));
	}

	@Test
	void doesNotStoreIfDisabled() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", "\"store\":false"));
		assertUnknown(this.calls.get("/responses/" + json.get("id").stringValue()));
		xai.answers("one two").endsAfter(1);
		String id = this.calls.responseEvents("").get(0).at("/response/id").stringValue();
		assertUnknown(this.calls.get("/responses/" + id));
		json = TestClient.json(this.calls.respond("grok-4.3", ""));
		xai.reset();
		assertUnknown(this.calls.get("/responses/" + json.get("id").stringValue()));
	}

	@Test
	void continuesFromPreviousResponse() {
		String first = id(this.calls.responses(TestClient.input("grok-4.3", "\"My name is Ada\"", "")));
		HttpResponse<String> second = goOn(first, "I like chess");
		JsonNode json = TestClient.json(goOn(TestClient.json(second).get("id").stringValue(), "What is my name?"));
		assertThat(ResponsesTests.text(json)).contains("Ada");
		assertThat(json.get("previous_response_id").stringValue())
			.isEqualTo(TestClient.json(second).get("id").stringValue());
		assertThat(json.at("/usage/input_tokens").longValue())
			.isGreaterThan(TestClient.json(second).at("/usage/input_tokens").longValue());
	}

	@Test
	void continuesAfterFunctionCall() {
		String tools = "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"description\":\"The weather of a city\"}]";
		JsonNode json = TestClient
			.json(this.calls.responses(TestClient.input("grok-4.3", "\"What is the weather in Oslo?\"", tools)));
		String output = "[{\"type\":\"function_call_output\",\"call_id\":\""
				+ json.at("/output/1/call_id").stringValue() + "\",\"output\":\"Rain\"}]";
		JsonNode next = TestClient.json(this.calls.responses(TestClient.input("grok-4.3", output,
				tools + ",\"previous_response_id\":\"" + json.get("id").stringValue() + "\"")));
		assertThat(ResponsesTests.text(next)).contains("The tool weather says: Rain.");
	}

	@Test
	void rejectsUnknownPreviousResponse() {
		assertUnknown(goOn("00000000-0000-4000-8000-000000000000", "Hi"));
		HttpResponse<String> response = this.calls.responses(
				TestClient.input("grok-4.3", "\"Hi\"", "\"instructions\":\"Be brief\",\"previous_response_id\":\""
						+ id(this.calls.respond("grok-4.3", "")) + "\""));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).isEqualTo(
				"{\"code\":\"400\",\"error\":\"Argument not supported: instructions and previous_response_id together\"}");
	}

	@Test
	void listsInput() {
		String input = "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\",\"id\":\"msg_b\"},{\"role\":\"user\",\"content\":\"c\"}]";
		String path = "/responses/" + id(this.calls.responses(TestClient.input("grok-4.3", input, "")))
				+ "/input_items";
		JsonNode list = TestClient.json(this.calls.get(path + "?order=asc"));
		assertThat(list.get("object").stringValue()).isEqualTo("list");
		assertThat(contents(list)).containsExactly("a", "b", "c");
		assertThat(list.at("/data/1/id").stringValue()).isEqualTo("msg_b");
		assertThat(list.at("/data/0/id").stringValue()).startsWith("msg_")
			.isEqualTo(list.get("first_id").stringValue());
		assertThat(list.get("has_more").booleanValue()).isFalse();
		assertThat(contents(TestClient.json(this.calls.get(path)))).containsExactly("c", "b", "a");
		list = TestClient.json(this.calls.get(path + "?order=asc&limit=1&after=msg_b"));
		assertThat(contents(list)).containsExactly("c");
		list = TestClient.json(this.calls.get(path + "?order=asc&limit=2"));
		assertThat(list.get("has_more").booleanValue()).isTrue();
		assertThat(list.get("last_id").stringValue()).isEqualTo("msg_b");
		for (String wrong : List.of("?limit=0", "?limit=101", "?limit=x", "?order=up")) {
			assertThat(this.calls.get(path + wrong).statusCode()).as(wrong).isEqualTo(400);
		}
		list = TestClient.json(this.calls.get("/responses/" + id(this.calls.respond("grok-4.3", "")) + "/input_items"));
		assertThat(list.at("/data/0/content/0/text").stringValue()).isEqualTo("What is new?");
	}

	@Test
	void supportsPathsAndMethods() {
		String id = id(this.calls.respond("grok-4.3", ""));
		for (String path : List.of("/responses/", "/responses/" + id + "/output", "/responses/a/b/input_items")) {
			assertThat(this.calls.get(path).statusCode()).as(path).isEqualTo(404);
		}
		assertThat(this.calls.get("/responses").statusCode()).isEqualTo(405);
		assertThat(TestClient.send(this.calls.post("/responses/" + id, "{}")).statusCode()).isEqualTo(405);
		assertThat(TestClient.send(this.calls.request("/responses/" + id + "/input_items").DELETE()).statusCode())
			.isEqualTo(405);
		xai.failsWith(500).on("/v1/responses/" + id);
		assertThat(this.calls.get("/responses/" + id).statusCode()).isEqualTo(500);
	}

	private HttpResponse<String> goOn(String previous, String text) {
		return this.calls.responses(
				TestClient.input("grok-4.3", "\"" + text + "\"", "\"previous_response_id\":\"" + previous + "\""));
	}

	private static String id(HttpResponse<String> response) {
		return TestClient.json(response).get("id").stringValue();
	}

	private static List<String> contents(JsonNode list) {
		return ResponsesTests.list(list.get("data")).stream().map((item) -> item.get("content").stringValue()).toList();
	}

	private static void assertUnknown(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
		assertThat(TestClient.json(response).get("code").stringValue()).isEqualTo("not-found");
	}

}
