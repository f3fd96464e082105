package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Mcp;
import io.github.grokspring.tool.ServerTool;
import io.github.grokspring.tool.WebSearch;
import io.github.grokspring.tool.XSearch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@code grok.chat.api}, {@code grok.chat.tools} and their neighbours do.
 */
class ResponsesConfigurationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@Test
	void everyToolCanBeWritten() {
		this.runner
			.withPropertyValues("grok.chat.store=true", "grok.chat.encrypted-reasoning=true", "grok.chat.max-turns=4",
					"grok.chat.tools.web-search.enabled=true", "grok.chat.tools.web-search.allowed-domains=a.com,b.com",
					"grok.chat.tools.web-search.image-understanding=true", "grok.chat.tools.x-search.enabled=true",
					"grok.chat.tools.x-search.excluded-handles=@spam", "grok.chat.tools.x-search.from-date=2026-01-31",
					"grok.chat.tools.x-search.to-date=2026-02-01", "grok.chat.tools.x-search.video-understanding=false",
					"grok.chat.tools.code-interpreter.enabled=true", "grok.chat.tools.file-search.enabled=true",
					"grok.chat.tools.file-search.collections=c-1", "grok.chat.tools.file-search.max-results=5",
					"grok.chat.tools.mcp[0].label=tickets", "grok.chat.tools.mcp[0].url=https://mcp.example.com/sse",
					"grok.chat.tools.mcp[0].allowed-tools=find", "grok.chat.tools.mcp[0].headers.X-Team=core",
					"grok.chat.tools.mcp[0].authorization=Bearer t")
			.run((context) -> {
				GrokChatOptions options = context.getBean(GrokChatModel.class).getOptions();
				assertThat(options.getServerTools()).containsExactly(
						new WebSearch(List.of("a.com", "b.com"), List.of(), true, null),
						new XSearch(List.of(), List.of("spam"), LocalDate.of(2026, 1, 31), LocalDate.of(2026, 2, 1),
								null, false),
						ServerTool.codeInterpreter(), ServerTool.fileSearch("c-1").withMaxResults(5),
						new Mcp("tickets", "https://mcp.example.com/sse", null, List.of("find"),
								Map.of("X-Team", "core"), "Bearer t"));
				assertThat(options.getStore()).isTrue();
				assertThat(options.getEncryptedReasoning()).isTrue();
				assertThat(options.getMaxTurns()).isEqualTo(4);
				context.getBean(ChatClient.class).prompt("hi").call().content();
				xai.lastRequest().offersTool("web_search").offersTool("mcp").hasParameter("max_turns");
				assertThat(xai.lastRequest().parameter("store").asBoolean()).isTrue();
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aClientThatInheritsATokenLimitIsAnsweredByAModelThatRefusesIt(boolean stream) {
		this.runner
			.withPropertyValues("grok.chat.max-tokens=100", "grok.clients.team.model=grok-4.20-multi-agent",
					"grok.clients.mini.model=grok-4.3")
			.run((context) -> {
				ChatClient.ChatClientRequestSpec request = context.getBean("teamChatClient", ChatClient.class)
					.prompt("hi");
				ChatResponse response = stream ? request.stream().chatResponse().blockLast(Duration.ofSeconds(20))
						: request.call().chatResponse();
				xai.lastRequest().hasNoParameter("max_output_tokens");
				assertThat(response.getMetadata().<List<String>>get("grok.scrubbed"))
					.containsExactly("max_output_tokens");
				context.getBean("miniChatClient", ChatClient.class).prompt("hi").call().content();
				assertThat(xai.lastRequest().parameter("max_completion_tokens").asInt()).isEqualTo(100);
			});
	}

	@Test
	void picturesCanBeMadeAndToolsOfTomorrowBeUsed() {
		this.runner
			.withPropertyValues("grok.chat.tools.image-generation.enabled=true", "grok.chat.tools.other[0].type=shell",
					"grok.chat.tools.other[0].environment.type=local",
					"grok.chat.tools.other[0].environment.skills[0]=git",
					"grok.chat.tools.other[0].environment.skills[1]=make",
					"grok.clients.plain.tools.image-generation.enabled=false",
					"grok.clients.plain.tools.other[0].type=tool_search")
			.run((context) -> {
				assertThat(context.getBean(GrokChatModel.class).getOptions().getServerTools())
					.containsExactly(ServerTool.imageGeneration(), ServerTool.other(Map.of("type", "shell",
							"environment", Map.of("type", "local", "skills", List.of("git", "make")))));
				context.getBean(ChatClient.class).prompt("hi").call().content();
				xai.lastRequest().offersTool("image_generation").offersTool("shell");
				assertThat(xai.lastRequest().parameter("tools").path(1).toString()).isEqualTo(
						"{\"type\":\"shell\",\"environment\":{\"type\":\"local\",\"skills\":[\"git\",\"make\"]}}");
				context.getBean("plainChatClient", ChatClient.class).prompt("hi").call().content();
				assertThat(xai.lastRequest().parameter("tools").toString()).isEqualTo("[{\"type\":\"tool_search\"}]");
			});
	}

	@ParameterizedTest
	@CsvSource({ "type=function, 'other[0].type', not a server-side tool", "name=x, 'other[0].type', is not set" })
	void aToolOfTomorrowNeedsAType(String field, String property, String problem) {
		this.runner.withPropertyValues("grok.chat.tools.other[0]." + field)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(property)
				.hasMessageContaining(problem));
	}

	@Test
	void aNamedClientChangesWhatItWantsOfTheTools() {
		this.runner
			.withPropertyValues("grok.chat.tools.web-search.enabled=true",
					"grok.chat.tools.web-search.allowed-domains=a.com",
					"grok.chat.tools.web-search.image-understanding=true",
					"grok.clients.other.tools.web-search.excluded-domains=b.com",
					"grok.clients.silent.tools.web-search.enabled=false",
					"grok.clients.coder.tools.code-interpreter.enabled=true")
			.run((context) -> {
				assertThat(tools(context.getBean("otherChatClient", ChatClient.class)))
					.containsExactly(new WebSearch(List.of(), List.of("b.com"), true, null));
				assertThat(tools(context.getBean("silentChatClient", ChatClient.class))).isEmpty();
				assertThat(tools(context.getBean("coderChatClient", ChatClient.class))).hasSize(2);
			});
	}

	private static List<ServerTool> tools(ChatClient client) {
		client.prompt("hi").call().content();
		return xai.lastRequest().path().equals("/v1/responses") ? read() : List.of();
	}

	private static List<ServerTool> read() {
		return xai.lastRequest().parameter("tools").valueStream().map((tool) -> {
			if (tool.path("type").asString().equals("code_interpreter")) {
				return ServerTool.codeInterpreter();
			}
			return (ServerTool) new WebSearch(
					tool.path("allowed_domains").valueStream().map((domain) -> domain.asString()).toList(),
					tool.path("excluded_domains").valueStream().map((domain) -> domain.asString()).toList(),
					tool.path("enable_image_understanding").asBoolean(), null);
		}).toList();
	}

	@ParameterizedTest
	@CsvSource({ "grok.chat.api=auto, chat-completions, /v1/chat/completions",
			"grok.chat.api=chat-completions, chat-completions, /v1/chat/completions",
			"grok.chat.api=responses, responses, /v1/responses",
			"grok.chat.encrypted-reasoning=true, responses, /v1/responses",
			"grok.chat.tools.x-search.enabled=true, responses, /v1/responses",
			"grok.chat.model=grok-4.20-multi-agent, responses, /v1/responses" })
	void theLastStageTellsWhichEndpointAClientAsks(String property, String stage, String path) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context.getBean(GrokChatModel.class).stages()).endsWith(stage);
			context.getBean(ChatClient.class).prompt("hi").call().content();
			assertThat(xai.lastRequest().path()).isEqualTo(path);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void tokensAndCostsAreCountedAsOnChatCompletions(boolean stream) {
		this.runner.withPropertyValues("grok.chat.tools.web-search.enabled=true").run((context) -> {
			xai.answers("Ruby 4.").searchingTheWeb("ruby", "https://ruby-lang.org").usage(1000, 10).reasoningTokens(90);
			Prompt prompt = new Prompt("Which Ruby?");
			GrokChatModel model = context.getBean(GrokChatModel.class);
			ChatResponse response = stream ? model.stream(prompt).blockLast(Duration.ofSeconds(20))
					: model.call(prompt);
			TokenUsage tokens = response.getMetadata().get("grok.tokens");
			assertThat(tokens.reasoning()).isEqualTo(90);
			assertThat(tokens.output()).isEqualTo(10);
			Cost cost = response.getMetadata().get("grok.cost");
			assertThat(cost.source()).isEqualTo(Cost.Source.REPORTED);
			// 1,000 tokens in, 100 out, one search
			assertThat(cost.ticks()).isEqualTo(1000 * 12_500 + 100 * 25_000 + 50_000_000);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void attemptsThatFailAreCountedWhereTheyWent(boolean stream) {
		List<AttemptFinished> attempts = new CopyOnWriteArrayList<>();
		this.runner.withPropertyValues("grok.retry.enabled=false").withBean(GrokEventListener.class, () -> (event) -> {
			if (event instanceof AttemptFinished attempt) {
				attempts.add(attempt);
			}
		}).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (GrokChatOptions.Builder options : List.of(GrokChatOptions.builder(),
					GrokChatOptions.builder().serverTools(ServerTool.webSearch()),
					GrokChatOptions.builder().store(true), GrokChatOptions.builder().api(GrokApi.RESPONSES),
					GrokChatOptions.builder().model("grok-4.20-multi-agent"))) {
				xai.failsWith(503);
				Prompt prompt = new Prompt("hi", options.build());
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> answer(model, prompt, stream).getMetadata());
			}
			// A stream that breaks before its usage has come
			xai.answers("").inChunks("a", "b", "c").breaksAfter(1);
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model
				.stream(new Prompt("hi", GrokChatOptions.builder().serverTools(ServerTool.webSearch()).build()))
				.blockLast(Duration.ofSeconds(20)));
			assertThat(attempts).extracting(AttemptFinished::api)
				.containsExactly("chat-completions", "responses", "responses", "responses", "responses", "responses");
			assertThat(attempts).extracting(AttemptFinished::outcome).doesNotContain("success");
		});
	}

	private static ChatResponse answer(GrokChatModel model, Prompt prompt, boolean stream) {
		return stream ? model.stream(prompt).blockLast(Duration.ofSeconds(20)) : model.call(prompt);
	}

	@Test
	void aRequestMayGoToAnotherEndpointThanItsClient() {
		this.runner.run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt("hi").options(GrokChatOptions.builder().serverTools(ServerTool.webSearch())).call().content();
			assertThat(xai.lastRequest().path()).isEqualTo("/v1/responses");
			client.prompt("hi").options(GrokChatOptions.builder().api(GrokApi.RESPONSES)).call().content();
			assertThat(xai.lastRequest().path()).isEqualTo("/v1/responses");
			client.prompt("hi").call().content();
			assertThat(xai.lastRequest().path()).isEqualTo("/v1/chat/completions");
		});
	}

	@Test
	void theTransportOfSpringAiSaysThatItServesChatCompletionsOnly() {
		this.runner.withPropertyValues("grok.chat.transport=spring-ai").run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> client.prompt("hi")
					.options(GrokChatOptions.builder().serverTools(ServerTool.webSearch()))
					.call()
					.content())
				.withMessageContaining("'spring-ai'")
				.withMessageContaining("web_search");
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> client.prompt("hi")
					.options(GrokChatOptions.builder().api(GrokApi.RESPONSES))
					.call()
					.content())
				.withMessageContaining("the Responses API");
			assertThat(xai.requestCount()).isZero();
		});
	}

	@Test
	void parametersThatAModelRefusesAreScrubbedOnTheResponsesApiToo() {
		this.runner.withPropertyValues("grok.chat.api=responses", "grok.chat.presence-penalty=0.5").run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt("hi")
				.options(GrokChatOptions.builder()
					.maxTokens(50)
					.reasoningEffort("minimal")
					.extraBody(Map.of("input", "x", "max_output_tokens", 7, "reasoning", Map.of("summary", "auto"))))
				.call()
				.content();
			xai.lastRequest().hasNoParameter("presence_penalty").hasNoParameter("reasoning.summary");
			assertThat(xai.lastRequest().parameter("max_output_tokens").asInt()).isEqualTo(50);
			assertThat(xai.lastRequest().parameter("reasoning.effort").asString()).isEqualTo("low");
			for (String key : List.of("input", "max_output_tokens", "reasoning", "store")) {
				assertThat(xai.lastRequest().countOfKey(key)).as(key).isOne();
			}
		});
	}

	@Test
	void secretsOfMcpServersAreNotPrinted() {
		GrokToolsProperties.Server mcp = new GrokToolsProperties.Server("tickets", "https://a.b", null,
				Map.of("X-Key", "secret"), "Bearer secret");
		assertThat(new GrokToolsProperties(null, null, null, null, List.of(mcp), null,
				List.of(Map.of("type", "shell", "token", "s3cret")))
			.toString()).contains("tickets", "shell").doesNotContain("secret", "s3cret");
	}

}
