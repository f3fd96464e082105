package io.github.grokspring.responses;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.Citations;
import io.github.grokspring.tool.ServerTool;
import io.github.grokspring.tool.ToolUse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for features that require the Responses API, over a real socket.
 */
class ServerSideToolsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private ReactorXaiHttpClient exchange;

	private GrokChatModel model;

	@BeforeEach
	void start() {
		this.exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()), xai::apiKey);
		this.model = GrokChatModel.builder("responses", ResponsesModel.builder(this.exchange).build())
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.build();
	}

	@AfterEach
	void stop() {
		this.exchange.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void searchIsReportedWithSources(boolean stream) {
		xai.answers("Ruby 4 is out.")
			.searchingTheWeb("latest Ruby", "https://www.ruby-lang.org/en/news", "https://x.com/ruby/status/1")
			.openingPage("https://www.ruby-lang.org/en/news")
			.citing("https://www.ruby-lang.org/en/news", "https://x.com/ruby/status/1");
		ChatResponse response = invoke(stream, options().serverTools(ServerTool.webSearch()));
		xai.lastRequest().offersTool("web_search").hasNoParameter("reasoning.summary");
		assertThat(xai.lastRequest().body()).doesNotContain("search_context_size");
		List<ToolUse> uses = response.getMetadata().get("grok.tools");
		assertThat(uses).containsExactly(new ToolUse("web_search", "search", "latest Ruby", null, null, "completed"),
				new ToolUse("web_search", "open_page", null, "https://www.ruby-lang.org/en/news", null, "completed"));
		List<Citation> citations = response.getMetadata().get("citations");
		assertThat(citations).extracting(Citation::url)
			.containsExactly("https://www.ruby-lang.org/en/news", "https://x.com/ruby/status/1");
		assertThat(citations).extracting(Citation::kind).containsExactly(Citation.Kind.WEB, Citation.Kind.X);
		if (!stream) {
			Citations marked = Citations.of(response);
			assertThat(marked.withoutMarks()).isEqualTo("Ruby 4 is out.");
			assertThat(marked.render((citation) -> "(" + citation.title() + ")")).isEqualTo("Ruby 4 is out.(1)(2)");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void otherToolsAreReported(boolean stream) {
		xai.answers("Done.")
			.searchingX("from:ruby", "https://x.com/ruby/status/1")
			.runningCode("print(1)")
			.searchingFiles("vacation", "25 days")
			.callingMcp("tickets", "find", "{\"id\":1}", "open");
		ChatResponse response = invoke(stream, options().serverTools(ServerTool.xSearch(), ServerTool.codeInterpreter(),
				ServerTool.fileSearch("collection_1"), ServerTool.mcp("tickets", "https://mcp.example.com")));
		List<ToolUse> uses = response.getMetadata().get("grok.tools");
		assertThat(uses).extracting(ToolUse::type)
			.containsSubsequence("x_search", "code_interpreter", "file_search", "mcp");
		assertThat(uses).extracting(ToolUse::status).containsOnly("completed");
		assertThat(uses).anySatisfy((use) -> assertThat(use.code()).isEqualTo("print(1)"))
			.anySatisfy((use) -> assertThat(use.query()).isEqualTo("vacation"))
			.anySatisfy((use) -> assertThat(use.query()).isEqualTo("from:ruby"))
			.anySatisfy((use) -> assertThat(use.name()).isEqualTo("find"));
	}

	@Test
	void toolProgressPrecedesText() {
		xai.answers("Ruby 4 is out.").searchingTheWeb("latest Ruby", "https://www.ruby-lang.org/en/news");
		List<ChatResponse> elements = this.model
			.stream(new Prompt("Search", options().serverTools(ServerTool.webSearch()).build()))
			.collectList()
			.block(PATIENCE);
		int text = firstIndex(elements, (element) -> !element.getResult().getOutput().getText().isEmpty());
		int progress = firstIndex(elements, (element) -> element.getMetadata().containsKey("grok.tools"));
		assertThat(progress).isLessThanOrEqualTo(text);
	}

	private static int firstIndex(List<ChatResponse> elements, Predicate<ChatResponse> predicate) {
		for (int i = 0; i < elements.size(); i++) {
			if (predicate.test(elements.get(i))) {
				return i;
			}
		}
		return -1;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void encryptedReasoningIsSentBackUnchangedThroughMemory(boolean stream) {
		ChatMemory memory = MessageWindowChatMemory.builder().build();
		ChatClient client = ChatClient.builder(this.model)
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build())
			.defaultOptions(options().encryptedReasoning(true).serverTools(ServerTool.webSearch()))
			.build();
		xai.answers("Ruby 4.").reasoning("Let me look.").searchingTheWeb("ruby", "https://ruby-lang.org");
		invoke(client, "Which Ruby?", stream);
		xai.lastRequest().hasParameter("include");
		xai.answers("December.");
		invoke(client, "Since when?", stream);
		Message first = memory.get("conv").get(1);
		List<?> items = (List<?>) first.getMetadata().get("grok.reasoning-items");
		assertThat(items).hasSizeGreaterThan(2).allSatisfy((entry) -> assertThat(entry).isInstanceOf(String.class));
		String body = xai.lastRequest().body();
		assertThat(items.stream().map(Object::toString).filter((entry) -> entry.startsWith("{"))).isNotEmpty()
			.allSatisfy((entry) -> assertThat(body).contains(entry));
		assertThat(body.indexOf("encrypted_content")).isLessThan(body.indexOf("Ruby 4."))
			.isGreaterThan(body.indexOf("Which Ruby?"));
		xai.answers("Bye.");
		client.prompt("And now?")
			.options(options().model("grok-4.5"))
			.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, "conv"))
			.call()
			.content();
		assertThat(xai.lastRequest().body()).doesNotContain("encrypted_content\":");
	}

	@Test
	void encryptedReasoningIsSentBackDuringToolExecution() {
		ChatClient client = ChatClient.builder(this.model).defaultOptions(options().encryptedReasoning(true)).build();
		for (boolean stream : new boolean[] { false, true }) {
			xai.answersWithToolCall("now", "{}").reasoning("I need the time.");
			xai.answers("Noon.");
			ChatClient.ChatClientRequestSpec request = client.prompt("What time is it?").tools(new Clock());
			String answer = stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
					: request.call().content();
			assertThat(answer).isEqualTo("Noon.");
			assertThat(xai.lastRequest().inputItems("reasoning")).hasSize(1);
			JsonNode items = xai.lastRequest().parameter("input");
			assertThat(items.valueStream().map((item) -> item.path("type").asString("message")))
				.containsExactly("message", "reasoning", "function_call", "function_call_output");
		}
	}

	@Test
	void storedItemsSurviveJsonSerialization() {
		xai.answers("Hi").reasoning("Hm.");
		AssistantMessage answer = this.model.call(new Prompt("hi", options().encryptedReasoning(true).build()))
			.getResult()
			.getOutput();
		JsonMapper json = JsonMapper.shared();
		Map<?, ?> metadata = json.readValue(json.writeValueAsString(answer.getMetadata()), Map.class);
		assertThat(metadata.get("grok.reasoning-items")).isEqualTo(answer.getMetadata().get("grok.reasoning-items"));
		AssistantMessage restored = AssistantMessage.builder()
			.content("Hi")
			.properties(Map.of("grok.reasoning-items", metadata.get("grok.reasoning-items"), "grok.reasoning-models",
					metadata.get("grok.reasoning-models")))
			.build();
		xai.answers("Bye");
		this.model.call(new Prompt(List.of(new UserMessage("hi"), restored, new UserMessage("bye")),
				options().encryptedReasoning(true).build()));
		assertThat(xai.lastRequest().inputItems("reasoning")).hasSize(1);
	}

	@Test
	void storedResponseCanBeContinued() {
		xai.answers("Ruby 4.");
		String id = this.model.call(new Prompt("Which Ruby?", options().store(true).build())).getMetadata().getId();
		assertThat(xai.lastRequest().parameter("store").asBoolean()).isTrue();
		xai.answers("December.");
		this.model.call(new Prompt("Since when?", options().previousResponseId(id).build()));
		assertThat(xai.lastRequest().parameter("previous_response_id").asString()).isEqualTo(id);
		assertThat(xai.lastRequest().parameter("store").asBoolean(true)).isFalse();
	}

	@Test
	void failedResponseFails() {
		for (boolean stream : new boolean[] { false, true }) {
			xai.answers("x").failed("server_error", "The model produced an invalid tool call");
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invoke(stream, options()))
				.withMessageContaining("invalid tool call")
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.SERVER_ERROR));
		}
	}

	@Test
	void streamIsIndependentOfNetworkChunks() {
		String events = """
				event: response.created
				data: {"type":"response.created","response":{"created_at":1,"id":"r-1","model":"grok-4.3"}}

				event: response.output_text.delta
				data: {"content_index":0,"delta":"h\u00e4 \\"\ud83d\ude00","output_index":0}

				event: response.completed
				data: {"response":{"id":"r-1","status":"completed","output":[{"type":"message","content":[]}]}}

				""";
		int length = events.getBytes(StandardCharsets.UTF_8).length;
		for (int cut = 1; cut < length; cut++) {
			xai.streamsRaw(events).inPiecesOf(cut, length - cut);
			List<ChatResponse> elements = this.model.stream(new Prompt("hi")).collectList().block(PATIENCE);
			assertThat(elements).as("cut at %d", cut)
				.extracting((element) -> element.getResult().getOutput().getText())
				.containsExactly("hä \"\ud83d\ude00", "");
		}
	}

	private ChatResponse invoke(boolean stream, GrokChatOptions.Builder options) {
		Prompt prompt = new Prompt("Search", options.build());
		return stream ? this.model.stream(prompt).blockLast(PATIENCE) : this.model.call(prompt);
	}

	private static void invoke(ChatClient client, String question, boolean stream) {
		ChatClient.ChatClientRequestSpec request = client.prompt(question)
			.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, "conv"));
		if (stream) {
			request.stream().content().blockLast(PATIENCE);
		}
		else {
			request.call().content();
		}
	}

	private static GrokChatOptions.Builder options() {
		return GrokChatOptions.builder();
	}

	static class Clock {

		@Tool(description = "Tells the time")
		String now() {
			return "12:00";
		}

	}

}
