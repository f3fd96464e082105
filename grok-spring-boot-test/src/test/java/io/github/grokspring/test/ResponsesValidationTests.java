package io.github.grokspring.test;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ResponsesValidationTests {

	private static final String NO_VARIANT = "Failed to deserialize the JSON body into the target type: data did not match any variant of untagged enum ModelInput";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void whenTheKeyIsWrongAnswers400() {
		HttpResponse<String> response = TestClient
			.send(this.calls.post("/responses", TestClient.input("grok-4.3", "\"Hi\"", ""))
				.setHeader("authorization", "Bearer xai-wrong"));
		assertRefused(response, 400, "Incorrect API key provided");
	}

	@Test
	void whenTheModelIsUnknownAnswers400() {
		HttpResponse<String> response = this.calls.respond("grok-99", "");
		assertRefused(response, 400, "Model not found: grok-99");
		assertThat(this.calls.respond("grok-beta", "").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "null", "{}", "[7]", "[{\"type\":\"telepathy\"}]", "[{\"content\":\"x\"}]",
			"[{\"role\":\"robot\",\"content\":\"x\"}]", "[{\"role\":\"user\"}]", "[{\"role\":\"user\",\"content\":5}]",
			"[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]",
			"[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":{\"url\":\"https://example.com\"}}]}]",
			"[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_data\":\"aGk=\"}]}]",
			"[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"a\",\"file_url\":\"https://example.com\"}]}]",
			"[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"}]",
			"[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":{}}]",
			"[{\"type\":\"function_call_output\",\"output\":\"x\"}]",
			"[{\"type\":\"function_call_output\",\"call_id\":\"c\"}]", "[{\"type\":\"web_search_call\"}]",
			"[{\"type\":\"reasoning\",\"summary\":[{}]}]", "[{\"type\":\"compaction\"}]" })
	void whenAnItemFitsNothingAnswers422WithoutACode(String input) {
		HttpResponse<String> response = this.calls.responses(TestClient.input("grok-4.3", input, ""));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
		assertThat(TestClient.json(response)).isEqualTo(TestClient.json("{\"error\":\"" + NO_VARIANT + "\"}"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					"stream":"yes"                        | stream: invalid type: string "yes", expected a boolean
					"store":1                             | store: invalid type: integer `1`, expected a boolean
					"temperature":"hot"                   | temperature: invalid type: string "hot", expected f32
					"max_output_tokens":-1                | max_output_tokens: invalid value: integer `-1`, expected u32
					"max_turns":"many"                    | max_turns: invalid type: string "many", expected u32
					"include":"all"                       | include: invalid type: string "all", expected a sequence
					"include":[7]                         | include[0]: invalid type: integer `7`, expected a string
					"instructions":[]                     | instructions: invalid type: sequence, expected a string
					"reasoning":"high"                    | reasoning: invalid type: string "high", expected a map
					"reasoning":{"effort":3}              | reasoning.effort: invalid type: integer `3`, expected a string
					"text":{"format":{"type":"xml"}}      | text.format: unknown variant `xml`
					"text":{"format":{"type":"json_schema"}} | missing field `schema`
					"tools":{}                            | tools: invalid type: map, expected a sequence
					"tools":[7]                           | tools[0]: invalid type: integer `7`, expected a map
					"tools":[{}]                          | tools[0]: missing field `type`
					"tools":[{"type":"telepathy"}]        | tools[0]: unknown variant `telepathy`, expected one of `code_interpreter`
					"tools":[{"type":"function"}]         | tools[0]: missing field `name`
					"tools":[{"type":"function","function":{"name":"f"}}] | tools[0]: missing field `name`
					"tools":[{"type":"mcp","server_label":"a"}] | tools[0]: missing field `server_url`
					"tool_choice":{"type":"function"}     | data did not match any variant of untagged enum ModelToolChoice
					"tool_choice":5                       | data did not match any variant of untagged enum ModelToolChoice
					"service_tier":"gold"                 | service_tier: unknown variant `gold`
					"model":"grok-4.3"                    | duplicate field `model`
					""")
	void whenAShapeIsWrongAnswers422(String parameter, String text) {
		HttpResponse<String> response = this.calls.respond("grok-4.3", parameter);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
		JsonNode json = TestClient.json(response);
		assertThat(json.propertyNames()).containsExactly("error");
		assertThat(json.get("error").stringValue())
			.startsWith("Failed to deserialize the JSON body into the target type: ")
			.contains(text);
	}

	@Test
	void whenAFieldIsMissingAnswers422() {
		assertThat(this.calls.responses("{\"model\":\"grok-4.3\"}").body()).contains("missing field `input`");
		assertThat(this.calls.responses("{\"input\":\"x\"}").body()).contains("missing field `model`");
		assertThat(this.calls.responses(TestClient.question("grok-4.3", "")).body()).contains("missing field `input`");
	}

	@Test
	void whenLiveSearchIsAskedForAnswers410() {
		HttpResponse<String> response = this.calls.respond("grok-4.3", "\"search_parameters\":{\"mode\":\"auto\"}");
		assertThat(response.statusCode()).isEqualTo(410);
		assertThat(response.body()).contains("Live search is deprecated.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					grok-4.7              | "presence_penalty":0            | Model grok-4.7 does not support parameter presencePenalty.
					grok-4.3              | "frequency_penalty":0.5         | Model grok-4.3 does not support parameter frequencyPenalty.
					grok-4.3              | "stop":["x"]                    | Model grok-4.3 does not support parameter stop.
					grok-4.20             | "reasoning":{"effort":"low"}    | Model grok-4.20 does not support parameter reasoningEffort.
					grok-4.7              | "reasoning":{"effort":"none"}   | This model does not support `reasoning_effort` value `none`.
					grok-4.5              | "reasoning":{"effort":"bogus"}  | Invalid reasoning effort.
					grok-4.20-multi-agent | "max_output_tokens":100         | Model grok-4.20-multi-agent does not support parameter maxOutputTokens.
					grok-4.20-multi-agent | "tools":[{"type":"function","name":"f"}] | does not support client-side function tools
					grok-4.3              | "temperature":2.5               | temperature
					grok-4.3              | "top_p":1.1                     | top_p
					grok-4.3              | "max_output_tokens":0           | max_output_tokens
					grok-4.3              | "tool_choice":"always"          | Invalid tool_choice: always.
					grok-4.3              | "tool_choice":"required"        | the request offers no tools
					grok-4.3              | "tool_choice":{"type":"web_search","name":"x"} | Invalid tool_choice
					grok-4.3              | "tool_choice":{"type":"function","name":"g"} | offers no tool named g
					""")
	void whenTheModelRefusesAnswers400(String model, String parameter, String text) {
		assertRefused(this.calls.respond(model, parameter), 400, text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			"type":"web_search","search_context_size":"low"         | search_context_size
			"type":"web_search","user_location":{"type":"approximate"} | user_location
			"type":"web_search","external_web_access":true          | external_web_access
			"type":"web_search","allowed_domains":["a","b","c","d","e","f"] | A maximum of 5 allowed_domains
			"type":"web_search","excluded_domains":["a","b","c","d","e","f"] | A maximum of 5 excluded_domains
			"type":"web_search","allowed_domains":["a"],"excluded_domains":["b"] | Cannot set both
			"type":"web_search","filters":{"allowed_domains":["a"],"excluded_domains":["b"]} | Cannot set both
			"type":"x_search","allowed_x_handles":["a"],"excluded_x_handles":["b"] | Cannot set both
			"type":"x_search","from_date":"01.02.2026"              | Invalid from_date
			"type":"x_search","to_date":"2026-02-30"                | Invalid to_date
			"type":"code_interpreter","container":{"type":"auto"}   | container
			"type":"file_search","vector_store_ids":["1","2","3","4","5","6","7","8","9","10","11"] | A maximum of 10
			"type":"file_search","vector_store_ids":["1"],"filters":{} | filters
			"type":"file_search","vector_store_ids":["1"],"ranking_options":{} | ranking_options
			"type":"mcp","server_label":"a","server_url":"b","require_approval":"never" | require_approval
			""")
	void whenAToolAsksForWhatItCannotDoAnswers400(String tool, String text) {
		assertRefused(this.calls.respond("grok-4.3", "\"tools\":[{" + tool + "}]"), 400, text);
	}

	@Test
	void whenThereAreTooManyHandlesAnswers400() {
		String handles = "\"a\"" + ",\"a\"".repeat(20);
		assertRefused(
				this.calls.respond("grok-4.3",
						"\"tools\":[{\"type\":\"x_search\",\"excluded_x_handles\":[" + handles + "]}]"),
				400, "A maximum of 20 excluded_x_handles");
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"\"type\":\"web_search\",\"allowed_domains\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"enable_image_search\":true,\"user_location\":null",
			"\"type\":\"x_search\",\"from_date\":\"2026-02-28\",\"to_date\":\"2026-03-01\",\"enable_video_understanding\":true",
			"\"type\":\"code_interpreter\"", "\"type\":\"image_generation\",\"action\":\"auto\"",
			"\"type\":\"file_search\",\"vector_store_ids\":[\"1\"],\"max_num_results\":3",
			"\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"b\",\"headers\":{\"x\":\"y\"}",
			"\"type\":\"tool_search\"" })
	void acceptsToolsWithinTheirLimits(String tool) {
		HttpResponse<String> response = this.calls.respond("grok-4.3", "\"tools\":[{" + tool + "}]");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	@Test
	void whenThereAreMoreThan350ToolsAnswers400() {
		String tools = "{\"type\":\"function\",\"name\":\"f\"},".repeat(350) + "{\"type\":\"web_search\"}";
		assertRefused(this.calls.respond("grok-4.3", "\"tools\":[" + tools + "]"), 400, "A maximum of 350 tools");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\"", "[]", "[{\"role\":\"user\",\"content\":\"\"}]",
			"[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"\"}]}]",
			"[{\"role\":\"user\",\"content\":[]}]" })
	void whenAMessageIsEmptyAnswers400(String input) {
		assertRefused(this.calls.responses(TestClient.input("grok-4.3", input, "")), 400, "Invalid request content: ");
	}

	@Test
	void whenThePromptIsTooLongAnswers400() {
		String prompt = "word ".repeat(500_000 * 4 / 5 + 1);
		assertRefused(this.calls.responses(TestClient.input("grok-4.5", "\"" + prompt + "\"", "")), 400,
				"This model's maximum prompt length is 500000 but the request contains 5000");
	}

	@Test
	void rejectedRequestConsumesNoReply() {
		xai.answers("kept");
		assertThat(this.calls.respond("grok-99", "").statusCode()).isEqualTo(400);
		assertThat(xai.waitingReplies()).isOne();
		assertThat(this.calls.respond("grok-4.3", "").body()).contains("kept");
	}

	@Test
	void ignoresWhatXaiIgnores() {
		HttpResponse<String> response = this.calls.respond("grok-4.3", """
				"metadata":{"a":"b"},"truncation":"auto","background":true,"logprobs":true,"top_logprobs":8,
				"verbosity":"low","context_management":[],"min_p":0.1,"max_output_tokens":100000000,
				"include":["message.output_text.logprobs"],"stop":null,"presence_penalty":null""");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(TestClient.json(response).get("truncation").stringValue()).isEqualTo("disabled");
		assertThat(TestClient.json(response).get("background").booleanValue()).isFalse();
	}

	private static void assertRefused(HttpResponse<String> response, int status, String text) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		JsonNode json = TestClient.json(response);
		assertThat(json.propertyNames()).containsExactly("code", "error");
		assertThat(json.get("code").stringValue()).isEqualTo("invalid-argument");
		assertThat(json.get("error").stringValue()).contains(text);
	}

}
