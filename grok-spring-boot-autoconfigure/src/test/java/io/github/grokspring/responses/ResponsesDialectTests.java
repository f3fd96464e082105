package io.github.grokspring.responses;

import java.util.List;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for Responses API dialects of gateways.
 */
class ResponsesDialectTests {

	private static final String MESSAGE = "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'Hi'}]}";

	private static final AssistantMessage.ToolCall ROME = new AssistantMessage.ToolCall("c", "function", "weather",
			"{\"city\":\"Rome\"}");

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ReactorXaiHttpClient exchange = ReactorXaiHttpClient
		.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()), xai::apiKey);

	private final GrokChatModel model = GrokChatModel
		.builder("responses",
				new RoutingChatModel(ChatCompletionsModel.builder(this.exchange).build(),
						ResponsesModel.builder(this.exchange).build(), ModelCatalog.bundled()))
		.options(GrokChatOptions.builder().model("grok-4.3").api(GrokApi.RESPONSES).build())
		.build();

	@AfterEach
	void stop() {
		this.exchange.close();
	}

	@ParameterizedTest
	@CsvSource({ "99999999999999999999999, CALL", "99999999999999999999999, STREAM", "1.7e9, CALL", "'''soon''', CALL",
			"-5, STREAM" })
	void unreadableCreationTimeIsIgnored(String created, Invocation invocation) {
		respondWith(invocation, "'status':'completed','created_at':" + created + ",", MESSAGE, "");
		assertThat(text(invocation)).isEqualTo("Hi");
	}

	@ParameterizedTest
	@EnumSource
	void unreadableCostIsIgnored(Invocation invocation) {
		respondWith(invocation, "'status':'completed',", MESSAGE,
				",'usage':{'input_tokens':120,'output_tokens':30,'total_tokens':150,'cost_in_usd_ticks':"
						+ "9".repeat(2000) + "}");
		ChatResponse response = last(invocation);
		assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(150);
	}

	@ParameterizedTest
	@CsvSource({ "{}, CALL", "'''''', CALL", "'{''message'':'''',''type'':''server_error''}', CALL", "{}, STREAM",
			"'''''', STREAM", "'{''message'':'''',''type'':''server_error''}', STREAM" })
	void emptyErrorIsIgnored(String error, Invocation invocation) {
		respondWith(invocation, "'status':'completed','error':" + error + ",", MESSAGE, "");
		assertThat(text(invocation)).isEqualTo("Hi");
	}

	@ParameterizedTest
	@CsvSource({ "'''status'':''completed'',', CALL", "'', CALL", "'''status'':''completed'',', STREAM", "'', STREAM" })
	void errorBesideOutputFails(String status, Invocation invocation) {
		respondWith(invocation, status + "'error':{'code':'server_error','message':'boom'},", MESSAGE, "");
		assertThat(failure(invocation).kind()).isEqualTo(ErrorKind.SERVER_ERROR);
	}

	@ParameterizedTest
	@EnumSource
	void alternativeTextFormatsAreRead(Invocation invocation) {
		respondWith(invocation, "'status':'completed',", "{'type':'message','role':'assistant','content':'Hi there'}",
				"");
		assertThat(text(invocation)).isEqualTo("Hi there");
		respondWith(invocation, "'status':'completed',", "{'type':'message','content':['Hi ','there']}", "");
		assertThat(text(invocation)).isEqualTo("Hi there");
		respondWith(invocation, "'status':'completed','output_text':'Hi there',", "", "");
		assertThat(text(invocation)).isEqualTo("Hi there");
		respondWith(invocation, "'status':'completed','output_text':'Hi',", MESSAGE, ",'output_text':'Hi'");
		assertThat(text(invocation)).isEqualTo("Hi");
	}

	@ParameterizedTest
	@EnumSource
	void unpairedSurrogateAtEndIsPreserved(Invocation invocation) {
		respondWith(invocation, "'status':'completed',",
				"{'type':'message','content':[{'type':'output_text','text':'Hi \\ud83d'}]}", "");
		assertThat(text(invocation)).isEqualTo("Hi \ud83d");
	}

	@Test
	void surrogatePairIsNotSplitBetweenElements() {
		streamWith(event("output_text.delta", "'output_index':0,'delta':'Hi \\ud83d'"),
				event("output_text.delta", "'output_index':0,'delta':'\\ude00!'"), end());
		assertThat(Invocation.STREAM.invoke(this.model, new Prompt("hi"))).extracting(ResponsesDialectTests::text)
			.noneMatch((text) -> !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1)));
		streamWith(event("output_text.delta", "'output_index':0,'delta':'Hi \\ud83d'"), end());
		assertThat(text(Invocation.STREAM)).isEqualTo("Hi \ud83d");
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: keep-alive", "data: null", "data: 1", "data: []", "data: {}", "data: 'x'",
			"event: ping\ndata: noon", "event: keepalive\ndata: {'at':'noon'}", ": comment", "data: {'type':'ping'}",
			"data: {'type':'other','error':''}", "data: {'type':'other','error':{}}",
			"data: {'error':null,'code':null}" })
	void dataThatIsNotAnEventIsSkipped(String event) {
		streamWith(event("output_text.delta", "'output_index':0,'delta':'He'"), json(event) + "\n\n",
				event("output_text.delta", "'output_index':0,'delta':'llo'"), end(), json(event) + "\n\n",
				"data: [DONE] \n\n");
		assertThat(text(Invocation.STREAM)).isEqualTo("Hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {'type':'response.output_text.delta','delta':", "data: \"ha",
			"event: response.output_text.delta\ndata: half" })
	void malformedEventFailsStream(String event) {
		streamWith(json(event) + "\n\n", end());
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	@Test
	void deltasOfOtherTypesAreRead() {
		String item = "'item':{'type':'function_call','call_id':'c','name':'weather'}";
		streamWith(event("output_item.added", "'output_index':0," + item),
				event("function_call_arguments.delta", "'output_index':0,'delta':{'city':'Rome'}"),
				event("output_item.done", "'output_index':0," + item), end());
		assertThat(last(Invocation.STREAM).getResult().getOutput().getToolCalls()).containsExactly(ROME);
		streamWith(event("output_text.delta", "'output_index':0,'delta':{'type':'text','text':'Hi'}"), end());
		assertThat(text(Invocation.STREAM)).isEqualTo("Hi");
	}

	@Test
	void numericStringPositionsAreRead() {
		streamWith(event("output_item.added", "'output_index':'0','item':" + call("a", "")),
				event("output_item.added", "'output_index':'1','item':" + call("b", "")),
				event("function_call_arguments.delta", "'output_index':'0','delta':'{\\\"n\\\":'"),
				event("function_call_arguments.delta", "'output_index':'1','delta':'{\\\"n\\\":2}'"),
				event("function_call_arguments.delta", "'output_index':'0','delta':'1}'"),
				event("function_call_arguments.done", "'output_index':'1','arguments':'{\\\"n\\\":2}'"),
				event("output_item.done", "'output_index':'1','item':" + call("b", "")),
				event("output_item.done", "'output_index':'0','item':" + call("a", "")), end());
		assertThat(last(Invocation.STREAM).getResult().getOutput().getToolCalls())
			.extracting((call) -> call.id() + call.arguments())
			.containsExactly("a{\"n\":1}", "b{\"n\":2}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "'output_index':0,'item_id':'%s',", "'item_id':'%s','output_index':0," })
	void callsAtSamePositionAreDistinguishedById(String place) {
		streamWith(event("output_item.added", "'output_index':0,'item':" + named("f1", "a", "")),
				event("output_item.added", "'output_index':0,'item':" + named("f2", "b", "")),
				event("function_call_arguments.delta", place.formatted("f1") + "'delta':'{\\\"n\\\":'"),
				event("function_call_arguments.delta", place.formatted("f2") + "'delta':'{\\\"n\\\":2}'"),
				event("function_call_arguments.delta", place.formatted("f1") + "'delta':'1}'"),
				event("function_call_arguments.done", place.formatted("f2") + "'arguments':'{\\\"n\\\":2}'"),
				event("output_item.done", "'output_index':0,'item':" + named("f1", "a", "{\\\"n\\\":1}")),
				event("output_item.done", "'output_index':0,'item':" + named("f2", "b", "{\\\"n\\\":2}")), end());
		assertCalls("a{\"n\":1}", "b{\"n\":2}");
	}

	@Test
	void completeCallsAtSamePositionAreSeparate() {
		streamWith(event("output_item.done", "'output_index':0,'item':" + call("a", "{}")),
				event("output_item.done", "'output_index':0,'item':" + call("b", "{}")), end());
		assertCalls("a{}", "b{}");
		streamWith(event("output_item.done", "'output_index':0,'item':" + call("a", "{}")),
				event("output_item.done", "'output_index':0,'item':" + call("b", "{}")),
				event("completed", "'response':{'id':'r','status':'completed','model':'grok-4.3','output':["
						+ call("a", "{}") + "," + call("b", "{}") + "]}"));
		assertCalls("a{}", "b{}");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7 })
	void positionsWithOffsetDoNotDuplicateContent(int first) {
		String message = MESSAGE.replace("{'type':'message'", "{'id':'m','type':'message'");
		for (boolean ids : List.of(true, false)) {
			String text = ids ? message : MESSAGE;
			String tool = ids ? named("f1", "a", "{}") : call("a", "{}");
			streamWith(
					event("output_item.added",
							"'output_index':" + first + ",'item':"
									+ text.replace("{'type':'output_text','text':'Hi'}", "")),
					event("output_text.delta", "'output_index':" + first + ",'delta':'Hi'"),
					event("output_item.done", "'output_index':" + first + ",'item':" + text),
					event("output_item.done", "'output_index':" + (first + 1) + ",'item':" + tool),
					event("completed", "'response':{'id':'r','status':'completed','model':'grok-4.3','output':[" + text
							+ "," + tool + "]}"));
			List<ChatResponse> elements = Invocation.STREAM.invoke(this.model, new Prompt("hi"));
			assertThat(Invocation.text(elements)).isEqualTo("Hi");
			assertThat(elements.get(elements.size() - 1).getResult().getOutput().getToolCalls())
				.extracting(AssistantMessage.ToolCall::id)
				.containsExactly("a");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'reasoning','id':'rs','summary':[]}",
			"{'type':'web_search_call','id':'ws','status':'completed'}" })
	void itemsMissingInFinalResponseDoNotShiftOthers(String before) {
		streamWith(event("output_item.done", "'output_index':0,'item':" + before),
				event("output_text.delta", "'output_index':1,'delta':'Hi'"),
				event("output_item.done", "'output_index':1,'item':" + MESSAGE),
				event("output_item.done", "'output_index':2,'item':" + call("a", "{}")),
				event("completed", "'response':{'id':'r','status':'completed','model':'grok-4.3','output':[" + MESSAGE
						+ "," + call("a", "{}") + "]}"));
		List<ChatResponse> elements = Invocation.STREAM.invoke(this.model, new Prompt("hi"));
		assertThat(Invocation.text(elements)).isEqualTo("Hi");
		assertThat(elements.get(elements.size() - 1).getResult().getOutput().getToolCalls()).hasSize(1);
	}

	@Test
	void itemWithChangedIdIsOneItem() {
		streamWith(event("output_item.added", "'output_index':0,'item':" + named("f1", "a", "")),
				event("function_call_arguments.delta", "'output_index':0,'item_id':'f1','delta':'{}'"),
				event("output_item.done", "'output_index':0,'item':" + named("f2", "a", "{}")),
				event("completed", "'response':{'id':'r','status':'completed','model':'grok-4.3','output':["
						+ named("f3", "a", "{}") + "]}"));
		assertCalls("a{}");
		String message = MESSAGE.replace("{'type':'message'", "{'id':'m%s','type':'message'");
		streamWith(event("output_item.added", "'output_index':0,'item':" + message.formatted(1)),
				event("output_text.delta", "'output_index':0,'item_id':'m1','delta':'Hi'"),
				event("output_item.done", "'output_index':0,'item':" + message.formatted(2)),
				event("completed", "'response':{'id':'r','status':'completed','model':'grok-4.3','output':["
						+ message.formatted(3) + "]}"));
		assertThat(text(Invocation.STREAM)).isEqualTo("Hi");
	}

	@Test
	void callWithArgumentsEventOnlyIsRead() {
		streamWith(event("function_call_arguments.delta", "'output_index':0,'item_id':'f','delta':'{}'"),
				event("function_call_arguments.done",
						"'output_index':0,'item_id':'f','name':'weather','arguments':'{}'"),
				end());
		assertCalls("f{}");
	}

	@Test
	void failureWithoutResponseIsServerError() {
		streamWith(event("output_text.delta", "'output_index':0,'delta':'Hi'"), event("failed", "'sequence_number':1"));
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.SERVER_ERROR);
		streamWith(event("output_text.delta", "'output_index':0,'delta':'Hi'"),
				event("error", "'code':'rate_limit_exceeded','message':'Slow down'"));
		assertThat(failure(Invocation.STREAM).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "'status':'cancelled',", "" })
	void cancelledResponseIsIncomplete(String status) {
		streamWith(event("output_item.done", "'output_index':0,'item':" + call("a", "{}")),
				event("cancelled", "'response':{'id':'r'," + status + "'model':'grok-4.3','output':[]}"));
		ChatResponse response = last(Invocation.STREAM);
		assertThat(response.hasToolCalls()).isFalse();
		assertThat(response.getResult().getMetadata().getFinishReason())
			.isEqualTo(status.isEmpty() ? "INCOMPLETE" : "CANCELLED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "'output':[%s],'usage':{'input_tok", "'output':[%s]" })
	void bodyTruncatedAfterOutputIsAccepted(String rest) {
		String body = "{'id':'r','status':'completed','model':'grok-4.3'," + rest.formatted(MESSAGE);
		xai.answersRaw(200, "application/json", json(body));
		assertThat(text(Invocation.CALL)).isEqualTo("Hi");
		xai.answersRaw(200, "application/json", json(body.replace("'status':'completed',", "")));
		assertThat(failure(Invocation.CALL).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	private void assertCalls(String... expected) {
		assertThat(last(Invocation.STREAM).getResult().getOutput().getToolCalls())
			.extracting((call) -> call.id() + call.arguments())
			.containsExactly(expected);
	}

	private static String named(String id, String callId, String arguments) {
		return call(callId, arguments).replace("{'type'", "{'id':'" + id + "','type'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "'status':'completed',", "'status':'incomplete',", "'incomplete_details':{}," })
	void toolCallsOfIncompleteResponseAreNotExecuted(String status) {
		streamWith(event("output_item.done", "'output_index':0,'item':" + call("a", "{}")),
				event("incomplete", "'response':{'id':'r'," + status + "'model':'grok-4.3','output':[]}"));
		ChatResponse response = last(Invocation.STREAM);
		assertThat(response.hasToolCalls()).isFalse();
		assertThat(response.getMetadata().<List<?>>get("grok.truncated-tool-calls")).hasSize(1);
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("INCOMPLETE");
	}

	private static String call(String id, String arguments) {
		return "{'type':'function_call','call_id':'" + id + "','name':'weather','arguments':'" + arguments + "'}";
	}

	private static void respondWith(Invocation invocation, String before, String output, String after) {
		String response = "{'id':'r','object':'response','model':'grok-4.3'," + before + "'output':[" + output + "]"
				+ after + "}";
		if (invocation == Invocation.CALL) {
			xai.answersRaw(200, "application/json", json(response));
		}
		else {
			streamWith(event("completed", "'response':" + response));
		}
	}

	private static void streamWith(String... events) {
		xai.streamsRaw(String.join("", events));
	}

	private static String event(String name, String data) {
		return json("event: response." + name + "\ndata: {'type':'response." + name + "'," + data + "}\n\n");
	}

	private static String end() {
		return event("completed", "'response':{'id':'r','status':'completed','model':'grok-4.3','output':[]}");
	}

	private static String json(String text) {
		return text.replace('\'', '"');
	}

	private String text(Invocation invocation) {
		return Invocation.text(invocation.invoke(this.model, new Prompt("hi")));
	}

	private static String text(ChatResponse element) {
		return String.valueOf(element.getResult().getOutput().getText());
	}

	private ChatResponse last(Invocation invocation) {
		return invocation.last(this.model, new Prompt("hi"));
	}

	private GrokApiException failure(Invocation invocation) {
		GrokApiException failure = catchThrowableOfType(GrokApiException.class, () -> last(invocation));
		assertThat(failure).isNotNull();
		return failure;
	}

}
