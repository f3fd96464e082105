package io.github.grokspring.test;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ServerToolTests {

	private static final String WEB = "\"tools\":[{\"type\":\"web_search\"}]";

	private static final String ENCRYPTED = ",\"include\":[\"reasoning.encrypted_content\"]";

	private static final String ALL = """
			"tools":[{"type":"web_search"},{"type":"x_search"},{"type":"code_interpreter"},
			{"type":"file_search","vector_store_ids":["c1"]},
			{"type":"mcp","server_label":"wiki","server_url":"https://example.com/mcp","authorization":"secret"},
			{"type":"image_generation"}]""";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void searchesWebAndCites() {
		xai.answers("Ruby 4 is out.")
			.searchingTheWeb("latest Ruby", "https://ruby.example.com/news", "https://example.com")
			.openingPage("https://example.com/opened")
			.findingInPage("https://example.com/opened", "Ruby 4")
			.citing("https://ruby.example.com/news");
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", WEB + ENCRYPTED));
		String id = json.get("id").stringValue();
		List<JsonNode> output = ResponsesTests.list(json.get("output"));
		assertThat(TestClient.types(output)).containsExactly("reasoning", "web_search_call", "web_search_call",
				"web_search_call", "reasoning", "reasoning", "reasoning", "reasoning", "message");
		assertThat(output.get(0).get("id")).isEqualTo(output.get(7).get("id"));
		assertThat(output.get(7).get("summary").isEmpty()).isTrue();
		assertThat(output.get(1).get("id").stringValue()).matches("ws_" + id + "_call-[-0-9a-f]{36}-0");
		assertThat(output.get(1).get("action")).isEqualTo(TestClient.json("""
				{"type":"search","query":"latest Ruby","sources":[{"type":"url","url":"https://ruby.example.com/news"},
				{"type":"url","url":"https://example.com"}]}"""));
		assertThat(output.get(2).get("action"))
			.isEqualTo(TestClient.json("{\"type\":\"open_page\",\"url\":\"https://example.com/opened\"}"));
		assertThat(output.get(3).at("/action/pattern").stringValue()).isEqualTo("Ruby 4");
		String tco = output.get(4).get("id").stringValue();
		assertThat(tco).isEqualTo(output.get(1).get("id").stringValue().replace("ws_", "tco_"));
		assertThat(output.get(4).get("encrypted_content").stringValue()).startsWith(tco + "_");
		JsonNode text = output.get(8).at("/content/0");
		assertThat(text.get("text").stringValue()).isEqualTo("Ruby 4 is out.[[1]](https://ruby.example.com/news)");
		assertThat(text.get("annotations")).isEqualTo(TestClient
			.json("""
					[{"type":"url_citation","url":"https://ruby.example.com/news","start_index":14,"end_index":50,"title":"1"}]"""));
		assertThat(json.get("citations"))
			.isEqualTo(TestClient.json("[\"https://ruby.example.com/news\",\"https://example.com/opened\"]"));
		assertThat(json.get("tools"))
			.isEqualTo(TestClient.json("[{\"type\":\"web_search\",\"search_context_size\":\"medium\"}]"));
	}

	@Test
	void findsCitationMarkersInText() {
		xai.answers("A [[1]](https://a.example.com) and B [[2]](https://b.example.com), again")
			.citing("https://a.example.com", "https://c.example.com");
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", ""));
		String text = ResponsesTests.text(json);
		assertThat(text).endsWith("again[[1]](https://a.example.com)[[3]](https://c.example.com)");
		JsonNode annotations = json.at("/output/1/content/0/annotations");
		assertThat(annotations.size()).isEqualTo(4);
		for (JsonNode annotation : annotations) {
			assertThat(text.substring(annotation.get("start_index").intValue(), annotation.get("end_index").intValue()))
				.isEqualTo("[[" + annotation.get("title").stringValue() + "]](" + annotation.get("url").stringValue()
						+ ")");
		}
		assertThat(json.get("citations").size()).isEqualTo(3);
	}

	@Test
	void citesOnChatAndInJson() {
		xai.answers("It is.").searchingTheWeb("is it").citing("https://a.example.com").times(3);
		JsonNode chat = TestClient.json(this.calls.ask("grok-4.3", ""));
		assertThat(chat.at("/choices/0/message/content").stringValue()).isEqualTo("It is.[[1]](https://a.example.com)");
		assertThat(chat.get("citations")).isEqualTo(TestClient.json("[\"https://a.example.com\"]"));
		List<String> chunks = this.calls.events(TestClient.question("grok-4.3", "\"stream\":true"));
		assertThat(chunks.stream().filter((chunk) -> chunk.contains("\"citations\""))).hasSize(1);
		JsonNode json = TestClient
			.json(this.calls.respond("grok-4.3", WEB + ",\"text\":{\"format\":{\"type\":\"json_object\"}}"));
		assertThat(ResponsesTests.text(json)).isEqualTo("It is.");
		assertThat(json.at("/output/3/content/0/annotations")).isEqualTo(TestClient.json("""
				[{"type":"url_citation","url":"https://a.example.com","start_index":0,"end_index":0,
				"title":"https://a.example.com"}]"""));
	}

	@Test
	void usesAllKindsOfTools() {
		xai.answers("Done.")
			.searchingX("news", "https://x.com/xai/status/1", "https://x.com/xai/status/2")
			.runningCode("print(1)")
			.searchingFiles("terms", "Thirty days.")
			.callingMcp("wiki", "page", "{\"name\":\"Oslo\"}", "A city.")
			.callingMcp("wiki", "page", "{\"name\":\"Rome\"}", "Another.")
			.makingAnImage("A cat")
			.usage(1000, 10);
		JsonNode json = TestClient
			.json(this.calls.respond("grok-4.3", ALL + ",\"include\":[\"file_search_call.results\"]"));
		List<JsonNode> output = ResponsesTests.list(json.get("output"));
		assertThat(TestClient.types(output)).containsExactly("custom_tool_call", "code_interpreter_call",
				"file_search_call", "mcp_list_tools", "mcp_call", "mcp_call", "image_generation_call", "reasoning",
				"reasoning", "message");
		assertThat(output.get(0).get("name").stringValue()).isEqualTo("x_keyword_search");
		assertThat(output.get(0).get("input").stringValue()).isEqualTo("{\"query\":\"news\"}");
		assertThat(output.get(0).get("call_id").stringValue()).startsWith("xs_call-");
		assertThat(output.get(1).get("name").stringValue()).isEqualTo("code_execution");
		assertThat(output.get(1).get("arguments").stringValue()).isEqualTo("{\"code\":\"print(1)\"}");
		assertThat(output.get(2).at("/queries/0").stringValue()).isEqualTo("terms");
		assertThat(output.get(2).at("/results/0/text").stringValue()).isEqualTo("Thirty days.");
		assertThat(output.get(3).at("/tools/0/name").stringValue()).isEqualTo("page");
		assertThat(output.get(4).get("server_label").stringValue()).isEqualTo("wiki");
		assertThat(output.get(4).get("output").stringValue()).isEqualTo("A city.");
		assertThat(output.get(6).get("result").stringValue()).isNotEmpty();
		JsonNode usage = json.get("usage");
		assertThat(usage.get("num_server_side_tools_used").intValue()).isEqualTo(6);
		assertThat(usage.get("server_side_tool_usage_details")).isEqualTo(TestClient.json("""
				{"web_search_calls":0,"x_search_calls":1,"x_posts_fetched":2,"x_users_fetched":0,
				"code_interpreter_calls":1,"file_search_calls":1,"mcp_calls":2,"document_search_calls":0,
				"image_generation_calls":1}"""));
		assertThat(usage.get("cost_in_usd_ticks").longValue())
			.isEqualTo(1000 * 12_500 + 10 * 25_000 + 2 * 50_000_000 + 50_000_000 + 25_000_000 + 400_000_000);
		assertThat(json.get("tools").toString()).doesNotContain("secret");
	}

	@Test
	void omitsResultsUnlessIncluded() {
		xai.answers("Done.").searchingFiles("terms", "Thirty days.");
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", ALL));
		assertThat(json.at("/output/1/results").isEmpty()).isTrue();
	}

	@Test
	void billsPriorityForTokensOnly() {
		xai.answers("Done.").searchingTheWeb("x").usage(100, 10);
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", WEB + ",\"service_tier\":\"priority\""));
		assertThat(json.at("/usage/cost_in_usd_ticks").longValue())
			.isEqualTo(2 * (100 * 12_500 + 10 * 25_000) + 50_000_000);
	}

	@Test
	void reportsContextTokensBesideTotal() {
		JsonNode usage = ask("Any news?", WEB).get("usage");
		assertThat(usage.at("/context_details/input_tokens").longValue()).isPositive()
			.isLessThan(usage.get("input_tokens").longValue());
		xai.answers("Done.").usage(5913, 101).reasoningTokens(263).contextTokens(4860, 269);
		usage = TestClient.json(this.calls.respond("grok-4.3", WEB)).get("usage");
		assertThat(usage.get("input_tokens").longValue()).isEqualTo(5913);
		assertThat(usage.get("context_details"))
			.isEqualTo(TestClient.json("{\"input_tokens\":4860,\"output_tokens\":269}"));
	}

	@Test
	void rejectsToolsThatAreNotOffered() {
		xai.answers("Done.").searchingX("news");
		var response = this.calls.respond("grok-4.3", WEB);
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.body()).contains("x_search, which the request does not offer");
	}

	@Test
	void streamsProgressOfTools() {
		xai.answers("Done.")
			.searchingTheWeb("a", "https://a.example.com")
			.searchingX("b")
			.runningCode("c")
			.searchingFiles("d")
			.callingMcp("wiki", "page", "{}", "e")
			.makingAnImage("f")
			.citing("https://a.example.com")
			.usage(1, 1);
		List<JsonNode> events = this.calls.responseEvents(ALL);
		List<String> progress = TestClient.types(events)
			.stream()
			.map((type) -> type.replace("response.", ""))
			.filter((type) -> !type.startsWith("output_item"))
			.toList();
		assertThat(progress).containsExactly("created", "in_progress", "web_search_call.in_progress",
				"web_search_call.searching", "web_search_call.completed", "custom_tool_call_input.delta",
				"custom_tool_call_input.done", "code_interpreter_call.in_progress", "code_interpreter_call_code.delta",
				"code_interpreter_call_code.done", "code_interpreter_call.interpreting",
				"code_interpreter_call.completed", "file_search_call.in_progress", "file_search_call.searching",
				"file_search_call.completed", "mcp_list_tools.in_progress", "mcp_list_tools.completed",
				"mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done", "mcp_call.completed",
				"image_generation_call.in_progress", "image_generation_call.generating",
				"image_generation_call.completed", "content_part.added", "output_text.delta", "output_text.delta",
				"output_text.annotation.added", "output_text.done", "content_part.done", "completed");
		assertThat(events.get(2).at("/item/action"))
			.isEqualTo(TestClient.json("{\"type\":\"search\",\"query\":\"\",\"sources\":[]}"));
		assertThat(events.get(4).get("item_id")).isEqualTo(events.get(2).at("/item/id"));
		JsonNode annotation = events.stream().filter((event) -> event.has("annotation")).findFirst().orElseThrow();
		assertThat(annotation.at("/annotation/url").stringValue()).isEqualTo("https://a.example.com");
		assertThat(annotation.get("annotation_index").intValue()).isZero();
		JsonNode output = ResponseStreamTests.last(events).at("/response/output");
		List<JsonNode> done = events.stream()
			.filter((event) -> "response.output_item.done".equals(event.get("type").stringValue()))
			.map((event) -> event.get("item"))
			.toList();
		assertThat(ResponsesTests.list(output)).isEqualTo(done);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Any news about Oslo?              | web_search_call
			What do people say on X?          | custom_tool_call
			Calculate the sum of 1 and 2      | code_interpreter_call
			What does our handbook say?       | file_search_call
			Ask the wiki about Rome           | mcp_list_tools
			Draw a cat                        | image_generation_call
			Tell me a joke                    | message
			""")
	void usesToolRequestedByQuestion(String question, String type) {
		JsonNode json = TestClient.json(this.calls.responses(
				TestClient.input("grok-4.3", "\"" + question + "\"", "\"reasoning\":{\"effort\":\"none\"}," + ALL)));
		assertThat(json.at("/output/0/type").stringValue()).isEqualTo(type);
	}

	@Test
	void defaultResponseRespectsRequest() {
		String tools = "\"tools\":[{\"type\":\"web_search\",\"allowed_domains\":[\"ruby.example.com\"]},{\"type\":\"x_search\",\"allowed_x_handles\":[\"xai\"]}]";
		JsonNode json = ask("Latest Ruby news and posts?", tools);
		assertThat(json.get("citations").toString()).contains("https://ruby.example.com/", "https://x.com/xai/status/");
		assertThat(ResponsesTests.text(json)).contains("[[1]](https://ruby.example.com/", "[[2]](https://x.com/xai/");
		assertThat(TestClient.types(ResponsesTests.list(ask("Any news?", WEB).get("output"))))
			.contains("web_search_call");
		for (String limit : List.of(",\"tool_choice\":\"none\"", ",\"max_turns\":0")) {
			assertThat(ask("Any news?", WEB + limit).get("usage").has("server_side_tool_usage_details")).isFalse();
		}
		JsonNode usage = ask("Any news?", WEB + ",\"max_turns\":1").get("usage");
		assertThat(usage.at("/server_side_tool_usage_details/web_search_calls").intValue()).isOne();
		usage = ask("A joke", WEB + ",\"tool_choice\":\"required\"").get("usage");
		assertThat(usage.at("/server_side_tool_usage_details/web_search_calls").intValue()).isEqualTo(2);
		assertThat(ResponsesTests.text(ask("Any news?", WEB + ",\"max_output_tokens\":2"))).doesNotContain("[[1]]");
	}

	private JsonNode ask(String question, String further) {
		return TestClient.json(this.calls.responses(TestClient.input("grok-4.3", "\"" + question + "\"", further)));
	}

}
