package io.github.grokspring.responses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ServerTiming;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.model.ChatResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResponsesEventDecoder} and {@link ResponsesReader}.
 */
class ResponsesEventDecoderTests {

	private static final String USAGE = """
			{"input_tokens":32,"input_tokens_details":{"cached_tokens":20},"output_tokens":103,\
			"output_tokens_details":{"reasoning_tokens":94},"total_tokens":135,"cost_in_usd_ticks":9999999999}""";

	private final ResponsesEventDecoder decoder = new ResponsesEventDecoder(
			GrokChatOptions.builder().model("grok-latest").encryptedReasoning(true).build(), ModelCatalog.bundled(),
			new ResponseHeaders("req-1", new ResponseHeaders.RateLimits(1800, 1799, Long.MAX_VALUE, -1),
					new ServerTiming(222.0, 6.7, 1712.4), null, null),
			new WarnOnce());

	private final List<ChatResponse> elements = new ArrayList<>();

	@Test
	void textIsEmittedAsReceivedAndMetadataLast() {
		created();
		added(0, "{\"type\":\"message\",\"content\":[],\"role\":\"assistant\"}");
		text(0, "Hel");
		text(0, "lo");
		done(0, message("Hello", ""));
		assertThat(this.decoder.isEnded()).isFalse();
		completed("completed", message("Hello", ""));
		assertThat(this.decoder.isEnded()).isTrue();
		complete();
		assertThat(texts()).containsExactly("Hel", "lo", "");
		assertThat(this.elements.get(0).getMetadata().getId()).isEqualTo("r-1");
		assertThat(this.elements.get(0).getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(this.elements.get(0).getMetadata().getUsage()).isInstanceOf(EmptyUsage.class);
		ChatResponse last = last();
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(last.getMetadata().getId()).isEqualTo("r-1");
		assertThat(last.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(last.getMetadata().<String>get("grok.api")).isEqualTo("responses");
		assertThat(last.getMetadata().<String>get("grok.requested-model")).isEqualTo("grok-latest");
		assertThat(last.getMetadata().<String>get("grok.request-id")).isEqualTo("req-1");
		assertThat(last.getMetadata().<String>get("service_tier")).isEqualTo("priority");
		assertThat(last.getMetadata().<String>get("system_fingerprint")).isEqualTo("fp_1");
		assertThat(last.getMetadata().<Long>get("created")).isEqualTo(1786400989L);
		assertThat(last.getMetadata().getRateLimit().getRequestsRemaining()).isEqualTo(1799L);
		assertThat(last.getMetadata().containsKey("temperature")).isFalse();
	}

	@Test
	void outputTokensIncludeReasoning() {
		completed("completed", message("Hi", ""));
		complete();
		assertThat(last().getMetadata().getUsage().getPromptTokens()).isEqualTo(32);
		assertThat(last().getMetadata().getUsage().getCompletionTokens()).isEqualTo(103);
		assertThat(last().getMetadata().getUsage().getTotalTokens()).isEqualTo(135);
		assertThat(last().getMetadata().getUsage().getCacheReadInputTokens()).isEqualTo(20L);
		assertThat(last().getMetadata().getUsage().getNativeUsage()).hasFieldOrPropertyWithValue("cost_in_usd_ticks",
				9999999999L);
	}

	@Test
	void textOfFinalEventIsNotLost() {
		completed("completed", message("Hi", ""));
		complete();
		assertThat(texts()).containsExactly("Hi", "");
	}

	@Test
	void deltasReceivedTogetherAreOneElement() {
		feed("response.output_text.delta", "{\"delta\":\"a\",\"output_index\":0}");
		feed("response.output_text.delta", "{\"delta\":\"b\",\"output_index\":0}");
		this.elements.addAll(this.decoder.drain());
		assertThat(texts()).containsExactly("ab");
	}

	@Test
	void skippedEventsAreNotParsed() {
		for (String event : List.of("response.in_progress", "response.content_part.added",
				"response.reasoning_summary_part.done", "response.output_text.done",
				"response.function_call_arguments.done", "response.queued", "ping")) {
			event(event, "this is not even JSON");
		}
		assertThat(this.elements).isEmpty();
		assertThat(this.decoder.isWriting()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "response.in_progress", "response.content_part.added",
			"response.reasoning_summary_part.added", "response.mcp_call_output.done", "ping" })
	void skippedEventsAreNotRetained(String event) {
		byte[] data = ("{\"text\":\"" + "x".repeat(2_000) + "\"}").getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 10_000; i++) {
			this.decoder.onEvent(event, data, 0, data.length);
		}
		assertThat(this.decoder.drain()).isEmpty();
		completed("completed");
		complete();
		assertThat(last().getMetadata().containsKey("grok.unknown-events")).isFalse();
	}

	@Test
	void unknownEventsAreRetainedAndNotFatal() {
		String named = "{\"type\":\"response.something.new\", \"x\":1.50e1}";
		String foreign = "{\"type\":\"heartbeat\",\"code\":7}";
		event("response.something.new", named);
		event("heartbeat", foreign);
		event("heartbeat", "this is not even JSON");
		event(null, foreign);
		event(null, "{\"type\":\"ping\"}");
		event("response.in_progress", "{\"type\":\"response.in_progress\"}");
		assertThat(this.elements).isEmpty();
		completed("completed", message("Hi", ""));
		complete();
		assertThat(String.join("", texts())).isEqualTo("Hi");
		assertThat(last().getMetadata().<Object>get("grok.unknown-events"))
			.isEqualTo(List.of(named, foreign, "this is not even JSON", foreign));
	}

	@Test
	void retainedUnknownEventsAreBounded() {
		byte[] small = "{\"x\":1}".getBytes(StandardCharsets.UTF_8);
		byte[] huge = ("{\"x\":\"" + "x".repeat(20_000) + "\"}").getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 40; i++) {
			this.decoder.onEvent("response.something.new", huge, 0, huge.length);
			this.decoder.onEvent("response.something.new", small, 0, small.length);
		}
		for (int i = 0; i < 10_000; i++) {
			this.decoder.onEvent("response.something.new", small, 0, small.length);
		}
		completed("completed");
		complete();
		assertThat(last().getMetadata().<List<String>>get("grok.unknown-events")).hasSize(32).containsOnly("{\"x\":1}");
	}

	@Test
	void reasoningIsSeparateFromText() {
		feedSummary(0, "Let me ");
		assertThat(this.decoder.isWriting()).isFalse();
		feedSummary(0, "see");
		event("response.reasoning_text.delta", "{\"delta\":\"the same again\",\"output_index\":0}");
		done(0, "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Let me see\"}]}");
		text(1, "4");
		assertThat(this.decoder.isWriting()).isTrue();
		completed("completed");
		complete();
		assertThat(this.elements.stream().map((element) -> message(element).getMetadata().get("reasoning-delta")))
			.containsExactly("Let me ", "see", null, null);
		assertThat(texts()).containsExactly("", "", "4", "");
		assertThat(last().getMetadata().<String>get("reasoning")).isEqualTo("Let me see");
		assertThat(message(last()).getMetadata()).containsEntry("reasoning", "Let me see");
	}

	@Test
	void functionCallsAreInLastElement() {
		added(0, "{\"type\":\"function_call\",\"call_id\":\"c-1\",\"name\":\"weather\",\"arguments\":\"\"}");
		assertThat(this.decoder.isWriting()).isTrue();
		event("response.function_call_arguments.delta",
				"{\"delta\":\"{\\\"city\\\":\\\"Oslo\\\"}\",\"output_index\":0}");
		done(0, "{\"type\":\"function_call\",\"call_id\":\"c-1\",\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}");
		done(1, "{\"type\":\"function_call\",\"call_id\":\"c-2\",\"name\":\"now\",\"arguments\":\"\"}");
		completed("completed");
		complete();
		assertThat(this.elements).hasSize(1);
		assertThat(message(last()).getToolCalls()).containsExactly(
				new AssistantMessage.ToolCall("c-1", "function", "weather", "{\"city\":\"Oslo\"}"),
				new AssistantMessage.ToolCall("c-2", "function", "now", "{}"));
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
	}

	@Test
	void serverSideToolIsEmittedOnlyOnChange() {
		added(0, "{\"type\":\"web_search_call\",\"status\":\"in_progress\",\"action\":{\"type\":\"search\",\"query\":\"\"}}");
		event("response.web_search_call.in_progress", "{\"output_index\":0}");
		event("response.web_search_call.searching", "{\"output_index\":0}");
		event("response.web_search_call.searching", "{\"output_index\":0}");
		event("response.web_search_call.searching", "{\"output_index\":7}");
		done(0, "{\"type\":\"web_search_call\",\"status\":\"completed\",\"action\":{\"type\":\"search\",\"query\":\"ruby\"}}");
		text(1, "4.0");
		completed("completed");
		complete();
		ToolUse begun = new ToolUse("web_search", "search", null, null, null, "in_progress");
		ToolUse completed = new ToolUse("web_search", "search", "ruby", null, null, "completed");
		assertThat(this.elements).extracting((element) -> element.getMetadata().<Object>get("grok.tools"))
			.containsExactly(List.of(begun),
					List.of(new ToolUse("web_search", "search", null, null, null, "searching")), List.of(completed),
					null, List.of(completed));
	}

	@Test
	void modelUsingToolAfterTextIsNotWriting() {
		added(0, "{\"type\":\"message\"}");
		assertThat(this.decoder.isWriting()).isFalse();
		text(0, "Let me look. ");
		assertThat(this.decoder.isWriting()).isTrue();
		done(0, message("Let me look. ", ""));
		assertThat(this.decoder.isWriting()).isTrue();
		for (String busy : List.of("code_interpreter_call", "reasoning", "brand_new")) {
			added(1, "{\"type\":\"" + busy + "\"}");
			assertThat(this.decoder.isWriting()).isFalse();
		}
		added(2, "{\"type\":\"message\"}");
		assertThat(this.decoder.isWriting()).isTrue();
	}

	@Test
	void citationsAreRelativeToWholeText() {
		text(0, "First. ");
		done(0, message("First. ", ""));
		text(1, "\uD83D\uDE00 Ruby 4[[1]](https://a.b)");
		String annotation = "{\"type\":\"url_citation\",\"url\":\"https://a.b\",\"title\":\"1\",\"start_index\":8,\"end_index\":26}";
		event("response.output_text.annotation.added",
				"{\"annotation\":" + annotation + ",\"annotation_index\":0,\"content_index\":0,\"output_index\":1}");
		done(1, message("\uD83D\uDE00 Ruby 4[[1]](https://a.b)", annotation));
		completed("completed");
		complete();
		Citation citation = new Citation("https://a.b", "1", 16, 34, Citation.Kind.WEB);
		assertThat(this.elements).extracting((element) -> element.getMetadata().<Object>get("citations"))
			.containsExactly(null, null, List.of(citation), List.of(citation));
		assertThat(String.join("", texts()).substring(citation.start(), citation.end()))
			.isEqualTo("[[1]](https://a.b)");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void citationsOfSecondPartAreRelativeToWholeText(boolean streamed) {
		String annotation = "{\"type\":\"url_citation\",\"url\":\"https://a.b\",\"start_index\":4,\"end_index\":9}";
		String parts = "{\"type\":\"output_text\",\"text\":\"First. \",\"annotations\":[]},"
				+ "{\"type\":\"output_text\",\"text\":\"See Paris.\",\"annotations\":[" + annotation + "]}";
		if (streamed) {
			text(0, "First. ");
			event("response.output_text.delta", "{\"content_index\":1,\"delta\":\"See Paris.\",\"output_index\":0}");
			event("response.output_text.annotation.added", "{\"annotation\":" + annotation
					+ ",\"annotation_index\":0,\"content_index\":1,\"output_index\":0}");
		}
		completed("completed", "{\"content\":[" + parts + "],\"type\":\"message\"}");
		complete();
		assertThat(last().getMetadata().<List<Citation>>get("citations")).singleElement()
			.satisfies((citation) -> assertThat("First. See Paris.".substring(citation.start(), citation.end()))
				.isEqualTo("Paris"));
	}

	@Test
	void unencryptedReasoningIsNotSentBack() {
		String plain = "{\"type\":\"reasoning\",\"id\":\"rs_plain\",\"summary\":[],\"content\":[]}";
		String encrypted = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"A\"}";
		completed("completed", plain, encrypted, message("Hello", ""));
		complete();
		assertThat(message(last()).getMetadata().get("grok.reasoning-items")).isEqualTo(List.of(encrypted, "message"));
	}

	@ParameterizedTest
	@CsvSource({ "chars, 9, 27", "characters, 8, 26", "bytes, 11, 29" })
	void citationAfterEmojiIsFoundInCharsAndCodePoints(String unit, int start, int end) {
		text(0, "\uD83D\uDE00 Ruby 4[[1]](https://a.b)");
		done(0, message("\uD83D\uDE00 Ruby 4[[1]](https://a.b)",
				"{\"type\":\"url_citation\",\"url\":\"https://a.b\",\"title\":\"1\",\"start_index\":" + start
						+ ",\"end_index\":" + end + "}"));
		completed("completed");
		complete();
		assertThat(last().getMetadata().<Object>get("citations"))
			.isEqualTo(List.of(new Citation("https://a.b", "1", 9, 27, Citation.Kind.WEB)));
	}

	@Test
	void citationsOfCompletedItemAreRead() {
		done(0, message("x",
				"{\"type\":\"url_citation\",\"url\":\"https://x.com/i/status/1\",\"start_index\":0,\"end_index\":0}"));
		event("response.completed",
				"{\"response\":{\"status\":\"completed\",\"output\":[],\"citations\":[\"https://x.com/i/status/1\",\"https://c.d\"]}}");
		complete();
		assertThat(last().getMetadata().<Object>get("citations")).isEqualTo(List
			.of(new Citation("https://x.com/i/status/1", null, -1, -1, Citation.Kind.X), Citation.of("https://c.d")));
	}

	@Test
	void itemsWithSameIdAreSeparate() {
		String first = "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"A\"}";
		String second = "{\"id\":\"rs_1\",\"type\":\"reasoning\", \"summary\":[],\"encrypted_content\":\"\\u00e4\"}";
		done(0, first);
		done(1, "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\"}]}");
		done(2, second);
		completed("completed");
		complete();
		assertThat(message(last()).getMetadata())
			.containsEntry("grok.reasoning-items", List.of(first, "message", second))
			.containsEntry("grok.reasoning-models", List.of("grok-latest", "grok-4.3"));
	}

	@ParameterizedTest
	@CsvSource({ "encrypted_content, true", "content, false" })
	void unsolicitedEncryptedReasoningIsStored(String field, boolean kept) {
		ResponsesEventDecoder unasked = new ResponsesEventDecoder(GrokChatOptions.builder().model("grok-4.3").build(),
				ModelCatalog.bundled(), ResponseHeaders.NONE, new WarnOnce());
		feed(unasked, "response.completed",
				"{\"response\":{\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\",\"summary\":[],\"" + field
						+ "\":\"A\"},{\"type\":\"web_search_call\"}]}}");
		assertThat(message(unasked.complete().get(0)).getMetadata().containsKey("grok.reasoning-items"))
			.isEqualTo(kept);
	}

	@Test
	void unknownItemsAndFieldsAreRetained() {
		done(0, "{\"type\":\"brand_new\",\"x\":[1,null]}");
		event("response.completed", "{\"response\":{\"status\":\"completed\",\"output\":[],\"news\":{\"a\":1}}}");
		complete();
		assertThat(last().getMetadata().<List<Map<String, Object>>>get("grok.output-items")).singleElement()
			.satisfies((item) -> assertThat(item).containsEntry("type", "brand_new").containsKey("x"));
		assertThat(last().getMetadata().<Object>get("news")).isEqualTo(Map.of("a", 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "web_search_call", "x_search_call", "file_search_call", "code_interpreter_call",
			"mcp_call", "image_generation_call", "custom_tool_call", "tool_that_is_new_call" })
	void toolStatusIsEmitted(String type) {
		added(0, "{\"type\":\"" + type + "\",\"status\":\"in_progress\",\"name\":\"x_user_search\"}");
		event("response." + type + ".in_progress", "{\"output_index\":0}");
		event("response." + type + ".searching", "{\"output_index\":0}");
		event("response." + type + ".interpreting", "{\"output_index\":0}");
		event("response." + type + ".generating", "{\"output_index\":0}");
		event("response." + type + ".completed", "{\"output_index\":0}");
		assertThat(this.elements)
			.extracting((element) -> element.getMetadata().<List<ToolUse>>get("grok.tools").get(0).status())
			.containsExactly("in_progress", "searching", "interpreting", "generating", "completed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "response.code_interpreter_call_code.delta", "response.code_interpreter_call_code.done",
			"response.custom_tool_call_input.delta", "response.custom_tool_call_input.done",
			"response.mcp_call_arguments.delta", "response.mcp_call_arguments.done", "response.mcp_call_output.delta",
			"response.mcp_call_output.done", "response.mcp_list_tools.completed",
			"response.function_call_arguments.delta", "response.output_text.done", "response.content_part.done",
			"response.reasoning_summary_part.added", "response.reasoning_summary_text.done",
			"response.reasoning_text.done", "response.image_generation_call.partial_image", "response.queued" })
	void eventsThatRepeatItemEmitNothing(String event) {
		added(0, "{\"type\":\"code_interpreter_call\",\"status\":\"in_progress\"}");
		this.elements.clear();
		event(event, "{\"delta\":\"x\",\"output_index\":0}");
		assertThat(this.elements.stream().map((element) -> message(element).getText())).allMatch(String::isEmpty);
		completed("completed");
		complete();
		assertThat(String.join("", texts())).isEmpty();
	}

	@Test
	void completedAndDoneEndStream() {
		text(0, "Hi");
		event("response.done", "{\"response\":{\"status\":\"completed\",\"output\":[]}}");
		assertThat(this.decoder.isEnded()).isTrue();
		this.decoder.onDone();
		complete();
		assertThat(texts()).containsExactly("Hi", "");
	}

	@Test
	void failedResponseInDoneEventFails() {
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> feed("response.completed",
				"{\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"It broke\"},\"output\":[]}}"))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.SERVER_ERROR));
	}

	@Test
	void toolCallsWithSameIdAreSeparate() {
		String first = "{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c-1\",\"name\":\"now\",\"arguments\":\"{}\"}";
		done(0, first);
		done(1, first.replace("c-1", "c-2"));
		completed("completed", first, first.replace("c-1", "c-2"));
		complete();
		assertThat(message(last()).getToolCalls()).extracting(AssistantMessage.ToolCall::id)
			.containsExactly("c-1", "c-2");
	}

	@Test
	void tokenLimitIsFinishReasonLength() {
		text(0, "Hel");
		event("response.incomplete",
				"{\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[]}}");
		complete();
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
	}

	@Test
	void otherIncompleteReasonIsFinishReason() {
		event("response.incomplete",
				"{\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_time_limit\"},\"output\":[]}}");
		complete();
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("MAX_TIME_LIMIT");
	}

	@Test
	void refusalIsNotText() {
		event("response.refusal.delta", "{\"delta\":\"I will not\",\"output_index\":0}");
		done(0, "{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I will not\"}]}");
		completed("completed");
		complete();
		assertThat(String.join("", texts())).isEmpty();
		assertThat(message(last()).getMetadata()).containsEntry("refusal", "I will not");
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("CONTENT_FILTER");
	}

	@Test
	void failedResponseFailsStream() {
		text(0, "Hel");
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> feed("response.failed",
				"{\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"It broke\"}}}"))
			.withMessageContaining("It broke")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.SERVER_ERROR))
			.satisfies((ex) -> assertThat(ex.requestId()).isEqualTo("req-1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"error\",\"message\":\"At capacity\",\"code\":null,\"param\":null}",
			"{\"code\":\"unavailable\",\"error\":\"At capacity\"}", "{\"error\":{\"message\":\"At capacity\"}}" })
	void errorEventsFailStream(String data) {
		for (String event : new String[] { "error", null }) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> feed(event, data))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.OVERLOADED));
		}
	}

	@Test
	void eventsWithoutNameAreIdentifiedByData() {
		feed(null, "{\"type\":\"response.output_text.delta\",\"delta\":\"a\",\"output_index\":0}");
		feed(null, "{\"type\":\"ping\"}");
		feed("message", "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}");
		assertThat(this.decoder.isEnded()).isTrue();
		complete();
		assertThat(texts()).containsExactly("a", "");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void prematureEndFailsStream(boolean done) {
		text(0, "Hel");
		if (done) {
			this.decoder.onDone();
		}
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(this.decoder::complete)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"delta\":\"a", "[", "{\"delta\":\"a\",\"output_index\":99999}" })
	void malformedEventFailsStream(String data) {
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> feed("response.output_text.delta", data))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("delta"));
	}

	@Test
	void unexpectedStructuresAreIgnored() {
		event("response.output_item.done", "{\"item\":null,\"output_index\":0}");
		event("response.output_item.done", "{\"item\":{}}");
		event("response.output_item.done", "{\"item\":{\"content\":7,\"type\":\"message\"},\"output_index\":0}");
		event("response.output_item.done",
				"{\"item\":{\"content\":[1,{\"annotations\":[2,{}]}],\"type\":\"message\"},\"output_index\":1}");
		event("response.output_item.done", "{\"item\":{\"summary\":\"x\",\"type\":\"reasoning\"},\"output_index\":2}");
		event("response.output_text.annotation.added", "{\"annotation\":5,\"output_index\":-1}");
		event("response.completed",
				"{\"response\":{\"id\":7,\"model\":null,\"status\":\"completed\",\"output\":{},\"usage\":[],\"citations\":\"none\"}}");
		complete();
		assertThat(last().getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
	}

	private void created() {
		event("response.created",
				"{\"sequence_number\":0,\"type\":\"response.created\",\"response\":{\"created_at\":1786400989,\"tools\":[{}],\"id\":\"r-1\",\"model\":\"grok-4.3\",\"output\":[]}}");
	}

	private void added(int index, String item) {
		event("response.output_item.added", "{\"item\":" + item + ",\"output_index\":" + index + "}");
	}

	private void done(int index, String item) {
		event("response.output_item.done", "{\"item\":" + item + ",\"output_index\":" + index + "}");
	}

	private void text(int index, String delta) {
		event("response.output_text.delta", "{\"sequence_number\":9,\"content_index\":0,\"delta\":\"" + delta
				+ "\",\"item_id\":\"msg_1\",\"output_index\":" + index + ",\"logprobs\":[]}");
	}

	private void feedSummary(int index, String delta) {
		event("response.reasoning_summary_text.delta",
				"{\"delta\":\"" + delta + "\",\"output_index\":" + index + ",\"summary_index\":0}");
	}

	private void completed(String status, String... items) {
		event("response.completed",
				"{\"response\":{\"created_at\":1786400989,\"id\":\"r-1\",\"model\":\"grok-4.3\",\"status\":\"" + status
						+ "\",\"output\":[" + String.join(",", items) + "],\"usage\":" + USAGE
						+ ",\"service_tier\":\"priority\",\"temperature\":0.7,\"error\":null,"
						+ "\"metadata\":{\"system_fingerprint\":\"fp_1\"}}}");
	}

	private static String message(String text, String annotations) {
		return "{\"content\":[{\"type\":\"output_text\",\"text\":\"" + text + "\",\"annotations\":[" + annotations
				+ "]}],\"type\":\"message\"}";
	}

	private void event(String event, String data) {
		feed(event, data);
		this.elements.addAll(this.decoder.drain());
	}

	private void feed(String event, String data) {
		feed(this.decoder, event, data);
	}

	private static void feed(ResponsesEventDecoder decoder, String event, String data) {
		byte[] bytes = ("data: " + data).getBytes(StandardCharsets.UTF_8);
		decoder.onEvent(event, bytes, 6, bytes.length - 6);
	}

	private void complete() {
		this.elements.addAll(this.decoder.drain());
		this.elements.addAll(this.decoder.complete());
	}

	private ChatResponse last() {
		return this.elements.get(this.elements.size() - 1);
	}

	private List<String> texts() {
		return this.elements.stream().map((element) -> message(element).getText()).toList();
	}

	private static AssistantMessage message(ChatResponse element) {
		return element.getResult().getOutput();
	}

}
