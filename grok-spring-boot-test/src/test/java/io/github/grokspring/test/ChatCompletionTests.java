package io.github.grokspring.test;

import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ChatCompletionTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void respondsInFormatOfXai() {
		xai.answers("Four").usage(204, 1).reasoningTokens(82).cachedTokens(192);
		HttpResponse<String> response = this.calls.ask("grok-4.3", "");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
		JsonNode json = TestClient.json(response);
		assertThat(json.get("id").stringValue()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
		assertThat(json.get("object").stringValue()).isEqualTo("chat.completion");
		assertThat(json.get("created").longValue()).isPositive();
		assertThat(json.get("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(json.at("/choices/0/index").intValue()).isZero();
		assertThat(json.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
		assertThat(json.at("/choices/0/message/content").stringValue()).isEqualTo("Four");
		assertThat(json.at("/choices/0/message/refusal").isNull()).isTrue();
		assertThat(json.at("/choices/0/message").has("reasoning_content")).isFalse();
		assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
		assertThat(json.get("system_fingerprint").stringValue()).startsWith("fp_");
		assertThat(json.get("service_tier").stringValue()).isEqualTo("default");
		JsonNode usage = json.get("usage");
		assertThat(usage.get("prompt_tokens").longValue()).isEqualTo(204);
		assertThat(usage.get("completion_tokens").longValue()).isEqualTo(1);
		assertThat(usage.get("total_tokens").longValue()).isEqualTo(287);
		assertThat(usage.at("/prompt_tokens_details/text_tokens").longValue()).isEqualTo(204);
		assertThat(usage.at("/prompt_tokens_details/cached_tokens").longValue()).isEqualTo(192);
		assertThat(usage.at("/prompt_tokens_details/image_tokens").longValue()).isZero();
		assertThat(usage.at("/completion_tokens_details/reasoning_tokens").longValue()).isEqualTo(82);
		assertThat(usage.get("num_sources_used").longValue()).isZero();
		assertThat(usage.get("cost_in_usd_ticks").longValue()).isEqualTo(2_609_000);
	}

	@Test
	void sendsRateLimitsIdsAndTimings() {
		HttpResponse<String> response = this.calls.ask("grok-4.3", "");
		assertThat(response.headers().firstValue("x-ratelimit-limit-requests")).hasValue("1800");
		assertThat(response.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("1799");
		assertThat(response.headers().firstValue("x-ratelimit-limit-tokens")).hasValue("10000000");
		assertThat(response.headers().firstValueAsLong("x-ratelimit-remaining-tokens")).isPresent();
		assertThat(response.headers().map()).containsKeys("x-request-id", "traceparent", "x-metrics-ttft-ms",
				"x-metrics-mean-itl-ms", "x-metrics-e2e-ms");
	}

	@Test
	void addsReasoningTokensByDefault() {
		JsonNode usage = TestClient.json(this.calls.ask("grok-4.7", "")).get("usage");
		long reasoning = usage.at("/completion_tokens_details/reasoning_tokens").longValue();
		assertThat(reasoning).isPositive();
		assertThat(usage.get("total_tokens").longValue())
			.isEqualTo(usage.get("prompt_tokens").longValue() + usage.get("completion_tokens").longValue() + reasoning);
		JsonNode none = TestClient.json(this.calls.ask("grok-4.3", "\"reasoning_effort\":\"none\"")).get("usage");
		assertThat(none.at("/completion_tokens_details/reasoning_tokens").longValue()).isZero();
	}

	@Test
	void redirectsRetiredModelsAndBillsServingModel() {
		xai.answers("Hello").usage(1000, 10);
		JsonNode json = TestClient.json(this.calls.ask("grok-4-fast-reasoning", ""));
		assertThat(json.get("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(json.at("/usage/cost_in_usd_ticks").longValue()).isEqualTo(1000 * 12_500 + 10 * 25_000);
		assertThat(TestClient.json(this.calls.ask("grok-4.5-latest", "")).get("model").stringValue())
			.isEqualTo("grok-4.5");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "grok-4.7-latest", "grok-4.6-latest", "grok-latest", "grok-build-0.1", "grok-code-fast-1" })
	void rejectsUnknownModels(String name) {
		assertThat(this.calls.ask(name, "").statusCode()).isEqualTo(404);
	}

	@Test
	void doublesPriceForPriorityTierOfResponse() {
		xai.answers("Hello").usage(100, 10);
		JsonNode json = TestClient.json(this.calls.ask("grok-4.3", "\"service_tier\":\"priority\""));
		assertThat(json.get("service_tier").stringValue()).isEqualTo("priority");
		assertThat(json.at("/usage/cost_in_usd_ticks").longValue()).isEqualTo(2 * (100 * 12_500 + 10 * 25_000));
		xai.answers("Hello").usage(100, 10).serviceTier("default");
		json = TestClient.json(this.calls.ask("grok-4.3", "\"service_tier\":\"priority\""));
		assertThat(json.at("/usage/cost_in_usd_ticks").longValue()).isEqualTo(100 * 12_500 + 10 * 25_000);
	}

	@Test
	void respondsWithInstanceOfSchemaInQuestion() {
		String question = "Who? Here is the JSON Schema instance your output must adhere to:\\n```"
				+ "{\\\"type\\\":\\\"object\\\",\\\"properties\\\":{\\\"age\\\":{\\\"type\\\":\\\"integer\\\"}}}```";
		JsonNode answer = TestClient.json(this.calls
			.chat("{\"model\":\"grok-4.3\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}"));
		assertThat(TestClient.json(answer.at("/choices/0/message/content").stringValue()).get("age").isInt()).isTrue();
	}

	@Test
	void returnsScriptedReasoningAndFinishReason() {
		xai.answers("Paris and").reasoning("The capital of France").finishReason("length").model("grok-4.6");
		JsonNode json = TestClient.json(this.calls.ask("grok-4.3", ""));
		assertThat(json.get("model").stringValue()).isEqualTo("grok-4.6");
		assertThat(json.at("/choices/0/message/reasoning_content").stringValue()).isEqualTo("The capital of France");
		assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
		xai.answers("Paris").withoutFinishReason();
		assertThat(TestClient.json(this.calls.ask("grok-4.3", "")).at("/choices/0/finish_reason").isNull()).isTrue();
	}

	@Test
	void callsToolsInParallel() {
		xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}").andToolCall("weather", "{\"city\":\"Rome\"}");
		JsonNode choice = TestClient.json(this.calls.ask("grok-4.3", "")).at("/choices/0");
		assertThat(choice.get("finish_reason").stringValue()).isEqualTo("tool_calls");
		assertThat(choice.at("/message/content").stringValue()).isEmpty();
		JsonNode toolCalls = choice.at("/message/tool_calls");
		assertThat(toolCalls.size()).isEqualTo(2);
		assertThat(toolCalls.get(0).get("type").stringValue()).isEqualTo("function");
		assertThat(toolCalls.get(0).get("id").stringValue()).startsWith("call-").endsWith("-0");
		assertThat(toolCalls.get(1).at("/function/name").stringValue()).isEqualTo("weather");
		assertThat(toolCalls.get(1).at("/function/arguments").stringValue()).isEqualTo("{\"city\":\"Rome\"}");
	}

	@Test
	void callsToolIfRequired() {
		String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\",\"parameters\":{\"type\":\"object\",\"properties\":{\"zone\":{\"type\":\"string\"}}}}}]";
		JsonNode choice = TestClient.json(this.calls.ask("grok-4.3", tools + ",\"tool_choice\":\"required\""))
			.at("/choices/0");
		assertThat(choice.at("/message/tool_calls/0/function/name").stringValue()).isEqualTo("now");
		assertThat(choice.at("/message/tool_calls/0/function/arguments").stringValue())
			.isEqualTo("{\"zone\":\"zone\"}");
	}

	@Test
	void satisfiesSchemaOfResponseFormat() {
		String schema = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"sunny\":{\"type\":\"boolean\"}},\"required\":[\"city\",\"sunny\"]}";
		JsonNode json = TestClient.json(this.calls.ask("grok-4.3",
				"\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"w\",\"schema\":" + schema
						+ "}}"));
		JsonNode content = TestClient.json(json.at("/choices/0/message/content").stringValue());
		assertThat(content.get("city").isString()).isTrue();
		assertThat(content.get("sunny").isBoolean()).isTrue();
		json = TestClient.json(this.calls.ask("grok-4.3", "\"response_format\":{\"type\":\"json_object\"}"));
		assertThat(TestClient.json(json.at("/choices/0/message/content").stringValue()).isObject()).isTrue();
	}

	@Test
	void limitsVisibleTokens() {
		JsonNode json = TestClient.json(this.calls.ask("grok-4.3", "\"max_completion_tokens\":3"));
		assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
		assertThat(json.at("/usage/completion_tokens").longValue()).isEqualTo(3);
		assertThat(json.at("/usage/completion_tokens_details/reasoning_tokens").longValue()).isPositive();
	}

	@Test
	void acceptsConversationWithToolsAndImages() {
		HttpResponse<String> response = this.calls
			.chat("""
					{"model":"grok-4.3","user":"u","n":1,"seed":7,"temperature":0.7,"top_p":1,"stop":null,"verbosity":"low",
					"parallel_tool_calls":true,"messages":[{"role":"system","content":"Be brief"},
					{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}]},
					{"role":"assistant","content":"","tool_calls":[{"id":"call-1","type":"function","function":{"name":"now","arguments":"{}"}}]},
					{"role":"tool","tool_call_id":"call-1","content":"noon"},
					{"role":"assistant","content":"It is noon","reasoning_content":"easy"},
					{"role":"developer","content":"Go on"},{"role":"user","name":"Ann","content":"And now?"}]}
					""");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(TestClient.json(response).at("/usage/prompt_tokens_details/image_tokens").longValue())
			.isEqualTo(256);
	}

	@Test
	void returnsRepliesInOrderThenDefault() {
		xai.answers("first").times(2);
		xai.answers("second");
		xai.answers("again").byDefault();
		List<String> said = java.util.stream.IntStream.range(0, 5)
			.mapToObj((i) -> TestClient.json(this.calls.ask("grok-4.3", ""))
				.at("/choices/0/message/content")
				.stringValue())
			.toList();
		assertThat(said).containsExactly("first", "first", "second", "again", "again");
		xai.reset();
		assertThat(this.calls.ask("grok-4.3", "").body()).contains(PlainResponder.TEXT);
	}

	@Test
	void servesFurtherModelsOnRequest() {
		xai.alsoServes("grok-9", "grok-4.7");
		assertThat(TestClient.json(this.calls.ask("grok-9", "")).get("model").stringValue()).isEqualTo("grok-9");
	}

}
