package io.github.grokspring.completions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.MeteringSettings;
import io.github.grokspring.cost.OnUnpriced;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.scrub.ResponseCheckChatModel;
import io.github.grokspring.tool.Citation;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for Chat Completions responses in the dialects of gateways and other servers.
 */
class ForeignDialectTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final String USAGE = "{'prompt_tokens':120,'completion_tokens':30,'total_tokens':150,"
			+ "'completion_tokens_details':{'reasoning_tokens':0}}";

	private final GrokOnTheWire wire = new GrokOnTheWire();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final GrokChatModel model = this.wire.client("dialect",
			MeteringChatModel.decorator(new MeteringSettings(
					CostCalculator.of(ModelCatalog.bundled(), PriceConditions.STANDARD), OnUnpriced.WARN,
					BigDecimal.ONE, TenantResolver.user(), this.events::add, InstantSource.system(), System::nanoTime)),
			ResponseCheckChatModel.decorator(ModelCatalog.bundled(), GrokEventListener.none(), InstantSource.system()));

	@AfterEach
	void stop() {
		this.wire.close();
	}

	@Test
	void countsOfTypeStringAreRead() {
		String usage = "{'prompt_tokens':'120','completion_tokens':'30','total_tokens':'150','prompt_tokens_details':{'cached_tokens':'20'}}";
		whole("{'content':'Hi'}", "stop", ",'usage':" + usage);
		assertCounts(call());
		stream(chunk("{'content':'Hi'}", "stop"), usage(usage));
		assertCounts(last());
	}

	private static void assertCounts(ChatResponse response) {
		assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(120);
		assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(30);
		assertThat(response.getMetadata().getUsage().getCacheReadInputTokens()).isEqualTo(20L);
		assertThat(response.getMetadata().<TokenUsage>get("grok.tokens"))
			.isEqualTo(new TokenUsage(100, 20, 0, 30, 0, Map.of(), false));
	}

	@Test
	void reasoningIsOutputWhenTheTotalIsMissing() {
		String usage = "{'prompt_tokens':120,'completion_tokens':30,'completion_tokens_details':{'reasoning_tokens':70}}";
		whole("{'content':'Hi'}", "stop", ",'usage':" + usage);
		assertThat(call().getMetadata().getUsage().getCompletionTokens()).isEqualTo(100);
		stream(chunk("{'content':'Hi'}", "stop"), usage(usage));
		assertThat(last().getMetadata().getUsage().getTotalTokens()).isEqualTo(220);
	}

	@ParameterizedTest
	@ValueSource(strings = { ",'total_tokens':0", ",'total_tokens':null", ",'total_tokens':-1", ",'total_tokens':1",
			",'total_tokens':120", ",'total_tokens':'150'", ",'total_tokens':150", ",'total_tokens':200" })
	void reasoningIsOutputWhenTheTotalIsWrong(String total) {
		String usage = "{'prompt_tokens':120,'completion_tokens':30" + total
				+ ",'completion_tokens_details':{'reasoning_tokens':70}}";
		whole("{'content':'Hi'}", "stop", ",'usage':" + usage);
		assertThat(call().getMetadata().getUsage().getCompletionTokens()).isEqualTo(100);
		stream(chunk("{'content':'Hi'}", "stop"), usage(usage));
		ChatResponse last = last();
		assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(100);
		assertThat(last.getMetadata().<TokenUsage>get("grok.tokens"))
			.isEqualTo(new TokenUsage(120, 0, 0, 30, 70, Map.of(), false));
	}

	@Test
	void blankIdAndModelAreIgnored() {
		stream("{'id':'','model':'','choices':[]}",
				"{'id':'','model':' ','choices':[{'index':0,'delta':{'role':'assistant'}}]}",
				"{'id':'c1','model':'grok-4.6','choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}]}",
				usage(USAGE));
		ChatResponse last = last();
		assertThat(last.getMetadata().getId()).isEqualTo("c1");
		assertThat(last.getMetadata().getModel()).isEqualTo("grok-4.6");
		assertThat(costs()).singleElement().satisfies((cost) -> assertThat(cost.model()).isEqualTo("grok-4.6"));
	}

	@Test
	void brokenStreamHasPriceOfModelNamedLater() {
		stream("{'id':'','model':'','choices':[{'index':0,'delta':{'content':'Hel'}}]}",
				"{'id':'c1','model':'grok-4.6','choices':[{'index':0,'delta':{'content':'lo'}}]}");
		GrokApiException ex = catchThrowableOfType(GrokApiException.class,
				() -> this.model.stream(new Prompt("hi")).blockLast(TIMEOUT));
		assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		assertThat(costs()).singleElement().satisfies((cost) -> assertThat(cost.model()).isEqualTo("grok-4.6"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'prompt_tokens':0,'completion_tokens':0,'total_tokens':0}", "{}", "[]", "'none'" })
	void emptyUsageIsIgnored(String nothing) {
		stream(chunk("{'content':'Hi'}", "stop"), usage(USAGE), usage(nothing));
		ChatResponse last = last();
		assertThat(last.getMetadata().getUsage().getTotalTokens()).isEqualTo(150);
		assertThat(last.getMetadata().<TokenUsage>get("grok.tokens").estimated()).isFalse();
	}

	@Test
	void fragmentsAreMerged() {
		stream("{'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':{'refusal':'I can'},"
				+ "'logprobs':{'content':[{'token':'a'}],'refusal':null}}]}",
				"{'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':{'refusal':'not'},"
						+ "'logprobs':{'content':[{'token':'a'},{'token':'b'}]}}]}",
				chunk("{'annotations':[" + annotation("https://a.example/", 0, 3) + "]}"),
				chunk("{'annotations':[" + annotation("https://b.example/", 3, 6) + "]}"), chunk("{}", "stop"));
		Map<String, Object> message = last().getResult().getOutput().getMetadata();
		assertThat(message).containsEntry("refusal", "I cannot");
		assertThat(message.get("logprobs")).hasToString("{content=[{token=a}, {token=a}, {token=b}], refusal=null}");
		assertThat(message.get("annotations")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(2);
	}

	@Test
	void citationsAreCitationsOnCallAndStream() {
		String annotations = "[" + annotation("https://a.example/", 5, 30) + ",{'type':'file_citation','file_id':'f'}]";
		String text = "\\ud83d\\ude00 Hi [[1]](https://a.example/)";
		String sources = ",'citations':['https://a.example/','https://x.com/b',{'url':'https://c.example/','title':'C'},null,7]";
		whole("{'content':'" + text + "','annotations':" + annotations + "}", "stop", sources);
		assertCitations(call());
		stream(chunk("{'content':'" + text + "'}"),
				"{'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':{'annotations':" + annotations
						+ "},'finish_reason':'stop'}]" + sources + "}",
				"{'id':'1','model':'grok-4.3','choices':[]" + sources + "}");
		assertCitations(last());
	}

	private static void assertCitations(ChatResponse response) {
		assertThat(response.getMetadata().<List<Citation>>get(Citation.METADATA_KEY)).containsExactly(
				new Citation("https://a.example/", "1", 6, 31, Citation.Kind.WEB), Citation.of("https://x.com/b"),
				new Citation("https://c.example/", "C", -1, -1, Citation.Kind.WEB));
	}

	@ParameterizedTest
	@ValueSource(strings = { "stop", "tool_calls" })
	void refusalEndsWithContentFilter(String reason) {
		whole("{'content':null,'refusal':'I cannot help.'}", reason, "");
		assertRefusal(call());
		stream(chunk("{'refusal':'I cannot '}"), chunk("{'refusal':'help.'}"), chunk("{}", reason));
		assertRefusal(last());
	}

	private static void assertRefusal(ChatResponse response) {
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("CONTENT_FILTER");
		assertThat(response.getResult().getOutput().getMetadata()).containsEntry("refusal", "I cannot help.");
		assertThat(response.getResult().getOutput().getText()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: null", "event: ping\ndata: it is noon", "event: ping\ndata: {'error':'none'}",
			"event: heartbeat\ndata: \"x", "data: keep-alive", "data: 1", "data: []", "data: 'text'", ": comment" })
	void eventsThatAreNotChunksAreSkipped(String event) {
		this.wire.xai()
			.streamsRaw(json("data: " + chunk("{'content':'He'}") + "\n\n" + event + "\n\ndata: "
					+ chunk("{'content':'llo'}", "stop") + "\n\n" + event + "\n\ndata: [DONE] \n\n"));
		assertThat(text()).isEqualTo("Hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {'choices':[{'index':0,'delta':{'con",
			"data: oices':[{'index':0,'delta':{'content':'x'}}]}",
			"event: chat.completion.chunk\ndata: {'choices':[{'index':0,", "event: message\ndata: ':[" })
	void invalidChunkIsBrokenStream(String event) {
		this.wire.xai()
			.streamsRaw(json("data: " + chunk("{'content':'He'}") + "\n\n" + event + "\n\ndata: "
					+ chunk("{'content':'llo'}", "stop") + "\n\n"));
		assertThat(streamFailure().kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "''", "' '", "{}", "{'message':'','type':'','code':null}",
			"{'message':'','type':'error','param':'x'}", "false", "0", "[]", "{'message':null,'code':0}" })
	void emptyErrorIsIgnored(String error) {
		whole("{'content':'Hi'}", "stop", ",'error':" + error + ",'code':''");
		assertThat(call().getResult().getOutput().getText()).isEqualTo("Hi");
		stream("{'id':'1','model':'grok-4.3','error':" + error
				+ ",'choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop','error':" + error + "}]}");
		assertThat(text()).isEqualTo("Hi");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{'code':502,'message':'Provider disconnected'} | OVERLOADED
			{'code':429,'message':'Rate limit exceeded'} | RATE_LIMITED
			{'code':'server_error','message':'It broke'} | SERVER_ERROR
			null | SERVER_ERROR
			""")
	void errorWithinChoiceIsAnErrorWithItsCode(String error, ErrorKind kind) {
		whole("{'content':'Hal'}", "error", "", ",'error':" + error);
		assertThat(callFailure().kind()).isEqualTo(kind);
		stream(chunk("{'content':'Hal'}"),
				"{'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':{'content':''},'finish_reason':'error','error':"
						+ error + "}]}");
		assertThat(streamFailure().kind()).isEqualTo(kind);
	}

	@Test
	void errorEventWithAnyTextIsAnError() {
		this.wire.xai().streamsRaw("event: error\ndata: upstream is gone\n\n");
		assertThat(streamFailure()).hasMessageContaining("upstream is gone");
	}

	@Test
	void reasoningInTwoFieldsIsReadOnce() {
		String both = "{'reasoning':'Let me see','reasoning_content':'Let me see','content':'4'}";
		whole(both, "stop", "");
		assertThat(call().getMetadata().<String>get("reasoning")).isEqualTo("Let me see");
		stream(chunk("{'reasoning':'','reasoning_content':'Let me '}"),
				chunk("{'reasoning':'see','reasoning_content':'see'}"), chunk("{'content':'4'}", "stop"));
		assertThat(last().getMetadata().<String>get("reasoning")).isEqualTo("Let me see");
	}

	@Test
	void elementsDoNotEndInHighSurrogate() {
		stream(chunk("{'reasoning_content':'\\ud83d'}"), chunk("{'reasoning_content':'\\ude00'}"),
				chunk("{'content':'a\\ud83d'}"), chunk("{'content':'\\ude00b'}"), chunk("{'content':'\\ud83d'}"),
				chunk("{}", "stop"));
		List<ChatResponse> elements = elements();
		assertThat(elements.stream().map((element) -> element.getResult().getOutput().getText()))
			.filteredOn((text) -> text.length() > 1)
			.allMatch((text) -> !Character.isHighSurrogate(text.charAt(text.length() - 1)));
		assertThat(elements.stream()
			.map((element) -> element.getResult().getOutput().getText())
			.collect(Collectors.joining())).isEqualTo("a\ud83d\ude00b\ud83d");
		assertThat(elements.stream()
			.map((element) -> element.getResult().getOutput().getMetadata().get("reasoning-delta"))
			.filter(Objects::nonNull)).containsExactly("\ud83d\ude00");
	}

	@Test
	void reasoningWithoutTextIsExplained() {
		String usage = "{'prompt_tokens':5,'completion_tokens':0,'total_tokens':85,'completion_tokens_details':{'reasoning_tokens':80}}";
		whole("{'content':''}", "stop", ",'usage':" + usage);
		assertThat(call().getMetadata().<String>get("grok.explanation")).contains("80 tokens");
		stream(chunk("{}", "stop"), usage(usage));
		assertThat(last().getMetadata().<String>get("grok.explanation")).contains("80 tokens");
		whole("{'content':'Hi'}", "stop", ",'usage':" + usage);
		assertThat(call().getMetadata().containsKey("grok.explanation")).isFalse();
	}

	@Test
	void singleChoiceCanHaveAnyIndex() {
		this.wire.xai()
			.answersRaw(200, "application/json", json(
					"{'id':'1','model':'grok-4.3','choices':[{'index':1,'message':{'content':'Hi'},'finish_reason':'stop'}]}"));
		ChatResponse response = call();
		assertThat(response.getResults()).hasSize(1);
		assertThat(response.getResult().getOutput().getText()).isEqualTo("Hi");
		stream("{'id':'1','model':'grok-4.3','choices':[{'index':3,'delta':{'content':'Hi'},'finish_reason':'stop'}]}");
		assertThat(text()).isEqualTo("Hi");
	}

	@Test
	void userMessageWithoutTextIsRejected() {
		Prompt prompt = new Prompt(List.of(new UserMessage("")));
		GrokApiException called = catchThrowableOfType(GrokApiException.class, () -> this.model.call(prompt));
		GrokApiException streamed = catchThrowableOfType(GrokApiException.class,
				() -> this.model.stream(prompt).blockLast(TIMEOUT));
		assertThat(List.of(called, streamed)).allSatisfy((ex) -> {
			assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
			assertThat(ex.isSent()).isFalse();
			assertThat(ex).hasMessageContaining("user message");
		});
		assertThat(this.wire.xai().requestCount()).isZero();
		assertThat(costs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'prompt_tokens':120,'completion_tokens':30,'total_tokens':150,'cost_in_usd_ticks':NaN}",
			"{'prompt_tokens':120,'completion_tokens':30,'total_tokens':150,'cost_in_usd_ticks':LONG}",
			"{'prompt_tokens':120,'completion_tokens':30,'total_tokens':150,'cost_in_usd_ticks':-Infinity}" })
	void unreadableCostIsIgnored(String usage) {
		String unreadable = usage.replace("LONG", "9".repeat(2000));
		whole("{'content':'Hi'}", "stop", ",'usage':" + unreadable);
		assertThat(call().getResult().getOutput().getText()).isEqualTo("Hi");
		stream(chunk("{'content':'Hi'}", "stop"), usage(unreadable));
		assertThat(text()).isEqualTo("Hi");
		assertThat(costs()).hasSize(2).allSatisfy((cost) -> {
			assertThat(cost.inputTokens()).isEqualTo(120);
			assertThat(cost.estimated()).isFalse();
			assertThat(cost.ticks()).isPositive();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'prompt_tokens':NaN,'completion_tokens':NaN,'total_tokens':NaN}",
			"{'prompt_tokens':1,,}", "{'prompt_tokens':0x12}", "{'prompt_to" })
	void usageThatCannotBeReadIsEstimated(String usage) {
		whole("{'content':'Hi'}", "stop", ",'usage':" + usage);
		assertThat(call().getResult().getOutput().getText()).isEqualTo("Hi");
		stream(chunk("{'content':'Hi'}", "stop"), usage(usage));
		assertThat(text()).isEqualTo("Hi");
		assertThat(costs()).hasSize(2).allSatisfy((cost) -> {
			assertThat(cost.estimated()).isTrue();
			assertThat(cost.ticks()).isPositive();
		});
	}

	@Test
	void bodyTruncatedAfterChoicesIsAccepted() {
		this.wire.xai()
			.answersRaw(200, "application/json", json(
					"{'id':'1','model':'grok-4.3','choices':[{'message':{'content':'Hi'},'finish_reason':'stop'}],'us"));
		ChatResponse response = call();
		assertThat(response.getResult().getOutput().getText()).isEqualTo("Hi");
		assertThat(response.getMetadata().getUsage()).isInstanceOf(EmptyUsage.class);
		assertThat(costs()).singleElement().satisfies((cost) -> assertThat(cost.estimated()).isTrue());
	}

	@Test
	void unreadableBodyIsEstimatedAndNotRetryable() throws IOException {
		this.wire.xai()
			.answersRaw(200, "application/json",
					json("{'id':'1','choices':[{'finish_reason':'stop','message':{'content':'secret te"));
		assertUnreadable(callFailure());
		this.wire.xai().answersRaw(200, "application/json", gzip("{\"id\":\"1\",\"choices\":[]}"));
		assertUnreadable(callFailure());
		assertThat(costs()).hasSize(2).allSatisfy((cost) -> {
			assertThat(cost.estimated()).isTrue();
			assertThat(cost.ticks()).isPositive();
		});
	}

	private static void assertUnreadable(GrokApiException ex) {
		assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		assertThat(ex.isRetryable()).isFalse();
		assertThat(ex.status()).isEqualTo(200);
		assertThat(ex).hasMessageNotContaining("grok.base-url").hasMessageNotContaining("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<html>Log in</html>", "{\"request_id\":\"1\"}", "hello" })
	void unknownResponseHasNoCost(String body) {
		this.wire.xai().answersRaw(200, "application/json", body);
		callFailure();
		assertThat(costs()).isEmpty();
	}

	private List<CostRecorded> costs() {
		return this.events.stream().filter(CostRecorded.class::isInstance).map(CostRecorded.class::cast).toList();
	}

	private void whole(String message, String finishReason, String more) {
		whole(message, finishReason, more, "");
	}

	private void whole(String message, String finishReason, String more, String moreOfChoice) {
		this.wire.xai()
			.answersRaw(200, "application/json", json("{'id':'1','model':'grok-4.3','choices':[{'index':0,'message':"
					+ message + ",'finish_reason':'" + finishReason + "'" + moreOfChoice + "}]" + more + "}"));
	}

	private void stream(String... chunks) {
		StringBuilder events = new StringBuilder();
		for (String chunk : chunks) {
			events.append("data: ").append(chunk).append("\n\n");
		}
		this.wire.xai().streamsRaw(json(events + "data: [DONE]\n\n"));
	}

	private static String chunk(String delta) {
		return "{'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':" + delta + "}]}";
	}

	private static String chunk(String delta, String finishReason) {
		return "{'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':" + delta + ",'finish_reason':'"
				+ finishReason + "'}]}";
	}

	private static String usage(String usage) {
		return "{'id':'1','model':'grok-4.3','choices':[],'usage':" + usage + "}";
	}

	private static String annotation(String url, int start, int end) {
		return "{'type':'url_citation','url_citation':{'url':'" + url + "','title':'1','start_index':" + start
				+ ",'end_index':" + end + "}}";
	}

	private ChatResponse call() {
		return this.model.call(new Prompt("hi"));
	}

	private GrokApiException callFailure() {
		return catchThrowableOfType(GrokApiException.class, this::call);
	}

	private List<ChatResponse> elements() {
		return this.model.stream(new Prompt("hi")).collectList().block(TIMEOUT);
	}

	private ChatResponse last() {
		List<ChatResponse> elements = elements();
		return elements.get(elements.size() - 1);
	}

	private String text() {
		return elements().stream()
			.map((element) -> element.getResult().getOutput().getText())
			.collect(Collectors.joining());
	}

	private GrokApiException streamFailure() {
		return catchThrowableOfType(GrokApiException.class, this::elements);
	}

	private static String json(String text) {
		return text.replace('\'', '"');
	}

	private static byte[] gzip(String text) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return out.toByteArray();
	}

}
