package io.github.grokspring.responses;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Citation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for streams and responses with redundant or missing information.
 */
class StreamRedundancyTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String OSLO = "{\\\"city\\\":\\\"Oslo\\\"}";

	private static final AssistantMessage.ToolCall CALL = new AssistantMessage.ToolCall("c-1", "function", "weather",
			"{\"city\":\"Oslo\"}");

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private ReactorXaiHttpClient exchange;

	private GrokChatModel model;

	@BeforeEach
	void start() {
		this.exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()), xai::apiKey);
		this.model = GrokChatModel
			.builder("responses",
					new RoutingChatModel(ChatCompletionsModel.builder(this.exchange).build(),
							ResponsesModel.builder(this.exchange).build(), ModelCatalog.bundled()))
			.options(GrokChatOptions.builder().model("grok-4.7").api(GrokApi.RESPONSES).build())
			.build();
	}

	@AfterEach
	void stop() {
		this.exchange.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "delta", "done", "item", "response", "delta done", "delta item", "done item response",
			"delta done item response", "delta response" })
	void argumentsAreReadFromAnyEvent(String sources) {
		List<ChatResponse> elements = stream(added(call("")),
				sources.contains("delta") ? argumentsDelta("{\\\"city\\\":") : "",
				sources.contains("delta") ? argumentsDelta("\\\"Oslo\\\"}") : "",
				sources.contains("done") ? event("response.function_call_arguments.done",
						"\"arguments\":\"" + OSLO + "\",\"item_id\":\"fc_1\",\"output_index\":0") : "",
				done(call(sources.contains("item") ? OSLO : "")),
				completed(call(sources.contains("response") ? OSLO : "")));
		assertThat(last(elements).getToolCalls()).containsExactly(CALL);
	}

	@ParameterizedTest
	@ValueSource(strings = { "delta", "done", "part", "item", "response", "delta done", "done part item response",
			"delta done part item response", "delta response" })
	void textIsReadFromAnyEventWithoutDuplicates(String sources) {
		List<ChatResponse> elements = stream(added(message("")),
				sources.contains("delta") ? textDelta("It is ") + textDelta("noon.") : "",
				sources.contains("done")
						? event("response.output_text.done",
								"\"text\":\"It is noon.\",\"content_index\":0,\"item_id\":\"msg_1\",\"output_index\":0")
						: "",
				sources.contains("part") ? event("response.content_part.done",
						"\"part\":{\"type\":\"output_text\",\"text\":\"It is noon.\"},\"content_index\":0,\"output_index\":0")
						: "",
				done(sources.contains("item") ? message("It is noon.") : message("")),
				completed(sources.contains("response") ? message("It is noon.") : message("")));
		assertThat(text(elements)).isEqualTo("It is noon.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "done", "item", "response" })
	void missingRestIsAdded(String source) {
		List<ChatResponse> elements = stream(added(message("")), textDelta("It is "),
				source.equals("done") ? event("response.output_text.done",
						"\"text\":\"It is noon.\",\"content_index\":0,\"output_index\":0") : "",
				source.equals("response") ? "" : done(message(source.equals("item") ? "It is noon." : "It is ")),
				completed(message(source.equals("response") ? "It is noon." : "It is ")));
		assertThat(text(elements)).isEqualTo("It is noon.");
	}

	@Test
	void completePartsAreNotDuplicated() {
		String parts = """
				{"type":"message","id":"msg_1","content":[{"type":"output_text","text":"One. ","annotations":[]},\
				{"type":"output_text","text":"Two [[1]](https://a.b)","annotations":[{"type":"url_citation",\
				"url":"https://a.b","title":"1","start_index":4,"end_index":22}]}]}""";
		String done = event("response.output_text.done", "\"text\":\"One. \",\"content_index\":0,\"output_index\":0");
		String doneToo = event("response.output_text.done",
				"\"text\":\"Two [[1]](https://a.b)\",\"content_index\":1,\"output_index\":0");
		for (String index : List.of("0", "1")) {
			String second = event("response.output_text.delta",
					"\"content_index\":" + index + ",\"delta\":\"Two [[1]](https://a.b)\",\"output_index\":0");
			List<ChatResponse> elements = stream(added(message("")), textDelta("One. "), done, second, doneToo,
					done(parts), completed(parts));
			assertThat(text(elements)).isEqualTo("One. Two [[1]](https://a.b)");
			List<Citation> citations = elements.get(elements.size() - 1).getMetadata().get("citations");
			assertThat(citations).singleElement().satisfies((citation) -> assertThat(citation.start()).isEqualTo(9));
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "delta", "done", "part", "item", "response", "delta done part item response", "done item" })
	void reasoningIsReadFromAnyEventWithoutDuplicates(String sources) {
		String whole = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Let me \"},"
				+ "{\"type\":\"summary_text\",\"text\":\"see\"}]}";
		String empty = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}";
		StringBuilder parts = new StringBuilder();
		for (int i = 0; i < 2; i++) {
			String text = (i == 0) ? "Let me " : "see";
			String position = "\"output_index\":0,\"summary_index\":" + i;
			parts.append(sources.contains("delta")
					? event("response.reasoning_summary_text.delta", "\"delta\":\"" + text + "\"," + position) : "");
			parts.append(sources.contains("done")
					? event("response.reasoning_summary_text.done", "\"text\":\"" + text + "\"," + position) : "");
			parts.append((sources.contains("part") && i == 0) ? event("response.reasoning_summary_part.done",
					"\"part\":{\"type\":\"summary_text\",\"text\":\"Let me \"}," + position) : "");
		}
		List<ChatResponse> elements = stream(added(empty), parts.toString(),
				done((sources.contains("item") || sources.contains("part")) ? whole : empty),
				completed(sources.contains("response") ? whole : empty));
		assertThat(last(elements).getMetadata()).containsEntry("reasoning", "Let me see");
		assertThat(elements.stream()
			.map((element) -> element.getResult().getOutput().getMetadata().getOrDefault("reasoning-delta", ""))
			.map(Object::toString)
			.collect(Collectors.joining())).isEqualTo("Let me see");
	}

	@Test
	void refusalOfFinalEventIsNotLost() {
		List<ChatResponse> elements = stream(
				event("response.refusal.done", "\"refusal\":\"I will not\",\"content_index\":0,\"output_index\":0"),
				completed());
		assertThat(last(elements).getMetadata()).containsEntry("refusal", "I will not");
		assertThat(elements.get(elements.size() - 1).getResult().getMetadata().getFinishReason())
			.isEqualTo("CONTENT_FILTER");
	}

	@Test
	void eventsWithoutPositionAreMatchedById() {
		String first = "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"c-1\",\"name\":\"weather\",\"arguments\":\"";
		String second = first.replace("fc_1", "fc_2").replace("c-1", "c-2");
		String rome = OSLO.replace("Oslo", "Rome");
		List<ChatResponse> elements = stream(event("response.output_item.added", "\"item\":" + first + "\"}"),
				event("response.output_item.added", "\"item\":" + second + "\"}"),
				event("response.function_call_arguments.delta", "\"item_id\":\"fc_1\",\"delta\":\"" + OSLO + "\""),
				event("response.function_call_arguments.delta", "\"item_id\":\"fc_2\",\"delta\":\"" + rome + "\""),
				event("response.output_item.done", "\"item\":" + first + "\"}"),
				event("response.output_item.done", "\"item\":" + second + "\"}"),
				completed(first + OSLO + "\"}", second + rome + "\"}"));
		assertThat(last(elements).getToolCalls()).containsExactly(CALL,
				new AssistantMessage.ToolCall("c-2", "function", "weather", "{\"city\":\"Rome\"}"));
	}

	@Test
	void textWithoutPositionIsNotDuplicatedByFinalResponse() {
		List<ChatResponse> elements = stream(
				event("response.output_text.delta", "\"item_id\":\"msg_1\",\"delta\":\"It is \""),
				event("response.output_text.delta", "\"item_id\":\"msg_1\",\"delta\":\"noon.\""), completed(
						"{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}", message("It is noon."), call(OSLO)));
		assertThat(text(elements)).isEqualTo("It is noon.");
		assertThat(last(elements).getToolCalls()).containsExactly(CALL);
	}

	@Test
	void itemsWithoutPositionAndIdAreInOrder() {
		String first = "{\"type\":\"function_call\",\"call_id\":\"c-1\",\"name\":\"weather\",\"arguments\":\"" + OSLO
				+ "\"}";
		String second = first.replace("c-1", "c-2");
		List<ChatResponse> elements = stream(event("response.output_item.added", "\"item\":" + first),
				event("response.output_item.done", "\"item\":" + first),
				event("response.output_item.added", "\"item\":" + second),
				event("response.output_item.done", "\"item\":" + second), completed(first, second));
		assertThat(last(elements).getToolCalls()).extracting(AssistantMessage.ToolCall::id)
			.containsExactly("c-1", "c-2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{\"city\":\"Oslo\"}|{\"city\":\"Oslo\"}", "[1,\"a\"]|[1,\"a\"]", "7|7", "null|{}" })
	void nonStringArgumentsAreSerialized(String sent, String read) {
		String item = "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"c-1\",\"name\":\"weather\",\"arguments\":"
				+ sent + "}";
		AssistantMessage.ToolCall expected = new AssistantMessage.ToolCall("c-1", "function", "weather", read);
		assertThat(last(stream(added(call("")), done(item), completed(item))).getToolCalls()).containsExactly(expected);
		assertThat(last(stream(completed(item))).getToolCalls()).containsExactly(expected);
		assertThat(call(item, "completed", "null").getResult().getOutput().getToolCalls()).containsExactly(expected);
		assertThat(last(stream(added(call("")),
				event("response.function_call_arguments.done", "\"arguments\":" + sent + ",\"output_index\":0"),
				done(call("")), completed(call(""))))
			.getToolCalls()).containsExactly(expected);
	}

	@ParameterizedTest
	@CsvSource({ "max_output_tokens, LENGTH", "max_time_limit, MAX_TIME_LIMIT", "content_filter, CONTENT_FILTER" })
	void toolCallsOfIncompleteResponseAreNotExecuted(String reason, String finishReason) {
		String half = call("{\\\"city\\\":\\\"Os");
		for (ChatResponse response : List.of(call(half, "incomplete", "{\"reason\":\"" + reason + "\"}"),
				lastOf(stream(added(call("")), argumentsDelta("{\\\"city\\\":\\\"Os"),
						"event: response.incomplete\ndata: {\"response\":"
								+ response("incomplete", "{\"reason\":\"" + reason + "\"}") + "}\n\n")))) {
			assertThat(response.hasToolCalls()).isFalse();
			assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo(finishReason);
			List<AssistantMessage.ToolCall> calls = response.getMetadata().get("grok.truncated-tool-calls");
			assertThat(calls).extracting(AssistantMessage.ToolCall::arguments).containsExactly("{\"city\":\"Os");
		}
	}

	@Test
	void incompleteToolCallIsNotExecuted() {
		String half = call("{}").replace("c-1", "c-2").replace("\"type\"", "\"status\":\"incomplete\",\"type\"");
		for (ChatResponse response : List.of(call(call(OSLO) + "," + half, "completed", "null"),
				lastOf(stream(completed(call(OSLO), half))))) {
			assertThat(response.getResult().getOutput().getToolCalls()).containsExactly(CALL);
			List<AssistantMessage.ToolCall> calls = response.getMetadata().get("grok.truncated-tool-calls");
			assertThat(calls).extracting(AssistantMessage.ToolCall::id).containsExactly("c-2");
		}
	}

	@Test
	void reasoningOfIncompleteToolCallsIsNotStored() {
		String reasoning = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"A\"}";
		assertThat(call(reasoning + "," + call("{}"), "incomplete", "{\"reason\":\"max_output_tokens\"}").getResult()
			.getOutput()
			.getMetadata()).doesNotContainKey("grok.reasoning-items");
	}

	@ParameterizedTest
	@ValueSource(strings = { "code_interpreter_call", "custom_tool_call" })
	void mismatchedServerSideToolIsExplained(String type) {
		String item = "{\"type\":\"" + type
				+ "\",\"id\":\"ci_1\",\"name\":\"weather\",\"arguments\":\"{}\",\"status\":\"completed\"}";
		for (ChatResponse response : List.of(call(item, "completed", "null"), lastOf(stream(completed(item))))) {
			assertThat(response.getMetadata().<String>get("grok.explanation")).contains("'weather'")
				.contains("not executed");
			assertThat(response.hasToolCalls()).isFalse();
		}
		assertThat(call(message("Hi"), "completed", "null").getMetadata().containsKey("grok.explanation")).isFalse();
	}

	private ChatResponse call(String items, String status, String details) {
		xai.answersRaw(200, "application/json", response(status, details, items));
		return this.model.call(prompt());
	}

	private List<ChatResponse> stream(String... events) {
		xai.streamsRaw(String.join("", events));
		return this.model.stream(prompt()).collectList().block(PATIENCE);
	}

	private static Prompt prompt() {
		return new Prompt("Weather?",
				GrokChatOptions.builder()
					.toolCallbacks(List.of(FunctionToolCallback.builder("weather", (Map<String, Object> city) -> "rain")
						.description("Weather")
						.inputType(Map.class)
						.build()))
					.build());
	}

	private static AssistantMessage last(List<ChatResponse> elements) {
		return lastOf(elements).getResult().getOutput();
	}

	private static ChatResponse lastOf(List<ChatResponse> elements) {
		return elements.get(elements.size() - 1);
	}

	private static String text(List<ChatResponse> elements) {
		return elements.stream()
			.map((element) -> element.getResult().getOutput().getText())
			.collect(Collectors.joining());
	}

	private static String call(String arguments) {
		return "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"c-1\",\"name\":\"weather\",\"arguments\":\""
				+ arguments + "\"}";
	}

	private static String message(String text) {
		return "{\"type\":\"message\",\"id\":\"msg_1\",\"content\":["
				+ (text.isEmpty() ? "" : "{\"type\":\"output_text\",\"text\":\"" + text + "\",\"annotations\":[]}")
				+ "]}";
	}

	private static String added(String item) {
		return event("response.output_item.added", "\"item\":" + item + ",\"output_index\":0");
	}

	private static String done(String item) {
		return event("response.output_item.done", "\"item\":" + item + ",\"output_index\":0");
	}

	private static String argumentsDelta(String delta) {
		return event("response.function_call_arguments.delta",
				"\"delta\":\"" + delta + "\",\"item_id\":\"fc_1\",\"output_index\":0");
	}

	private static String textDelta(String delta) {
		return event("response.output_text.delta",
				"\"content_index\":0,\"delta\":\"" + delta + "\",\"item_id\":\"msg_1\",\"output_index\":0");
	}

	private static String completed(String... items) {
		return "event: response.completed\ndata: {\"response\":" + response("completed", "null", items) + "}\n\n";
	}

	private static String response(String status, String details, String... items) {
		return "{\"id\":\"r-1\",\"status\":\"" + status + "\",\"model\":\"grok-4.7\",\"incomplete_details\":" + details
				+ ",\"output\":[" + String.join(",", items) + "]}";
	}

	private static String event(String name, String fields) {
		return "event: " + name + "\ndata: {\"type\":\"" + name + "\"," + fields + "}\n\n";
	}

}
