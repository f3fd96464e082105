package io.github.grokspring.test;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ChatValidationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void whenKeyIsMissingAnswers401() {
		HttpResponse<String> response = send(request("/models"));
		assertRefused(response, 401, "unauthenticated:no-credentials", "No credentials");
		assertRefused(send(request("/models").header("authorization", "Basic abc")), 401,
				"unauthenticated:no-credentials", "No credentials");
	}

	@Test
	void whenKeyIsWrongAnswers400WithAMaskedFragment() {
		HttpResponse<String> response = send(request("/models").header("authorization", "Bearer xai-wrong-key-jU"));
		assertRefused(response, 400, "invalid-argument",
				"Incorrect API key provided: xa***jU. You can obtain an API key from https://console.x.ai.");
		assertThat(response.headers().map().keySet()).noneMatch((name) -> name.startsWith("x-"));
		assertRefused(send(request("/models").header("authorization", "Bearer x")), 400, "invalid-argument",
				"Incorrect API key provided. You can obtain");
	}

	@Test
	void whenPathIsUnknownAnswers404() {
		assertRefused(this.calls.get("/health"), 404, "not-found", "/v1/health");
		assertRefused(this.calls.get("/models/a/b"), 404, "not-found", "/v1/models/a/b");
	}

	@Test
	void whenMethodIsWrongAnswers405() {
		assertRefused(this.calls.get("/chat/completions"), 405, "invalid-argument", "GET");
		assertRefused(TestClient.send(this.calls.post("/models", "{}")), 405, "invalid-argument", "POST");
	}

	@Test
	void whenContentTypeOrBodyIsMissingAnswers415() {
		HttpRequest.Builder plain = this.calls.request("/chat/completions")
			.header("content-type", "text/plain")
			.POST(HttpRequest.BodyPublishers.ofString(TestClient.question("grok-4.3", "")));
		assertRefused(TestClient.send(plain), 415, "invalid-argument", "Content-Type");
		assertRefused(
				TestClient.send(this.calls.request("/chat/completions").POST(HttpRequest.BodyPublishers.noBody())), 415,
				"invalid-argument", "Content-Type");
		assertRefused(this.calls.chat(""), 415, "invalid-argument", "empty");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "{\"model\":}", "nonsense", "{} {}x" })
	void whenJsonIsMalformedAnswers400(String body) {
		HttpResponse<String> response = this.calls.chat(body);
		assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
		assertThat(TestClient.json(response).get("error").stringValue()).startsWith("Failed to ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			"temperature":"hot"              | temperature: invalid type: string "hot", expected f32 at line 1 column
			"max_tokens":-5                  | max_tokens: invalid value: integer `-5`, expected u32
			"max_tokens":1.5                 | max_tokens: invalid type: floating point `1.5`, expected u32
			"stream":"yes"                   | stream: invalid type: string "yes", expected a boolean
			"tools":{}                       | tools: invalid type: map, expected a sequence
			"tools":[{"type":"function"}]    | missing field `function`
			"tools":[{"type":"web"}]         | tools[0].type: unknown variant `web`
			"tools":[{"type":"function","function":{"description":"x"}}] | missing field `name`
			"presence_penalty":"0"           | presence_penalty: invalid type: string "0", expected f32
			"stop":5                         | stop: invalid type: integer `5`, expected a sequence
			"response_format":{"type":"xml"} | unknown variant `xml`
			"response_format":{"type":"json_schema"} | missing field `json_schema`
			"service_tier":"gold"            | unknown variant `gold`
			"tool_choice":"always"           | unknown variant `always`
			"user":7                         | user: invalid type: integer `7`, expected a string
			"reasoning_effort":1             | reasoning_effort: invalid type: integer `1`, expected a string
			""")
	void whenATypeIsWrongAnswers422(String parameter, String text) {
		assertRefused(this.calls.ask("grok-4.3", parameter), 422, "invalid-argument", text);
	}

	@Test
	void whenAFieldIsMissingAnswers422() {
		assertRefused(this.calls.chat("{\"model\":\"grok-4.3\"}"), 422, "invalid-argument", "missing field `messages`");
		assertRefused(this.calls.chat("{\"messages\":[]}"), 422, "invalid-argument", "missing field `model`");
		assertRefused(this.calls.chat("{\"model\":\"grok-4.3\",\"messages\":[{\"content\":\"x\"}]}"), 422,
				"invalid-argument", "missing field `role`");
		assertRefused(this.calls.chat("{\"model\":\"grok-4.3\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}"),
				422, "invalid-argument", "unknown variant `robot`");
		assertRefused(this.calls.chat("[]"), 422, "invalid-argument", "invalid type: sequence");
	}

	@Test
	void whenAKeyIsSentTwiceAnswers422() {
		assertRefused(this.calls.ask("grok-4.3", "\"model\":\"grok-4.7\""), 422, "invalid-argument",
				"duplicate field `model`");
		assertThat(xai.lastRequest().countOfKey("model")).isEqualTo(2);
	}

	@Test
	void whenModelIsUnknownAnswers404() {
		assertRefused(this.calls.ask("grok-9", ""), 404, "not-found",
				"The model grok-9 does not exist or your team 00000000-0000-0000-0000-000000000000 does not have access to it. If you believe this is a mistake, please contact support and quote your team ID and the model name.");
		assertRefused(this.calls.ask("grok-4-5", ""), 404, "not-found", "grok-4-5");
		assertRefused(this.calls.ask("grok-beta", ""), 404, "not-found",
				"The model grok-beta was deprecated on 2025-09-15 and is no longer accessible via the API. Please use grok-3 instead.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			grok-4.7                     | "presence_penalty":0   | presencePenalty
			grok-4.3                     | "frequency_penalty":0.5 | frequencyPenalty
			grok-4.20-0309-non-reasoning | "presence_penalty":0.0 | presencePenalty
			grok-3                       | "presence_penalty":1   | presencePenalty
			grok-4.3                     | "stop":["x"]           | stop
			grok-4.20                    | "stop":"x"             | stop
			grok-4.20                    | "reasoning_effort":"low" | reasoningEffort
			grok-4.20-non-reasoning      | "reasoning_effort":"low" | reasoningEffort
			""")
	void whenTheModelRefusesAParameterAnswers400(String model, String parameter, String name) {
		assertRefused(this.calls.ask(model, parameter), 400, "invalid-argument",
				"Model " + model + " does not support parameter " + name + ".");
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.7,none", "grok-4.5,none", "grok-4.6,max", "grok-4.3,HIGH" })
	void whenTheEffortIsUnknownAnswers400(String model, String effort) {
		assertRefused(this.calls.ask(model, "\"reasoning_effort\":\"" + effort + "\""), 400, "invalid-argument",
				"This model does not support `reasoning_effort` value `" + effort + "`");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			grok-4.20-non-reasoning | "stop":["x"]
			grok-4.5                | "reasoning_effort":"xhigh"
			grok-4.3                | "reasoning_effort":"none"
			grok-4.3                | "presence_penalty":null
			grok-4.3                | "stop":null
			grok-4.7                | "logprobs":true,"top_logprobs":8
			""")
	void acceptsWhatTheModelAccepts(String model, String parameter) {
		assertThat(this.calls.ask(model, parameter).statusCode()).isEqualTo(200);
	}

	@Test
	void whenLiveSearchIsAskedForAnswers410() {
		assertRefused(this.calls.ask("grok-4.3", "\"search_parameters\":{\"mode\":\"auto\"}"), 410, "gone",
				"Live search is deprecated.");
	}

	@Test
	void whenMultiAgentIsAskedToChatAnswers400() {
		assertRefused(this.calls.ask("grok-4.20-multi-agent", ""), 400, "invalid-argument", "chat completions");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"role\":\"user\",\"content\":\"\"}", "{\"role\":\"user\",\"content\":[]}",
			"{\"role\":\"assistant\",\"content\":null}", "{\"role\":\"user\"}",
			"{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\"}]}" })
	void whenAMessageIsEmptyAnswers400(String message) {
		assertRefused(
				this.calls.chat("{\"model\":\"grok-4.3\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}," + message
						+ "]}"),
				400, "invalid-argument",
				"Invalid request content: Each message must have at least one content element.");
	}

	@Test
	void whenThePromptIsTooLongAnswers400() {
		String prompt = "word ".repeat(500_000 * 4 / 5 + 1);
		assertRefused(
				this.calls
					.chat("{\"model\":\"grok-4.5\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}"),
				400, "invalid-argument", "This model's maximum prompt length is 500000 but the request contains 5000");
	}

	@Test
	void whenThereAreMoreThan350ToolsAnswers400() {
		String tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
		String tools = (tool + ",").repeat(350) + tool;
		assertRefused(this.calls.ask("grok-4.3", "\"tools\":[" + tools + "]"), 400, "invalid-argument", "350");
		assertThat(this.calls.ask("grok-4.3", "\"tools\":[" + (tool + ",").repeat(349) + tool + "]").statusCode())
			.isEqualTo(200);
	}

	@Test
	void whenAValueIsOutOfRangeAnswers400() {
		assertRefused(this.calls.ask("grok-4.3", "\"temperature\":2.5"), 400, "invalid-argument", "temperature");
		assertRefused(this.calls.ask("grok-4.3", "\"top_p\":1.1"), 400, "invalid-argument", "top_p");
		assertRefused(this.calls.ask("grok-4.3", "\"max_tokens\":0"), 400, "invalid-argument", "max_tokens");
	}

	@Test
	void rejectedRequestConsumesNoReply() {
		xai.answers("kept");
		assertThat(this.calls.ask("grok-9", "").statusCode()).isEqualTo(404);
		assertThat(xai.waitingReplies()).isOne();
		assertThat(this.calls.ask("grok-4.3", "").body()).contains("kept");
	}

	private static void assertRefused(HttpResponse<String> response, int status, String code, String text) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
		JsonNode json = TestClient.json(response);
		assertThat(json.propertyNames()).containsExactly("code", "error");
		assertThat(json.get("code").stringValue()).isEqualTo(code);
		assertThat(json.get("error").stringValue()).contains(text);
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(xai.baseUrl() + path)).GET();
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) {
		return TestClient.send(request);
	}

}
