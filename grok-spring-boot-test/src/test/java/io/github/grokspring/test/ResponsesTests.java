package io.github.grokspring.test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ResponsesTests {

	private static final String FUNCTIONS = """
			"tools":[{"type":"function","name":"weather","description":"The weather of a city",
			"parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]""";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void respondsInFormatOfXai() {
		xai.answers("Four").usage(199, 3).reasoningTokens(181).cachedTokens(128);
		HttpResponse<String> response = this.calls.respond("grok-4.3", "\"store\":false");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
		assertThat(response.headers().map()).containsKeys("x-request-id", "traceparent", "x-ratelimit-limit-requests",
				"x-metrics-ttft-ms", "x-metrics-e2e-ms", "x-data-retention");
		JsonNode json = TestClient.json(response);
		String id = json.get("id").stringValue();
		assertThat(id).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
		assertThat(json.get("object").stringValue()).isEqualTo("response");
		assertThat(json.get("status").stringValue()).isEqualTo("completed");
		assertThat(json.get("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(json.get("completed_at").longValue()).isGreaterThanOrEqualTo(json.get("created_at").longValue());
		JsonNode reasoning = json.at("/output/0");
		assertThat(reasoning.get("type").stringValue()).isEqualTo("reasoning");
		assertThat(reasoning.get("id").stringValue()).isEqualTo("rs_" + id);
		assertThat(reasoning.get("status").stringValue()).isEqualTo("completed");
		assertThat(reasoning.at("/summary/0/type").stringValue()).isEqualTo("summary_text");
		assertThat(reasoning.at("/summary/0/text").stringValue()).contains("What is new?");
		assertThat(reasoning.has("encrypted_content")).isFalse();
		JsonNode message = json.at("/output/1");
		assertThat(message.get("id").stringValue()).isEqualTo("msg_" + id);
		assertThat(message.get("role").stringValue()).isEqualTo("assistant");
		assertThat(message.at("/content/0")).isEqualTo(
				TestClient.json("{\"type\":\"output_text\",\"text\":\"Four\",\"logprobs\":[],\"annotations\":[]}"));
		assertThat(json.get("usage")).isEqualTo(TestClient.json("""
				{"input_tokens":199,"input_tokens_details":{"cached_tokens":128},"output_tokens":184,
				"output_tokens_details":{"reasoning_tokens":181},"total_tokens":383,"num_sources_used":0,
				"num_server_side_tools_used":0,"cost_in_usd_ticks":5743500,
				"context_details":{"input_tokens":199,"output_tokens":184}}"""));
	}

	@Test
	void repeatsDefaultsOfRequest() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", ""));
		JsonNode expected = TestClient.json("""
				{"max_output_tokens":null,"parallel_tool_calls":true,"previous_response_id":null,
				"reasoning":{"effort":"low","summary":"detailed"},"temperature":0.7,"text":{"format":{"type":"text"}},
				"tool_choice":"auto","tools":[],"top_p":0.95,"user":null,"incomplete_details":null,"store":true,
				"background":false,"service_tier":"default","truncation":"disabled","top_logprobs":0,
				"presence_penalty":0.0,"frequency_penalty":0.0,"prompt_cache_key":null,"max_tool_calls":null,
				"safety_identifier":null,"error":null,"instructions":null}""");
		expected.forEachEntry((name, value) -> assertThat(json.get(name)).as(name).isEqualTo(value));
		assertThat(json.at("/metadata/system_fingerprint").stringValue()).startsWith("fp_");
		assertThat(json.has("citations")).isFalse();
	}

	@Test
	void repeatsSettingsOfRequest() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.5", """
				"instructions":"Be brief","max_output_tokens":100,"max_tool_calls":7,"parallel_tool_calls":false,
				"reasoning":{"effort":"high"},"temperature":0.2,"top_p":0.5,"tool_choice":"none","store":false,
				"user":"u","safety_identifier":"s","prompt_cache_key":"k","service_tier":"priority","top_k":5,
				"text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}},"""
				+ FUNCTIONS));
		JsonNode expected = TestClient.json("""
				{"instructions":"Be brief","max_output_tokens":100,"max_tool_calls":7,"parallel_tool_calls":false,
				"reasoning":{"effort":"high","summary":"detailed"},"temperature":0.2,"top_p":0.5,"tool_choice":"none",
				"store":false,"user":"u","safety_identifier":"s","prompt_cache_key":"k","service_tier":"priority",
				"text":{"format":{"schema":{"type":"object"},"type":"json_schema"}},
				"tools":[{"type":"function","name":"weather","description":"The weather of a city",
				"parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":false}]}""");
		expected.forEachEntry((name, value) -> assertThat(json.get(name)).as(name).isEqualTo(value));
	}

	@Test
	void readsTopLevelEffortIfReasoningIsUnset() {
		assertThat(effort("\"reasoning_effort\":\"high\"")).isEqualTo("high");
		assertThat(effort("\"reasoning\":null,\"reasoning_effort\":\"high\"")).isEqualTo("high");
		assertThat(effort("\"reasoning\":{\"effort\":\"none\"},\"reasoning_effort\":\"high\"")).isEqualTo("none");
		assertThat(effort("\"reasoning\":{},\"reasoning_effort\":\"bogus\"")).isEqualTo("low");
	}

	@Test
	void returnsSameAnswerOnBothEndpoints() {
		xai.answers("Paris").reasoning("The capital").usage(20, 1).reasoningTokens(2).times(2);
		JsonNode chat = TestClient.json(this.calls.ask("grok-4.3", ""));
		JsonNode response = TestClient.json(this.calls.respond("grok-4.3", ""));
		assertThat(chat.at("/choices/0/message/content").stringValue()).isEqualTo("Paris");
		assertThat(text(response)).isEqualTo("Paris");
		assertThat(chat.at("/choices/0/message/reasoning_content").stringValue()).isEqualTo("The capital");
		assertThat(response.at("/output/0/summary/0/text").stringValue()).isEqualTo("The capital");
		assertThat(chat.at("/usage/completion_tokens").longValue()).isEqualTo(1);
		assertThat(response.at("/usage/output_tokens").longValue()).isEqualTo(3);
		assertThat(chat.at("/usage/cost_in_usd_ticks")).isEqualTo(response.at("/usage/cost_in_usd_ticks"));
	}

	@Test
	void usesReplyForItsPathOnly() {
		xai.answers("only here").on("/v1/responses");
		assertThat(this.calls.ask("grok-4.3", "").body()).doesNotContain("only here");
		assertThat(text(TestClient.json(this.calls.respond("grok-4.3", "")))).isEqualTo("only here");
		xai.answers("everywhere").byDefault();
		xai.answers("there").on("/v1/chat/completions").byDefault();
		assertThat(this.calls.ask("grok-4.3", "").body()).contains("there");
		assertThat(text(TestClient.json(this.calls.respond("grok-4.3", "")))).isEqualTo("everywhere");
	}

	@Test
	void callsFunctionsInParallel() {
		xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}").andToolCall("weather", "{\"city\":\"Rome\"}");
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", FUNCTIONS));
		JsonNode output = json.get("output");
		assertThat(TestClient.types(list(output))).containsExactly("reasoning", "function_call", "function_call");
		assertThat(output.get(1).get("id").stringValue()).isEqualTo("fc_" + json.get("id").stringValue() + "_0");
		assertThat(output.get(1).get("call_id").stringValue()).matches("call-[-0-9a-f]{36}-0");
		assertThat(output.get(2).get("call_id").stringValue()).endsWith("-1");
		assertThat(output.get(2).get("name").stringValue()).isEqualTo("weather");
		assertThat(output.get(2).get("arguments").stringValue()).isEqualTo("{\"city\":\"Rome\"}");
		assertThat(output.get(2).get("status").stringValue()).isEqualTo("completed");
		assertThat(json.get("status").stringValue()).isEqualTo("completed");
	}

	@Test
	void callsForcedFunction() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3",
				FUNCTIONS + ",\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"}"));
		assertThat(json.at("/output/1/name").stringValue()).isEqualTo("weather");
		assertThat(json.at("/output/1/arguments").stringValue()).isEqualTo("{\"city\":\"city\"}");
		assertThat(json.get("tool_choice")).isEqualTo(TestClient.json("{\"type\":\"function\",\"name\":\"weather\"}"));
	}

	@Test
	void satisfiesSchemaOfFormat() {
		String schema = "{\"type\":\"object\",\"properties\":{\"sunny\":{\"type\":\"boolean\"}}}";
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3",
				"\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}"));
		assertThat(TestClient.json(text(json)).get("sunny").isBoolean()).isTrue();
		json = TestClient.json(this.calls.respond("grok-4.3", "\"text\":{\"format\":{\"type\":\"json_object\"}}"));
		assertThat(TestClient.json(text(json)).isObject()).isTrue();
	}

	@Test
	void isIncompleteAtTokenLimit() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.5", "\"max_output_tokens\":3"));
		assertThat(json.get("status").stringValue()).isEqualTo("incomplete");
		assertThat(json.at("/incomplete_details/reason").stringValue()).isEqualTo("max_output_tokens");
		assertThat(json.get("completed_at").isNull()).isTrue();
		assertThat(json.get("max_output_tokens").intValue()).isEqualTo(3);
		long reasoning = json.at("/usage/output_tokens_details/reasoning_tokens").longValue();
		assertThat(reasoning).isPositive();
		assertThat(json.at("/usage/output_tokens").longValue()).isEqualTo(3 + reasoning);
	}

	@Test
	void isIncompleteOrFailedAsScripted() {
		xai.answers("Half").incomplete("max_time_limit").times(2);
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", ""));
		assertThat(json.get("status").stringValue()).isEqualTo("incomplete");
		assertThat(json.at("/incomplete_details/reason").stringValue()).isEqualTo("max_time_limit");
		assertThat(TestClient.json(this.calls.ask("grok-4.3", "")).at("/choices/0/finish_reason").stringValue())
			.isEqualTo("length");
		xai.answers("Half").failed("server_error", "Gone").times(2);
		json = TestClient.json(this.calls.respond("grok-4.3", ""));
		assertThat(json.get("status").stringValue()).isEqualTo("failed");
		assertThat(json.get("error")).isEqualTo(TestClient.json("{\"code\":\"server_error\",\"message\":\"Gone\"}"));
		assertThat(json.get("completed_at").isNull()).isTrue();
		assertThat(this.calls.ask("grok-4.3", "").body()).isEqualTo("{\"code\":\"server_error\",\"error\":\"Gone\"}");
	}

	@Test
	void doesNotReasonWithEffortNone() {
		JsonNode json = TestClient.json(this.calls.respond("grok-4.3", "\"reasoning\":{\"effort\":\"none\"}"));
		assertThat(TestClient.types(list(json.get("output")))).containsExactly("message");
		assertThat(json.at("/usage/output_tokens_details/reasoning_tokens").longValue()).isZero();
	}

	@Test
	void servesMultiAgentModel() {
		JsonNode json = TestClient
			.json(this.calls.respond("grok-4.20-multi-agent", "\"reasoning\":{\"effort\":\"xhigh\"}"));
		assertThat(json.get("model").stringValue()).isEqualTo("grok-4.20-multi-agent-0309");
		assertThat(json.at("/reasoning/effort").stringValue()).isEqualTo("xhigh");
	}

	@Test
	void redirectsRetiredModelsAndBillsServingModel() {
		xai.answers("Hello").usage(1000, 10);
		JsonNode json = TestClient.json(this.calls.respond("grok-4-fast-reasoning", ""));
		assertThat(json.get("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(json.at("/usage/cost_in_usd_ticks").longValue()).isEqualTo(1000 * 12_500 + 10 * 25_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"Hello\"", "[{\"role\":\"user\",\"content\":\"Hello\"}]",
			"[{\"type\":\"message\",\"role\":\"developer\",\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}]",
			"[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"file_1\"}]}]",
			"[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"a.txt\",\"file_data\":\"aGk=\"}]}]",
			"[{\"role\":\"user\",\"content\":\"x\"},{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\",\"action\":{\"type\":\"open_page\",\"url\":\"https://example.com\"}}]",
			"[{\"role\":\"user\",\"content\":\"x\"},{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"t\"}]}]",
			"[{\"role\":\"user\",\"content\":\"x\"},{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"},{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"\"}]" })
	void acceptsItemsOfAllKinds(String input) {
		HttpResponse<String> response = this.calls.responses(TestClient.input("grok-4.3", input, ""));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	@Test
	void countsImages() {
		String image = "[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"https://example.com/a.png\"}]}]";
		JsonNode json = TestClient.json(this.calls.responses(TestClient.input("grok-4.3", image, "")));
		assertThat(json.at("/usage/input_tokens").longValue()).isEqualTo(256 + 4);
	}

	@Test
	void reportsFunctionOutput() {
		try (XaiServer server = XaiServer.builder().conversational().pace(Duration.ZERO).start()) {
			TestClient talk = new TestClient(server);
			String question = "{\"role\":\"user\",\"content\":\"What is the weather in Oslo?\"}";
			JsonNode call = TestClient
				.json(talk.responses(TestClient.input("grok-4.3", "[" + question + "]", FUNCTIONS)))
				.at("/output/1");
			assertThat(call.get("arguments").stringValue()).isEqualTo("{\"city\":\"Oslo\"}");
			String output = "{\"type\":\"function_call_output\",\"call_id\":\"" + call.get("call_id").stringValue()
					+ "\",\"output\":\"Rain\"}";
			JsonNode json = TestClient.json(talk
				.responses(TestClient.input("grok-4.3", "[" + question + "," + call + "," + output + "]", FUNCTIONS)));
			assertThat(text(json)).contains("The tool weather says: Rain.");
		}
	}

	private String effort(String further) {
		return TestClient.json(this.calls.respond("grok-4.3", further)).at("/reasoning/effort").stringValue();
	}

	static String text(JsonNode response) {
		for (JsonNode item : response.get("output")) {
			if ("message".equals(item.get("type").stringValue())) {
				return item.at("/content/0/text").stringValue();
			}
		}
		return "";
	}

	static List<JsonNode> list(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false).toList();
	}

}
