package io.github.grokspring.completions;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChatCompletionsRequestWriter} and {@link MessageWriter}.
 */
class ChatCompletionsRequestWriterTests {

	private static final byte[] PNG = { (byte) 0x89, 'P', 'N', 'G' };

	@Test
	void whenNothingIsSetOnlyModelAndMessagesAreWritten() {
		assertThat(write(options(), new UserMessage("hi")))
			.isEqualTo("{\"model\":\"grok-4.3\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
	}

	@Test
	void streamsAskForUsage() {
		JsonNode body = read(write(options().build(), true, new UserMessage("hi")));
		assertThat(body.at("/stream").asBoolean()).isTrue();
		assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
	}

	@Test
	void everyOptionHasItsField() {
		JsonNode body = read(write(options().temperature(0.5)
			.topP(0.9)
			.topK(40)
			.seed(7)
			.n(2)
			.presencePenalty(0.1)
			.frequencyPenalty(0.2)
			.logprobs(true)
			.topLogprobs(3)
			.logitBias(Map.of("50", 1))
			.stopSequences(List.of("END"))
			.reasoningEffort("high")
			.maxTokens(100)
			.serviceTier("priority")
			.store(true)
			.user("u-1")
			.responseFormat("json_object"), new UserMessage("hi")));
		assertThat(body.at("/temperature").asDouble()).isEqualTo(0.5);
		assertThat(body.at("/top_p").asDouble()).isEqualTo(0.9);
		assertThat(body.at("/top_k").asInt()).isEqualTo(40);
		assertThat(body.at("/seed").asInt()).isEqualTo(7);
		assertThat(body.at("/n").asInt()).isEqualTo(2);
		assertThat(body.at("/presence_penalty").asDouble()).isEqualTo(0.1);
		assertThat(body.at("/frequency_penalty").asDouble()).isEqualTo(0.2);
		assertThat(body.at("/logprobs").asBoolean()).isTrue();
		assertThat(body.at("/top_logprobs").asInt()).isEqualTo(3);
		assertThat(body.at("/logit_bias/50").asInt()).isOne();
		assertThat(body.at("/stop/0").asString()).isEqualTo("END");
		assertThat(body.at("/reasoning_effort").asString()).isEqualTo("high");
		assertThat(body.at("/max_completion_tokens").asInt()).isEqualTo(100);
		assertThat(body.at("/service_tier").asString()).isEqualTo("priority");
		assertThat(body.at("/store").asBoolean()).isTrue();
		assertThat(body.at("/user").asString()).isEqualTo("u-1");
		assertThat(body.at("/response_format/type").asString()).isEqualTo("json_object");
	}

	@Test
	void extraBodyIsAddedWithNestedAndNullValues() {
		Map<String, Object> extra = new LinkedHashMap<>();
		extra.put("safety_identifier", Map.of("a", List.of(1, 2)));
		extra.put("nothing", null);
		String body = write(options().extraBody(extra), new UserMessage("hi"));
		assertThat(body).endsWith("\"safety_identifier\":{\"a\":[1,2]},\"nothing\":null}");
	}

	@Test
	void noFieldIsWrittenTwice() {
		Map<String, Object> extra = Map.of("model", "other", "messages", List.of(), "stream", false, "temperature", 2,
				"max_tokens", 5, "max_completion_tokens", 6, "stop", "x", "tools", List.of(), "response_format", "y");
		String body = write(options().temperature(0.5)
			.maxTokens(7)
			.stopSequences(List.of("END"))
			.outputSchema("{\"type\":\"object\"}")
			.extraBody(extra)
			.build(), true, new UserMessage("hi"));
		for (String field : extra.keySet()) {
			assertThat(body.split("\"" + field + "\":", -1)).as(field).hasSizeLessThanOrEqualTo(2);
		}
		JsonNode json = read(body);
		assertThat(json.at("/model").asString()).isEqualTo("grok-4.3");
		assertThat(json.at("/stream").asBoolean()).isTrue();
		assertThat(json.at("/temperature").asDouble()).isEqualTo(0.5);
		assertThat(json.at("/max_completion_tokens").asInt()).isEqualTo(7);
		assertThat(json.has("max_tokens")).isFalse();
		assertThat(json.has("tools")).isFalse();
	}

	@Test
	void extraBodyWithBothLimitsSendsOne() {
		JsonNode json = read(
				write(options().extraBody(Map.of("max_tokens", 5, "max_completion_tokens", 6)), new UserMessage("hi")));
		assertThat(json.at("/max_completion_tokens").asInt()).isEqualTo(6);
		assertThat(json.has("max_tokens")).isFalse();
	}

	@Test
	void maxTokensOfExtraBodyIsSentOnce() {
		JsonNode json = read(write(options().extraBody(Map.of("max_tokens", 5)), new UserMessage("hi")));
		assertThat(json.at("/max_completion_tokens").asInt()).isEqualTo(5);
		assertThat(json.has("max_tokens")).isFalse();
	}

	@Test
	void outputSchemaTakesPrecedenceOverResponseFormat() {
		JsonNode json = read(write(
				options().responseFormat("json_object")
					.outputSchema("{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}}"),
				new UserMessage("hi")));
		assertThat(json.at("/response_format/type").asString()).isEqualTo("json_schema");
		assertThat(json.at("/response_format/json_schema/name").asString()).isNotEmpty();
		assertThat(json.at("/response_format/json_schema/schema/properties/name/type").asString()).isEqualTo("string");
	}

	@Test
	void toolsCarryTheirSchema() {
		ToolCallback tool = FunctionToolCallback.builder("weather", (City city) -> "sunny")
			.description("Weather of a \"city\"")
			.inputType(City.class)
			.build();
		JsonNode json = read(write(options().toolCallbacks(tool).parallelToolCalls(false).toolChoice("weather"),
				new UserMessage("hi")));
		assertThat(json.at("/tools/0/type").asString()).isEqualTo("function");
		assertThat(json.at("/tools/0/function/name").asString()).isEqualTo("weather");
		assertThat(json.at("/tools/0/function/description").asString()).isEqualTo("Weather of a \"city\"");
		assertThat(json.at("/tools/0/function/parameters/properties/name/type").asString()).isEqualTo("string");
		assertThat(json.at("/tool_choice/function/name").asString()).isEqualTo("weather");
		assertThat(json.at("/parallel_tool_calls").asBoolean(true)).isFalse();
	}

	@Test
	void toolFieldsAreNotSentWithoutTools() {
		JsonNode json = read(write(options().parallelToolCalls(true).toolChoice("required"), new UserMessage("hi")));
		assertThat(json.has("parallel_tool_calls")).isFalse();
		assertThat(json.has("tool_choice")).isFalse();
	}

	@Test
	void everyMessageHasItsRole() {
		JsonNode messages = read(write(options(), new SystemMessage("be brief"), new UserMessage("weather?"),
				AssistantMessage.builder()
					.content("")
					.toolCalls(List.of(new AssistantMessage.ToolCall("c1", "function", "weather", "{\"a\":1}"),
							new AssistantMessage.ToolCall("c2", "function", "time", "")))
					.build(),
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("c1", "weather", "sunny"),
							new ToolResponseMessage.ToolResponse("c2", "time", "")))
					.build(),
				new AssistantMessage("It is sunny")))
			.at("/messages");
		assertThat(messages.findValuesAsString("role")).containsExactly("system", "user", "assistant", "tool", "tool",
				"assistant");
		assertThat(messages.at("/2/content").asString("-")).isEmpty();
		assertThat(messages.at("/2/tool_calls/0/function/arguments").asString()).isEqualTo("{\"a\":1}");
		assertThat(messages.at("/2/tool_calls/1/function/arguments").asString()).isEqualTo("{}");
		assertThat(messages.at("/3/tool_call_id").asString()).isEqualTo("c1");
		assertThat(messages.at("/4/content").asString()).isNotBlank();
	}

	@Test
	void assistantMessageWithoutContentIsLeftOut() {
		JsonNode messages = read(write(options(), new UserMessage("a"), new AssistantMessage(""), new UserMessage("b")))
			.at("/messages");
		assertThat(messages).hasSize(2);
	}

	@Test
	void reasoningOfEarlierTurnsIsNotSent() {
		assertThat(write(options(), new UserMessage("a"),
				AssistantMessage.builder().content("b").properties(Map.of("reasoning", "because")).build()))
			.doesNotContain("because");
	}

	@Test
	void imagesAreSentAsBytesAndLinks() {
		JsonNode content = read(write(options(), UserMessage.builder()
			.text("what is this?")
			.media(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(PNG)),
					new Media(MimeTypeUtils.IMAGE_JPEG, URI.create("https://example.org/a.jpg")),
					Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data("data:image/png;base64,AA==").build(),
					Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data("iVBORw==").build())
			.build())).at("/messages/0/content");
		assertThat(content.at("/0/text").asString()).isEqualTo("what is this?");
		assertThat(content.at("/1/type").asString()).isEqualTo("image_url");
		assertThat(content.at("/1/image_url/url").asString()).isEqualTo("data:image/png;base64,iVBORw==");
		assertThat(content.at("/2/image_url/url").asString()).isEqualTo("https://example.org/a.jpg");
		assertThat(content.at("/3/image_url/url").asString()).isEqualTo("data:image/png;base64,AA==");
		assertThat(content.at("/4/image_url/url").asString()).isEqualTo("data:image/png;base64,iVBORw==");
	}

	@Test
	void filesAreSentByIdLinkAndContent() {
		JsonNode content = read(write(options(), UserMessage.builder()
			.text("sum up")
			.media(Media.builder()
				.mimeType(MimeTypeUtils.parseMimeType("application/pdf"))
				.data("%PDF".getBytes(StandardCharsets.US_ASCII))
				.name("report.pdf")
				.build(),
					Media.builder()
						.mimeType(MimeTypeUtils.parseMimeType("application/pdf"))
						.data("x")
						.id("file_1")
						.build(),
					new Media(MimeTypeUtils.parseMimeType("application/pdf"), URI.create("https://example.org/a.pdf")),
					Media.builder()
						.mimeType(MimeTypeUtils.TEXT_PLAIN)
						.data("notes".getBytes(StandardCharsets.UTF_8))
						.name("notes.txt")
						.build())
			.build())).at("/messages/0/content");
		assertThat(content.at("/1/type").asString()).isEqualTo("file");
		assertThat(content.at("/1/file/filename").asString()).isEqualTo("report.pdf");
		assertThat(content.at("/1/file/file_data").asString()).isEqualTo("data:application/pdf;base64,JVBERg==");
		assertThat(content.at("/2/file/file_id").asString()).isEqualTo("file_1");
		assertThat(content.at("/3/file/file_url").asString()).isEqualTo("https://example.org/a.pdf");
		assertThat(content.at("/4/type").asString()).isEqualTo("text");
		assertThat(content.at("/4/text").asString()).contains("notes.txt", "notes");
	}

	@Test
	void textSurvivesAnyCharacter() {
		String text = "quote \" backslash \\ newline \n emoji \uD83D\uDE80 separator \u2028";
		assertThat(read(write(options(), new UserMessage(text))).at("/messages/0/content").asString()).isEqualTo(text);
	}

	private static GrokChatOptions.Builder options() {
		return GrokChatOptions.builder().model("grok-4.3");
	}

	private static String write(GrokChatOptions.Builder options, Message... messages) {
		return write(options.build(), false, messages);
	}

	private static String write(GrokChatOptions options, boolean stream, Message... messages) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		new ChatCompletionsRequestWriter(new Prompt(List.of(messages), options), options, stream).writeTo(out);
		return out.toString(StandardCharsets.UTF_8);
	}

	private static JsonNode read(String json) {
		return JsonMapper.shared().readTree(json);
	}

	record City(String name) {

	}

}
