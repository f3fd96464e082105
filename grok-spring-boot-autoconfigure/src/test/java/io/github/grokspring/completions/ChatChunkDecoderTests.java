package io.github.grokspring.completions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.chain.ServerTiming;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.tool.Citation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.model.ChatResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ChatChunkDecoder} and {@link ChatCompletionReader}.
 */
class ChatChunkDecoderTests {

	private static final String USAGE = """
			{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,\
			"prompt_tokens_details":{"text_tokens":32,"cached_tokens":20},\
			"completion_tokens_details":{"reasoning_tokens":94},"cost_in_usd_ticks":9999999999}""";

	private final ChatChunkDecoder decoder = new ChatChunkDecoder("grok-3",
			new ResponseHeaders("req-1", new ResponseHeaders.RateLimits(1800, 1799, Long.MAX_VALUE, -1),
					new ServerTiming(222.0, 6.7, 1712.4), null, null));

	private final List<ChatResponse> elements = new ArrayList<>();

	@Test
	void textIsEmittedAsItArrivesAndTheRestInLastElement() {
		chunk("{\"role\":\"assistant\"}");
		chunk("{\"content\":\"Hel\"}");
		chunk("{\"content\":\"lo\"}");
		chunk("{}", "stop");
		raw("{\"id\":\"a\",\"choices\":[],\"usage\":" + USAGE + "}");
		this.decoder.onDone();
		complete();
		assertThat(texts()).containsExactly("Hel", "lo", "");
		assertThat(this.elements.get(0).getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(this.elements.get(0).getMetadata().getUsage()).isInstanceOf(EmptyUsage.class);
		ChatResponse last = last();
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(last.getMetadata().getId()).isEqualTo("a");
		assertThat(last.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(last.getMetadata().<String>get("grok.requested-model")).isEqualTo("grok-3");
		assertThat(last.getMetadata().<String>get("grok.request-id")).isEqualTo("req-1");
		assertThat(last.getMetadata().<ServerTiming>get("grok.server-timing").endToEnd()).isEqualTo(1712.4);
		assertThat(last.getMetadata().<String>get("system_fingerprint")).isEqualTo("fp_1");
		assertThat(last.getMetadata().<Long>get("created")).isEqualTo(1762103791L);
		assertThat(last.getMetadata().getRateLimit().getRequestsRemaining()).isEqualTo(1799L);
		assertThat(last.getMetadata().getRateLimit().getTokensLimit()).isEqualTo(Long.MAX_VALUE);
		assertThat(last.getMetadata().getRateLimit().getTokensRemaining()).isEqualTo(-1L);
	}

	@Test
	void completionTokensIncludeReasoning() {
		chunk("{\"content\":\"Hi\"}", "stop");
		raw("{\"id\":\"a\",\"choices\":[],\"usage\":" + USAGE + "}");
		complete();
		assertThat(last().getMetadata().getUsage().getPromptTokens()).isEqualTo(32);
		assertThat(last().getMetadata().getUsage().getCompletionTokens()).isEqualTo(103);
		assertThat(last().getMetadata().getUsage().getTotalTokens()).isEqualTo(135);
		assertThat(last().getMetadata().getUsage().getCacheReadInputTokens()).isEqualTo(20L);
		assertThat(last().getMetadata().getUsage().getNativeUsage()).hasFieldOrPropertyWithValue("cost_in_usd_ticks",
				9999999999L);
	}

	@Test
	void deltasThatArriveTogetherAreOneElement() {
		feed("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}");
		feed("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}");
		this.elements.addAll(this.decoder.drain());
		assertThat(texts()).containsExactly("ab");
	}

	@Test
	void emptyDeltasAreNotEmitted() {
		chunk("{\"role\":\"assistant\"}");
		chunk("{}");
		chunk("{\"content\":\"\"}");
		assertThat(this.elements).isEmpty();
		assertThat(this.decoder.isWriting()).isFalse();
		chunk("{\"content\":\"x\"}");
		assertThat(this.decoder.isWriting()).isTrue();
	}

	@Test
	void reasoningIsSeparateFromText() {
		chunk("{\"reasoning_content\":\"Let me \",\"role\":\"assistant\"}");
		assertThat(this.decoder.isWriting()).isFalse();
		chunk("{\"reasoning_content\":\"see\"}");
		chunk("{\"content\":\"4\"}", "stop");
		complete();
		assertThat(this.elements.stream().map((element) -> message(element).getMetadata().get("reasoning-delta")))
			.containsExactly("Let me ", "see", null, null);
		assertThat(texts()).containsExactly("", "", "4", "");
		assertThat(last().getMetadata().<String>get("reasoning")).isEqualTo("Let me see");
		assertThat(message(last()).getMetadata()).containsEntry("reasoning", "Let me see");
	}

	@Test
	void toolCallsAreInLastElement() {
		chunk("""
				{"role":"assistant","tool_calls":[\
				{"id":"c0","type":"function","index":0,"function":{"name":"weather","arguments":"{\\"city\\":\\"Bern\\"}"}},\
				{"id":"c1","type":"function","index":1,"function":{"name":"now","arguments":""}}]}""");
		assertThat(this.elements).isEmpty();
		chunk("{}", "tool_calls");
		complete();
		assertThat(message(last()).getToolCalls()).containsExactly(
				new AssistantMessage.ToolCall("c0", "function", "weather", "{\"city\":\"Bern\"}"),
				new AssistantMessage.ToolCall("c1", "function", "now", "{}"));
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
	}

	@Test
	void toolCallFragmentsAreAssembled() {
		chunk("{\"tool_calls\":[{\"index\":0,\"id\":\"c0\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"ci\"}}]}");
		chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"ty\\\":1}\"}}]}");
		chunk("{}", "tool_calls");
		complete();
		assertThat(message(last()).getToolCalls())
			.containsExactly(new AssistantMessage.ToolCall("c0", "function", "weather", "{\"city\":1}"));
	}

	@Test
	void toolCallWithoutFinishReasonIsCompleteWhenTheStreamSaysItIsDone() {
		chunk("{\"tool_calls\":[{\"index\":0,\"id\":\"c0\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}]}");
		this.decoder.onDone();
		complete();
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
	}

	@Test
	void endWithoutFinishReasonIsAnError() {
		chunk("{\"content\":\"Hel\"}");
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(this.decoder::complete)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN))
			.satisfies((ex) -> assertThat(ex.requestId()).isEqualTo("req-1"))
			.withMessageContaining("grok-3");
	}

	@Test
	void emptyFinishReasonIsIgnored() {
		raw("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":\"\"}]}");
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(this.decoder::complete)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
	}

	@Test
	void doneWithoutFinishReasonIsAnError() {
		chunk("{\"content\":\"Hel\"}");
		this.decoder.onDone();
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(this.decoder::complete)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
	}

	@Test
	void streamWithoutAnyChunkIsAnError() {
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(this.decoder::complete)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
	}

	@Test
	void usageInEveryChunkCountsOnce() {
		raw("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6}}");
		raw("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}");
		complete();
		assertThat(last().getMetadata().getUsage().getTotalTokens()).isEqualTo(7);
	}

	@Test
	void chunkAfterUsageDoesNotLoseIt() {
		chunk("{\"content\":\"a\"}", "stop");
		raw("{\"choices\":[],\"usage\":" + USAGE + "}");
		raw("{\"id\":\"a\",\"choices\":[],\"usage\":null}");
		complete();
		assertThat(last().getMetadata().getUsage().getTotalTokens()).isEqualTo(135);
	}

	@Test
	void withoutUsageTheUsageIsEmpty() {
		chunk("{\"content\":\"a\"}", "length");
		complete();
		assertThat(last().getMetadata().getUsage()).isInstanceOf(EmptyUsage.class);
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
	}

	@Test
	void errorInTheMiddleIsAnError() {
		chunk("{\"content\":\"a\"}");
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> feed(
					"{\"code\":\"The service is currently unavailable\",\"error\":\"The model did not respond\"}"))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.OVERLOADED))
			.satisfies((ex) -> assertThat(ex.requestId()).isEqualTo("req-1"));
	}

	@Test
	void errorEventIsAnError() {
		byte[] data = "{\"type\":\"error\",\"message\":\"The model produced an invalid tool call\",\"code\":null}"
			.getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.decoder.onEvent("error", data, 0, data.length))
			.withMessageContaining("invalid tool call");
	}

	@Test
	void errorThatIsNullIsNone() {
		raw("{\"id\":\"a\",\"error\":null,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}");
		complete();
		assertThat(texts()).containsExactly("a", "");
	}

	@Test
	void invalidChunkIsBrokenStreamAndNotQuoted() {
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> feed("{\"choices\":[{\"private text"))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN))
			.satisfies((ex) -> assertThat(ex.getCause()).isNull())
			.withMessageNotContaining("private");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'delta':{'reasoning':{'text':'x'},'content':'Hi'},'finish_reason':'stop'}",
			"{'delta':{'reasoning_content':['x'],'content':'Hi'},'finish_reason':'stop'}",
			"{'delta':{'tool_calls':{'id':'x'},'content':'Hi'},'finish_reason':'stop'}",
			"{'delta':{'tool_calls':['x'],'content':'Hi'},'finish_reason':'stop'}",
			"{'delta':{'content':['x',{'type':'text','text':'Hi'}]},'finish_reason':'stop'}",
			"{'index':0,'delta':{'content':{'text':'x'}}},{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}",
			"{'message':'x','delta':{'content':'Hi'},'finish_reason':'stop'}",
			"{'index':0,'delta':{'content':'Hi'},'finish_reason':{'type':'x'}},{'index':0,'finish_reason':'stop'}",
			"'x',{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}" })
	void fieldOfUnexpectedTypeIsSkipped(String choices) {
		raw(("{'id':{'x':1},'model':['x'],'created':[1],'choices':[" + choices + "],'usage':{'total_tokens':7}}")
			.replace('\'', '"'));
		complete();
		assertThat(this.elements).hasSize(2);
		assertThat(message(this.elements.get(0)).getText()).isEqualTo("Hi");
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(last().getMetadata().getUsage().getTotalTokens()).isEqualTo(7);
	}

	@Test
	void invalidIndexesAreRejected() {
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> feed("{\"choices\":[{\"index\":2000000000,\"delta\":{\"content\":\"a\"}}]}"))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
	}

	@Test
	void severalChoicesAreSeparate() {
		raw("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}},{\"index\":1,\"delta\":{\"content\":\"x\"}}]}");
		raw("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"y\"},\"finish_reason\":\"stop\"}]}");
		raw("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}");
		complete();
		assertThat(this.elements.get(1).getResult().getOutput().getMetadata()).containsEntry("index", 1);
		assertThat(last().getResults()).hasSize(2);
		assertThat(last().getResults().get(0).getMetadata().getFinishReason()).isEqualTo("LENGTH");
	}

	@Test
	void unknownFieldsAreKept() {
		raw("{\"citations\":[\"https://example.org\"],\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"refusal\":\"no\",\"mood\":{\"a\":1}},\"finish_reason\":\"stop\"}]}");
		complete();
		assertThat(last().getMetadata().<List<Citation>>get("citations"))
			.containsExactly(Citation.of("https://example.org"));
		assertThat(message(last()).getMetadata()).containsEntry("refusal", "no").containsKey("mood");
	}

	private void chunk(String delta) {
		raw("{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1762103791,\"model\":\"grok-4.3\","
				+ "\"choices\":[{\"index\":0,\"delta\":" + delta + "}],\"system_fingerprint\":\"fp_1\"}");
	}

	private void chunk(String delta, String finishReason) {
		raw("{\"id\":\"a\",\"created\":1762103791,\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,\"delta\":" + delta
				+ ",\"finish_reason\":\"" + finishReason + "\"}],\"system_fingerprint\":\"fp_1\"}");
	}

	private void raw(String json) {
		feed(json);
		this.elements.addAll(this.decoder.drain());
	}

	private void feed(String json) {
		byte[] data = ("garbage" + json + "garbage").getBytes(StandardCharsets.UTF_8);
		this.decoder.onEvent(null, data, 7, data.length - 14);
	}

	private void complete() {
		this.elements.addAll(this.decoder.complete());
	}

	private ChatResponse last() {
		return this.elements.get(this.elements.size() - 1);
	}

	private List<String> texts() {
		return this.elements.stream().map((element) -> message(element).getText()).toList();
	}

	private static AssistantMessage message(ChatResponse response) {
		return response.getResult().getOutput();
	}

}
