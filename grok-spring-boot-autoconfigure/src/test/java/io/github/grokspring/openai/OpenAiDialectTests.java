package io.github.grokspring.openai;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.scrub.ResponseCheckChatModel;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Citation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for responses of gateways that are read through the OpenAI SDK.
 */
class OpenAiDialectTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final ToolCall ROME = new ToolCall("a", "function", "weather", "{\"city\":\"Rome\"}");

	private static final ToolCall OSLO = new ToolCall("b", "function", "time", "{\"city\":\"Oslo\"}");

	private static final String HEAD = "'id':'1','object':'chat.completion.chunk','created':1,'model':'grok-4.3'";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final OpenAiTransport transport = OpenAiTransport.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()),
			xai::apiKey, null, ModelCatalog.bundled(), ObservationRegistry.NOOP, null);

	private final GrokChatModel model = GrokChatModel.builder("openai", this.transport)
		.options(GrokChatOptions.builder().model("grok-4.3").build())
		.build();

	@AfterEach
	void close() {
		this.transport.close();
	}

	static Stream<Arguments> dialects() {
		String rome = "'function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}}";
		String oslo = "'function':{'name':'time','arguments':'{\\'city\\':\\'Oslo\\'}'}}";
		return Stream.of(
				dialect("whole calls", List.of(ROME, OSLO), "[{'index':0,'id':'a'," + rome + "]",
						"[{'index':1,'id':'b'," + oslo + "]"),
				dialect("the whole name in every chunk", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\''}}]",
						"[{'index':0,'function':{'name':'weather','arguments':':\\'Rome\\'}'}}]"),
				dialect("indexes that begin at 1", List.of(ROME, OSLO), "[{'index':1,'id':'a'," + rome + "]",
						"[{'index':2,'id':'b'," + oslo + "]"),
				dialect("no function", List.of(ROME), "[{'index':0,'function':null}]",
						"[{'index':0,'id':'a'," + rome + "]"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("dialects")
	void streamedFragmentsAreAssembledToToolCalls(String dialect, List<ToolCall> expected, List<String> chunks) {
		stream(chunks.stream().map((calls) -> delta("'tool_calls':" + calls, "")), finish("tool_calls"));
		assertThat(toolCalls()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\\'city\\':" })
	void toolCallsOfBrokenStreamAreNotExecuted(String arguments) {
		xai.streamsRaw(json("data: " + delta(
				"'tool_calls':[{'index':0,'id':'a','function':{'name':'weather','arguments':'" + arguments + "'}}]", "")
				+ "\n\n"));
		assertThat(catchThrowableOfType(GrokApiException.class, this::elements).kind())
			.isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	@Test
	void reasoningIsOutputWhenTheTotalIsZero() {
		whole("'content':'Hi'", "'stop'", ",'usage':{'prompt_tokens':120,'completion_tokens':30,'total_tokens':0,"
				+ "'completion_tokens_details':{'reasoning_tokens':70}}");
		assertThat(call().getMetadata().getUsage().getCompletionTokens()).isEqualTo(100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",'total_tokens':0", ",'total_tokens':null", ",'total_tokens':-1", ",'total_tokens':1",
			",'total_tokens':120", ",'total_tokens':'150'", ",'total_tokens':150", ",'total_tokens':200" })
	void reasoningIsOutputWhenTheTotalIsMissingOrWrong(String total) {
		String usage = ",'usage':{'prompt_tokens':120,'completion_tokens':30" + total
				+ ",'completion_tokens_details':{'reasoning_tokens':70}}";
		whole("'content':'Hi'", "'stop'", usage);
		assertThat(call().getMetadata().getUsage().getCompletionTokens()).isEqualTo(100);
		stream(Stream.of(delta("'content':'Hi'", "")), finish("stop"), "{" + HEAD + ",'choices':[]" + usage + "}");
		List<ChatResponse> elements = elements();
		assertThat(elements.get(elements.size() - 1).getMetadata().getUsage().getCompletionTokens()).isEqualTo(100);
		assertThat(elements.get(elements.size() - 1).getMetadata().getUsage().getTotalTokens()).isEqualTo(220);
	}

	@ParameterizedTest
	@ValueSource(strings = { "length", "content_filter" })
	void toolCallsOfIncompleteResponseAreNotExecuted(String reason) {
		String calls = "'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':'{}'}}]";
		whole("'content':''," + calls, "'" + reason + "'", "");
		assertTruncated(List.of(call()), reason);
		stream(Stream.of(delta(calls, "")), finish(reason));
		assertTruncated(elements(), reason);
		stream(Stream.of(delta(calls, ",'finish_reason':'" + reason + "'")));
		assertTruncated(elements(), reason);
	}

	@Test
	void toolCallsOfUnknownFinishReasonAreNotExecuted() {
		String calls = "'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':'{}'}}]";
		whole("'content':''," + calls, "'max_tokens'", "");
		ChatResponse response = call();
		assertThat(response.hasToolCalls()).isFalse();
		assertThat(response.getMetadata().<List<?>>get("grok.truncated-tool-calls")).hasSize(1);
		stream(Stream.of(delta(calls, "")), finish("max_tokens"));
		assertThat(catchThrowableOfType(GrokApiException.class, this::elements).kind())
			.isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	private static void assertTruncated(List<ChatResponse> elements, String reason) {
		assertThat(elements).noneMatch(ChatResponse::hasToolCalls);
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualToIgnoringCase(reason);
		assertThat(last.getMetadata().<List<?>>get("grok.truncated-tool-calls")).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "'tool_calls'", "'stop'", "'function_call'" })
	void toolCallsOfCompleteResponseAreReturned(String reason) {
		String calls = "'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':'{}'}}]";
		whole("'content':''," + calls, reason, "");
		assertThat(call().getResult().getOutput().getToolCalls()).hasSize(1);
		stream(Stream.of(delta(calls, "")), delta("", ",'finish_reason':" + reason));
		assertThat(toolCalls()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{%s,'choices':[]}", "{%s,'choices':[{'index':0,'delta':{}}]}" })
	void emptyChunksAreIgnored(String format) {
		String chunk = format.formatted(HEAD);
		stream(Stream.of(chunk, delta("'content':'He'", ""), chunk, delta("'content':'llo'", ""), chunk),
				finish("stop"), chunk);
		assertThat(text(elements())).isEqualTo("Hello");
	}

	@Test
	void elementsDoNotEndInHighSurrogate() {
		stream(Stream.of(delta("'reasoning_content':'Hm \\ud83d'", ""), delta("'reasoning_content':'\\ude00!'", ""),
				delta("'content':'Hi \\ud83d'", ""), delta("'content':'\\ude00!'", "")), finish("stop"));
		List<ChatResponse> elements = elements();
		assertThat(text(elements)).isEqualTo("Hi \ud83d\ude00!");
		assertThat(elements).allSatisfy((element) -> {
			AssistantMessage message = element.getResult().getOutput();
			assertWhole(message.getText());
			assertWhole((String) message.getMetadata().get("reasoning-delta"));
		});
		assertThat(elements.get(elements.size() - 1).getMetadata().<String>get("reasoning"))
			.isEqualTo("Hm \ud83d\ude00!");
		stream(Stream.of(delta("'content':'Hi \\ud83d'", "")), finish("stop"));
		assertThat(text(elements())).isEqualTo("Hi \ud83d");
	}

	private static void assertWhole(String text) {
		assertThat(text == null || text.isEmpty() || !Character.isHighSurrogate(text.charAt(text.length() - 1)))
			.isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			CALL   | text/html                | <html>secret</html>
			STREAM | text/html                | <html>secret</html>
			CALL   | text/plain               | secret
			STREAM | text/plain               | secret
			CALL   | text/event-stream        | data: {"choices":[{"delta":{"content":"secret"}}]}
			STREAM | application/octet-stream | data: {"choices":[{"delta":{"content":"secret"}}]}
			STREAM | application/json         | {"choices":[{"message":{"content":"secret"}}]}
			CALL   | application/json         | ["secret"]
			CALL   | application/json         | {"secret":1}
			""")
	void unexpectedResponseIsReportedWithContentType(Invocation invocation, String type, String body) {
		xai.answersRaw(200, type, body);
		GrokApiException ex = catchThrowableOfType(GrokApiException.class,
				() -> invocation.invoke(this.model, new Prompt("hi")));
		assertThat(ex.kind()).isEqualTo(ErrorKind.UNKNOWN);
		assertThat(ex.isRetryable()).isFalse();
		assertThat(ex).hasMessageContaining(type).hasMessageNotContaining("secret");
	}

	@Test
	void refusalEndsWithContentFilter() {
		whole("'content':null,'refusal':'I cannot help.'", "'stop'", "");
		assertRefusal(call());
		stream(Stream.of(delta("'refusal':'I cannot '", ""), delta("'refusal':'help.'", "")), finish("stop"));
		List<ChatResponse> elements = elements();
		assertRefusal(elements.get(elements.size() - 1));
	}

	private static void assertRefusal(ChatResponse response) {
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("CONTENT_FILTER");
		assertThat(response.getResult().getOutput().getMetadata()).containsEntry("refusal", "I cannot help.");
	}

	@Test
	void citationsAreInMetadata() {
		String sources = ",'citations':['https://a.example/','https://x.com/b']";
		whole("'content':'Hi [[1]](https://a.example/)','annotations':[{'type':'url_citation','url_citation':"
				+ "{'url':'https://a.example/','title':'1','start_index':3,'end_index':28}}]", "'stop'", sources);
		assertThat(call().getMetadata().<List<Citation>>get("citations")).containsExactly(
				new Citation("https://a.example/", "1", 3, 28, Citation.Kind.WEB), Citation.of("https://x.com/b"));
		stream(Stream.of(delta("'content':'Hi'", "")),
				"{" + HEAD + ",'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]" + sources + "}");
		List<ChatResponse> elements = elements();
		assertThat(elements.get(elements.size() - 1).getMetadata().<List<Citation>>get("citations"))
			.containsExactly(Citation.of("https://a.example/"), Citation.of("https://x.com/b"));
	}

	@Test
	void commentsAreSkipped() {
		xai.streamsRaw(json("data: " + delta("'content':'He'", "") + "\n\n: comment\n\ndata: "
				+ delta("'content':'llo'", ",'finish_reason':'stop'") + "\n\n: comment\n\ndata: [DONE] \n\n"));
		assertThat(text(elements())).isEqualTo("Hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "''", "{}", "{'message':'','type':'','code':null}", "null" })
	void emptyErrorIsIgnored(String error) {
		whole("'content':'Hi'", "'stop'", ",'error':" + error);
		assertThat(call().getResult().getOutput().getText()).isEqualTo("Hi");
	}

	@Test
	void blankIdAndModelOfLaterChunkAreIgnored() {
		stream(Stream.of(delta("'content':'Hi'", "")), finish("stop"),
				"{'id':'','object':'chat.completion.chunk','created':1,'model':'','choices':[],'usage':{'prompt_tokens':1,'completion_tokens':1,'total_tokens':2}}");
		List<ChatResponse> elements = elements();
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(last.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(last.getMetadata().getId()).isEqualTo("1");
	}

	@Test
	void singleChoiceCanHaveAnyIndex() {
		xai.answersRaw(200, "application/json", json("{" + HEAD
				+ ",'choices':[{'index':1,'message':{'role':'assistant','content':'Hi'},'finish_reason':'stop'}]}"));
		assertThat(call().getResult().getOutput().getText()).isEqualTo("Hi");
	}

	@Test
	void unreadableBodyIsNotRetryable() {
		xai.answersRaw(200, "application/json", json("{'id':'1','choices':[{'message':{'content':'secret te"));
		GrokApiException ex = catchThrowableOfType(GrokApiException.class, this::call);
		assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		assertThat(ex.isRetryable()).isFalse();
		assertThat(ex).hasMessageNotContaining("secret");
	}

	@ParameterizedTest
	@EnumSource
	void toolCallsWithoutResultAreOmittedIfIdsRepeat(Invocation invocation) {
		AssistantMessage calling = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new ToolCall("call_0", "function", "weather", "{}")))
			.build();
		ToolResponseMessage answer = ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("call_0", "weather", "rain")))
			.build();
		xai.answers("ok");
		invocation.invoke(this.model, new Prompt(List.of(new UserMessage("Weather?"), calling, answer,
				new AssistantMessage("Rain."), new UserMessage("And now?"), calling, new UserMessage("Well?"))));
		assertThat(xai.lastRequest().body()).containsOnlyOnce("\"tool_calls\"").containsOnlyOnce("\"tool_call_id\"");
	}

	@Test
	void responseWithReasoningOnlyIsExplained() {
		GrokChatModel checked = GrokChatModel.builder("openai", this.transport)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(ResponseCheckChatModel.decorator(ModelCatalog.bundled(), GrokEventListener.none(),
					InstantSource.system())))
			.build();
		String usage = ",'usage':{'prompt_tokens':5,'completion_tokens':0,'total_tokens':85,"
				+ "'completion_tokens_details':{'reasoning_tokens':80}}";
		whole("'content':''", "'stop'", usage);
		assertThat(checked.call(new Prompt("hi")).getMetadata().<String>get("grok.explanation")).contains("80 tokens");
		stream(Stream.of(delta("'content':''", ",'finish_reason':'stop'")), "{" + HEAD + ",'choices':[]" + usage + "}");
		assertThat(Invocation.STREAM.last(checked, new Prompt("hi")).getMetadata().<String>get("grok.explanation"))
			.contains("80 tokens");
	}

	@Test
	void emptyArgumentsAreSentAsObject() {
		xai.answers("ok");
		AssistantMessage asked = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new ToolCall("c", "function", "now", "")))
			.build();
		this.model.call(new Prompt(List.of(new UserMessage("time?"), asked,
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("c", "now", "12:00")))
					.build())));
		assertThat(xai.lastRequest().json().at("/messages/1/tool_calls/0/function/arguments").asString())
			.isEqualTo("{}");
	}

	@Test
	void userMessageWithoutTextIsRejected() {
		Prompt prompt = new Prompt(List.of(new UserMessage("")));
		long before = xai.requestCount();
		assertThat(catchThrowableOfType(GrokApiException.class, () -> this.model.call(prompt)).isSent()).isFalse();
		assertThat(
				catchThrowableOfType(GrokApiException.class, () -> this.model.stream(prompt).blockLast(TIMEOUT)).kind())
			.isEqualTo(ErrorKind.INVALID_REQUEST);
		assertThat(xai.requestCount()).isEqualTo(before);
	}

	private static Arguments dialect(String name, List<ToolCall> expected, String... chunks) {
		return Arguments.of(name, expected, List.of(chunks));
	}

	private List<ToolCall> toolCalls() {
		return elements().stream()
			.flatMap((element) -> element.getResults().stream())
			.flatMap((generation) -> generation.getOutput().getToolCalls().stream())
			.toList();
	}

	private void whole(String message, String finishReason, String more) {
		xai.answersRaw(200, "application/json",
				json("{'id':'1','object':'chat.completion','created':1,"
						+ "'model':'grok-4.3','choices':[{'index':0,'message':{'role':'assistant'," + message
						+ "},'finish_reason':" + finishReason + "}]" + more + "}"));
	}

	private static void stream(Stream<String> chunks, String... more) {
		xai.streamsRaw(json(Stream.concat(chunks, Stream.of(more))
			.map((chunk) -> "data: " + chunk + "\n\n")
			.collect(Collectors.joining("", "", "data: [DONE]\n\n"))));
	}

	private static String delta(String delta, String more) {
		return "{" + HEAD + ",'choices':[{'index':0,'delta':{" + delta + "}" + more + "}]}";
	}

	private static String finish(String reason) {
		return delta("", ",'finish_reason':'" + reason + "'");
	}

	private ChatResponse call() {
		return this.model.call(new Prompt("hi"));
	}

	private List<ChatResponse> elements() {
		return this.model.stream(new Prompt("hi")).collectList().block(TIMEOUT);
	}

	private static String text(List<ChatResponse> elements) {
		return elements.stream()
			.flatMap((element) -> element.getResults().stream())
			.map((generation) -> generation.getOutput().getText())
			.collect(Collectors.joining());
	}

	private static String json(String text) {
		return text.replace('\'', '"');
	}

}
