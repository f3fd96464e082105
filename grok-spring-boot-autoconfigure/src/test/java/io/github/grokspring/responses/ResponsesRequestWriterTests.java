package io.github.grokspring.responses;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
 * Tests for {@link ResponsesRequestWriter}, {@link InputItemWriter} and
 * {@link ReasoningItems}.
 */
class ResponsesRequestWriterTests {

	private static final byte[] PNG = { (byte) 0x89, 'P', 'N', 'G' };

	private static final String REASONING = "{\"id\":\"rs_1\", \"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"a/b\\u00e4\"}";

	private static final String SEARCH = "{\"type\":\"web_search_call\",\"action\":{\"type\":\"search\",\"query\":\"é\"}}";

	@Test
	void modelInputAndStoreAreWrittenByDefault() {
		assertThat(write(options(), new UserMessage("hi")))
			.isEqualTo("{\"model\":\"grok-4.3\",\"input\":[{\"role\":\"user\",\"content\":\"hi\"}],\"store\":false}");
	}

	@Test
	void allOptionsAreWritten() {
		JsonNode body = read(write(options().temperature(0.5)
			.topP(0.9)
			.topK(40)
			.seed(7)
			.reasoningEffort("high")
			.maxTokens(100)
			.serviceTier("priority")
			.store(true)
			.user("u-1")
			.responseFormat("json_object")
			.previousResponseId("r-0")
			.maxTurns(3)
			.include("file_search_call.results")
			.conversationId("c-1"), new UserMessage("hi")));
		assertThat(body.at("/temperature").asDouble()).isEqualTo(0.5);
		assertThat(body.at("/top_p").asDouble()).isEqualTo(0.9);
		assertThat(body.at("/top_k").asInt()).isEqualTo(40);
		assertThat(body.at("/seed").asInt()).isEqualTo(7);
		assertThat(body.at("/reasoning")).isEqualTo(read("{\"effort\":\"high\"}"));
		assertThat(body.at("/max_output_tokens").asInt()).isEqualTo(100);
		assertThat(body.at("/service_tier").asString()).isEqualTo("priority");
		assertThat(body.at("/store").asBoolean()).isTrue();
		assertThat(body.at("/user").asString()).isEqualTo("u-1");
		assertThat(body.at("/text")).isEqualTo(read("{\"format\":{\"type\":\"json_object\"}}"));
		assertThat(body.at("/previous_response_id").asString()).isEqualTo("r-0");
		assertThat(body.at("/max_turns").asInt()).isEqualTo(3);
		assertThat(body.at("/include")).isEqualTo(read("[\"file_search_call.results\"]"));
		assertThat(body.at("/prompt_cache_key").asString()).isEqualTo("c-1");
	}

	@Test
	void chatCompletionsOptionsAreOmitted() {
		assertThat(write(options().n(1).logitBias(Map.of("50", 1)), new UserMessage("hi"))).doesNotContain("\"n\"")
			.doesNotContain("logit_bias");
	}

	@Test
	void promptCacheKeyIsOmittedIfDisabled() {
		assertThat(write(options().conversationId("c-1").promptCache(false), new UserMessage("hi")))
			.doesNotContain("prompt_cache_key");
	}

	@Test
	void encryptedReasoningIsIncludedOnce() {
		assertThat(read(write(options().encryptedReasoning(true), new UserMessage("hi"))).at("/include"))
			.isEqualTo(read("[\"reasoning.encrypted_content\"]"));
		assertThat(read(write(options().encryptedReasoning(true).include("x", "reasoning.encrypted_content"),
				new UserMessage("hi")))
			.at("/include")).isEqualTo(read("[\"x\",\"reasoning.encrypted_content\"]"));
	}

	@Test
	void extraBodyDoesNotRepeatFields() {
		Map<String, Object> extra = new LinkedHashMap<>();
		extra.put("safety_identifier", Map.of("a", List.of(1, 2)));
		extra.put("min_p", null);
		for (String name : List.of("model", "input", "stream", "store", "temperature", "max_output_tokens",
				"max_tokens", "max_completion_tokens", "reasoning", "reasoning_effort", "text", "response_format",
				"tools", "messages")) {
			extra.put(name, "extra");
		}
		String body = write(options().temperature(0.1)
			.maxTokens(5)
			.reasoningEffort("low")
			.responseFormat("text")
			.serverTools(ServerTool.webSearch())
			.extraBody(extra), new UserMessage("hi"));
		assertThat(body).doesNotContain("\"extra\"");
		assertThat(read(body).at("/safety_identifier/a/1").asInt()).isEqualTo(2);
		assertThat(read(body).at("/min_p").isNull()).isTrue();
	}

	@Test
	void extraBodyAddsFields() {
		JsonNode body = read(
				write(options().extraBody(Map.of("max_output_tokens", 9, "reasoning", Map.of("effort", "low"))),
						new UserMessage("hi")));
		assertThat(body.at("/max_output_tokens").asInt()).isEqualTo(9);
		assertThat(body.at("/reasoning/effort").asString()).isEqualTo("low");
	}

	@Test
	void outputSchemaIsTextFormat() {
		JsonNode body = read(write(options().outputSchema("{\"type\":\"object\"}"), new UserMessage("hi")));
		assertThat(body.at("/text/format")).isEqualTo(read(
				"{\"type\":\"json_schema\",\"name\":\"answer\",\"strict\":true,\"schema\":{\"type\":\"object\"}}"));
	}

	@Test
	void applicationAndServerSideToolsAreCombined() {
		JsonNode body = read(write(options().toolCallbacks(List.of(tool("weather")))
			.serverTools(ServerTool.webSearch(), ServerTool.codeInterpreter())
			.parallelToolCalls(false)
			.toolChoice("weather"), new UserMessage("hi")));
		assertThat(body.at("/tools/0/type").asString()).isEqualTo("function");
		assertThat(body.at("/tools/0/name").asString()).isEqualTo("weather");
		assertThat(body.at("/tools/0/description").asString()).isEqualTo("Tells it");
		assertThat(body.at("/tools/0/parameters/type").asString()).isEqualTo("object");
		assertThat(body.at("/tools/1")).isEqualTo(read("{\"type\":\"web_search\"}"));
		assertThat(body.at("/tools/2")).isEqualTo(read("{\"type\":\"code_interpreter\"}"));
		assertThat(body.at("/parallel_tool_calls").asBoolean(true)).isFalse();
		assertThat(body.at("/tool_choice")).isEqualTo(read("{\"type\":\"function\",\"name\":\"weather\"}"));
	}

	@Test
	void toolChoiceModeIsString() {
		assertThat(
				read(write(options().serverTools(ServerTool.xSearch()).toolChoice("required"), new UserMessage("hi")))
					.at("/tool_choice"))
			.isEqualTo(read("\"required\""));
		assertThat(write(options().toolChoice("required"), new UserMessage("hi"))).doesNotContain("tool_choice");
	}

	@Test
	void allMessageTypesAreWritten() {
		AssistantMessage calling = AssistantMessage.builder()
			.content("One moment")
			.toolCalls(List.of(new AssistantMessage.ToolCall("c-1", "function", "weather", "{\"city\":\"Oslo\"}"),
					new AssistantMessage.ToolCall("c-2", "function", "now", "")))
			.build();
		ToolResponseMessage responses = ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("c-1", "weather", "rain"),
					new ToolResponseMessage.ToolResponse("c-2", "now", "")))
			.build();
		JsonNode input = read(write(options(), new SystemMessage("Be brief"), new UserMessage("hi"), calling, responses,
				new AssistantMessage(""), new SystemMessage("Be kind")))
			.at("/input");
		assertThat(input).isEqualTo(read("""
				[{"role":"system","content":"Be brief"},{"role":"user","content":"hi"},\
				{"role":"assistant","content":[{"type":"output_text","text":"One moment"}]},\
				{"type":"function_call","call_id":"c-1","name":"weather","arguments":"{\\"city\\":\\"Oslo\\"}"},\
				{"type":"function_call","call_id":"c-2","name":"now","arguments":"{}"},\
				{"type":"function_call_output","call_id":"c-1","output":"rain"},\
				{"type":"function_call_output","call_id":"c-2","output":"(no output)"},\
				{"role":"system","content":"Be kind"}]"""));
	}

	@Test
	void mediaIsMessageContent() {
		UserMessage message = UserMessage.builder()
			.text("Look")
			.media(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(PNG)),
					new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://a.b/c.png")),
					Media.builder().mimeType(Media.Format.DOC_PDF).data(PNG).name("a.pdf").build(),
					Media.builder().mimeType(Media.Format.DOC_PDF).data(URI.create("https://a.b/c.pdf")).build(),
					Media.builder().mimeType(Media.Format.DOC_PDF).data(PNG).id("file_1").build(),
					Media.builder()
						.mimeType(Media.Format.DOC_TXT)
						.data("äö".getBytes(StandardCharsets.UTF_8))
						.name("a.txt")
						.build())
			.build();
		JsonNode content = read(write(options(), message)).at("/input/0/content");
		assertThat(content.at("/0")).isEqualTo(read("{\"type\":\"input_text\",\"text\":\"Look\"}"));
		assertThat(content.at("/1"))
			.isEqualTo(read("{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,iVBORw==\"}"));
		assertThat(content.at("/2")).isEqualTo(read("{\"type\":\"input_image\",\"image_url\":\"https://a.b/c.png\"}"));
		assertThat(content.at("/3")).isEqualTo(read(
				"{\"type\":\"input_file\",\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,iVBORw==\"}"));
		assertThat(content.at("/4")).isEqualTo(read("{\"type\":\"input_file\",\"file_url\":\"https://a.b/c.pdf\"}"));
		assertThat(content.at("/5")).isEqualTo(read("{\"type\":\"input_file\",\"file_id\":\"file_1\"}"));
		assertThat(content.at("/6/type").asString()).isEqualTo("input_text");
		assertThat(content.at("/6/text").asString()).contains("<file name=\"a.txt\"", "äö");
	}

	@Test
	void storedItemsAreSentBackInPlace() {
		AssistantMessage message = withItems(List.of(REASONING, SEARCH, "message", REASONING, "function_call"),
				"grok-4.3");
		String body = write(options().encryptedReasoning(true), new UserMessage("hi"), message);
		assertThat(body).contains(REASONING + "," + SEARCH
				+ ",{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}," + REASONING
				+ ",{\"type\":\"function_call\",\"call_id\":\"c-1\"");
	}

	@Test
	void messageContentBeyondItemsIsNotLost() {
		String body = write(options().encryptedReasoning(true),
				withItems(List.of(REASONING, "message", "message"), "grok-4.3"));
		assertThat(body).containsOnlyOnce("Hello").containsOnlyOnce("c-1");
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.3, grok-4.3-latest, true", "grok-4.3-latest, grok-4.3, true", "grok-3, grok-4.3, true",
			"grok-4.3, grok-4-fast-reasoning, true", "grok-4.5, grok-4.3, false", "mine, mine, true",
			"mine, yours, false" })
	void itemsAreSentBackOnlyToTheirModel(String wrote, String requested, boolean back) {
		String body = write(options().model(requested).encryptedReasoning(true),
				withItems(List.of(REASONING, "message"), wrote));
		assertThat(body.contains(REASONING)).isEqualTo(back);
		assertThat(body).contains("Hello");
	}

	@Test
	void itemsOfEarlierTurnsAreSentBackIfNotRequested() {
		assertThat(write(options(), withItems(List.of(REASONING, "message"), "grok-4.3"), new UserMessage("hi")))
			.contains(REASONING);
	}

	@Test
	void currentTurnItemsAreSentBackUntilNextTurn() {
		AssistantMessage message = withItems(List.of("turn", REASONING, "function_call"), "grok-4.3");
		assertThat(write(options(), new UserMessage("hi"), message)).contains(REASONING);
		assertThat(write(options(), new UserMessage("hi"), message, new UserMessage("bye"))).doesNotContain("rs_1")
			.contains("c-1");
		assertThat(write(options().encryptedReasoning(true), new UserMessage("hi"), message, new UserMessage("bye")))
			.contains(REASONING);
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.3, true", "grok-4.7, true", "grok-4.20-0309-non-reasoning, false" })
	void encryptedReasoningIsRequestedFromReasoningModelsWithTools(String model, boolean included) {
		assertThat(write(options().model(model).toolCallbacks(List.of(tool("now"))), new UserMessage("hi"))
			.contains("\"include\":[\"reasoning.encrypted_content\"]")).isEqualTo(included);
		assertThat(write(options().model(model), new UserMessage("hi"))).doesNotContain("include");
	}

	@Test
	void metadataOfOtherProvidersIsIgnored() {
		AssistantMessage foreign = AssistantMessage.builder()
			.content("Hello")
			.properties(Map.of("reasoningContent", "hm", "grok.reasoning-items", "not a list"))
			.build();
		assertThat(read(write(options().encryptedReasoning(true), foreign)).at("/input"))
			.isEqualTo(read("[{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}]"));
	}

	private static AssistantMessage withItems(List<String> entries, String model) {
		return AssistantMessage.builder()
			.content("Hello")
			.properties(Map.of("grok.reasoning-items", entries, "grok.reasoning-models", List.of(model)))
			.toolCalls(List.of(new AssistantMessage.ToolCall("c-1", "function", "weather", "{}")))
			.build();
	}

	private static ToolCallback tool(String name) {
		return FunctionToolCallback.builder(name, () -> "x").description("Tells it").build();
	}

	private static GrokChatOptions.Builder options() {
		GrokChatOptions.Builder builder = GrokChatOptions.builder();
		builder.model("grok-4.3");
		return builder;
	}

	private static String write(GrokChatOptions.Builder options, Message... messages) {
		GrokChatOptions built = options.build();
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		new ResponsesRequestWriter(new Prompt(List.of(messages), built), built, ModelCatalog.bundled(), false)
			.writeTo(out);
		return out.toString(StandardCharsets.UTF_8);
	}

	private static JsonNode read(String json) {
		return JsonMapper.shared().readTree(json);
	}

}
