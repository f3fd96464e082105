package io.github.grokspring.golden;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.github.grokspring.cache.CacheScope;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.cache.ResponseCacheSettings;
import io.github.grokspring.cache.ResponseCosts;
import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests byte for byte: path, names of the headers, key in the response cache and body,
 * for both endpoints and for both transports. {@code -Dgolden.write=true} regenerates
 * them.
 */
class RequestsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final String SCHEMA = """
			{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

	/** Drawn by the server. */
	private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

	private static final byte[] PNG = { (byte) 0x89, 'P', 'N', 'G' };

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Keys keys = new Keys();

	private final ApplicationContextRunner runner = Applications.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.retry.enabled=false", "grok.scrub.learn=false", "grok.cache.enabled=true")
		.withBean(ResponseCache.class, this.keys::cache);

	@Test
	void chatCompletions() {
		Map<String, Request> requests = new LinkedHashMap<>(common());
		requests.put("stream of an alias with an effort",
				stream(options().model("grok-4.5-latest").reasoningEffort("low"), user("hi")));
		requests.put("stop sequences and penalties",
				call(options().model("grok-4.20-non-reasoning")
					.stopSequences(List.of("END", "\n\n"))
					.presencePenalty(0.5)
					.frequencyPenalty(-0.25), user("hi")));
		requests.put("log probabilities and number of choices",
				call(options().model("grok-4.20-non-reasoning")
					.logprobs(true)
					.topLogprobs(3)
					.n(1)
					.logitBias(Map.of("50", 1)), user("hi")));
		requests.put("unknown model", call(options().model("grok-99").temperature(0.1), user("hi")));
		requests.put("empty and missing messages",
				call(options(), user("hi"), new AssistantMessage(""), new AssistantMessage(null), user("hi again")));
		run("requests-chat-completions.txt", this.runner, requests);
	}

	@Test
	void responses() {
		Map<String, Request> requests = new LinkedHashMap<>();
		common().forEach((name, request) -> requests.put(name, request.with(GrokApi.RESPONSES)));
		requests.put("encrypted reasoning",
				responses(options().encryptedReasoning(true).include("file_search_call.results"), user("hi")));
		requests.put("reasoning items of an earlier turn",
				responses(options().encryptedReasoning(true), user("hi"), AssistantMessage.builder()
					.content("Hello")
					.properties(Map.of("grok.reasoning-items",
							List.of("{ \"type\":\"reasoning\",\"id\":\"rs_1\",\"encrypted_content\":\"a\\/b\" }",
									"message"),
							"grok.reasoning-models", List.of("grok-4.3")))
					.build(), user("Again")));
		requests.put("web search",
				responses(options().serverTools(
						ServerTool.webSearch().withAllowedDomains("a.com", "b.org").withImageUnderstanding(true)),
						user("hi")));
		requests.put("X search",
				responses(options().serverTools(ServerTool.xSearch()
					.withExcludedHandles("spam")
					.between(LocalDate.of(2026, 1, 2), LocalDate.of(2026, 3, 4))
					.withImageUnderstanding(true)
					.withVideoUnderstanding(false)), user("hi")));
		requests.put("code interpreter, file search and image generation",
				responses(options().serverTools(ServerTool.codeInterpreter(),
						ServerTool.fileSearch("collection_1", "collection_2").withMaxResults(7),
						ServerTool.imageGeneration().withAction("generate")), user("hi")));
		requests.put("MCP server, unknown tool and function",
				responses(
						options()
							.serverTools(
									ServerTool.mcp("tickets", "https://mcp.example.com/sse")
										.withAllowedTools("find")
										.withDescription("Finds tickets")
										.withHeaders(Map.of("X-Key", "1"))
										.withAuthorization("Bearer token"),
									ServerTool.other(Map.of("type", "later_tool")))
							.toolCallbacks(tool("weather")),
						user("hi")));
		requests.put("stored response that goes on",
				responses(options().store(true).previousResponseId("resp_1").maxTurns(3), user("hi")));
		requests.put("model that only this endpoint serves",
				call(options().model("grok-4.20-multi-agent").reasoningEffort("high"), user("hi")));
		requests.put("stream with a search",
				(context) -> model(context)
					.stream(new Prompt("hi", options().serverTools(ServerTool.webSearch()).build()))
					.blockLast(TIMEOUT));
		run("requests-responses.txt", this.runner, requests);
	}

	@Test
	void openAiTransport() {
		Map<String, Request> requests = new LinkedHashMap<>(common());
		requests.put("stop sequences and penalties",
				call(options().model("grok-4.20-non-reasoning")
					.stopSequences(List.of("END"))
					.presencePenalty(0.5)
					.frequencyPenalty(-0.25), user("hi")));
		run("requests-transport-spring-ai.txt", this.runner.withPropertyValues("grok.chat.transport=spring-ai"),
				requests);
	}

	@Test
	void clients() {
		Map<String, Request> requests = new LinkedHashMap<>();
		requests.put("default client", client("grokChatClient", (spec) -> {
		}));
		requests.put("named client with defaults", client("supportChatClient", (spec) -> {
		}));
		requests.put("options over the defaults of a named client", client("supportChatClient",
				(spec) -> spec.options(GrokChatOptions.builder().temperature(0.9).cacheMode(CacheMode.REFRESH))));
		requests.put("portable options",
				client("supportChatClient", (spec) -> spec.options(ChatOptions.builder().maxTokens(5).topP(0.5))));
		requests.put("options of OpenAI", client("supportChatClient",
				(spec) -> spec.options(OpenAiChatOptions.builder().maxCompletionTokens(60).seed(4).user("u-1"))));
		requests.put("conversation id", client("grokChatClient",
				(spec) -> spec.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "conversation 1"))));
		requests.put("round of tools", (context) -> {
			xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}");
			context.getBean("grokChatClient", ChatClient.class).prompt("Rain?").tools(tool("weather")).call().content();
		});
		requests.put("entity", (context) -> {
			xai.answers("{\"name\":\"Oslo\",\"people\":700000}");
			assertThat(
					context.getBean("grokChatClient", ChatClient.class).prompt("Which city?").call().entity(City.class))
				.isEqualTo(new City("Oslo", 700_000));
		});
		requests.put("redacted prompt of a guarded client", client("grokChatClient", (spec) -> spec
			.user("Write to ann@example.com, card 4111 1111 1111 1111, key sk-proj-0123456789abcdefghij")));
		run("requests-clients.txt",
				this.runner.withPropertyValues("grok.chat.system=Be brief.", "grok.chat.seed=3",
						"grok.clients.support.model=grok-4.5", "grok.clients.support.system=Be kind.",
						"grok.clients.support.temperature=0.2", "grok.clients.support.max-tokens=100",
						"grok.clients.support.reasoning-effort=low", "grok.clients.support.service-tier=priority",
						"grok.redaction.enabled=true", "grok.prompt-guard.enabled=true",
						"grok.prompt-guard.secret=0123456789abcdef0123456789abcdef"),
				requests);
	}

	private static Map<String, Request> common() {
		Map<String, Request> requests = new LinkedHashMap<>();
		requests.put("plain", call(options(), user("hi")));
		requests.put("stream", stream(options(), user("hi")));
		requests.put("conversation", call(options(), new SystemMessage("Be brief"), user("hi"),
				new AssistantMessage("Hello"), user("\u00e4 \u4e16 \ud83d\ude00 \u0000 \"\\/ \u2028\r\n\t<b>")));
		requests.put("sampling", call(
				options().temperature(0.00001).topP(0.9).topK(40).seed(Integer.MAX_VALUE).maxTokens(100), user("hi")));
		requests.put("reasoning effort", call(options().model("grok-4.7").reasoningEffort("xhigh"), user("hi")));
		requests.put("JSON object", call(options().responseFormat("json_object"), user("hi, JSON")));
		requests.put("JSON schema", call(options().outputSchema(SCHEMA), user("hi")));
		requests.put("tools", call(
				options().toolCallbacks(tool("weather"), tool("now")).parallelToolCalls(false).toolChoice("weather"),
				user("hi")));
		requests.put("required tool in a stream",
				stream(options().toolCallbacks(tool("weather")).toolChoice("required"), user("hi")));
		requests.put("round of tools", call(options().toolCallbacks(tool("weather")), user("Rain?"), AssistantMessage
			.builder()
			.content("One moment")
			.toolCalls(List.of(new AssistantMessage.ToolCall("call-1", "function", "weather", "{\"city\":\"Oslo\"}"),
					new AssistantMessage.ToolCall("call-2", "function", "weather", "{ \"city\" : \"Rome\" }")))
			.build(),
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("call-1", "weather", "rain"),
							new ToolResponseMessage.ToolResponse("call-2", "weather", "{ \"sun\": true }")))
					.build(),
				user("And tomorrow?")));
		requests.put("images",
				call(options(),
						UserMessage.builder()
							.text("Look")
							.media(Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(PNG).name("a.png").build(),
									Media.builder()
										.mimeType(MimeTypeUtils.IMAGE_JPEG)
										.data(URI.create("https://example.com/b.jpg"))
										.name("b.jpg")
										.build())
							.build()));
		requests.put("text file",
				call(options(),
						UserMessage.builder()
							.text("Read")
							.media(Media.builder()
								.mimeType(Media.Format.DOC_TXT)
								.data("one\ntwo".getBytes(StandardCharsets.UTF_8))
								.name("a.txt")
								.build())
							.build()));
		requests.put("user, tier and store",
				call(options().user("user-1").serviceTier("priority").store(true), user("hi")));
		Map<String, Object> extra = new LinkedHashMap<>();
		extra.put("safety_identifier", "user-1");
		extra.put("metadata", Map.of("list", List.of(1, 2.5, true)));
		extra.put("model", "must not replace the model");
		requests.put("extra body and headers",
				call(options().extraBody(extra).headers(Map.of("X-Team", "blue")), user("hi")));
		requests.put("conversation id", call(options().conversationId("conversation 1"), user("hi")));
		requests.put("conversation id without prompt cache",
				call(options().conversationId("conversation 1").promptCache(false), user("hi")));
		return requests;
	}

	private void run(String file, ApplicationContextRunner application, Map<String, Request> requests) {
		StringBuilder sent = new StringBuilder();
		application.run((context) -> {
			assertThat(context).hasNotFailed();
			requests.forEach((name, request) -> {
				xai.reset();
				this.keys.asked.clear();
				String failure = null;
				try {
					request.send(context);
				}
				catch (GrokApiException ex) {
					failure = String.valueOf(ex.kind());
				}
				sent.append("# ").append(name).append('\n');
				xai.requests().forEach((recorded) -> sent.append(line(recorded)));
				sent.append("keys ").append(this.keys.asked).append('\n');
				if (failure != null) {
					sent.append("refused ").append(failure).append('\n');
				}
			});
		});
		Golden.verify(file, sent.toString());
	}

	private static String line(RecordedRequest request) {
		return request.method() + " " + request.path() + " " + new TreeSet<>(request.headers().keySet()) + "\n"
				+ ID.matcher(request.body()).replaceAll("<id>") + "\n";
	}

	private static Request call(GrokChatOptions.Builder options, Message... messages) {
		return new Request() {

			@Override
			public void send(ApplicationContext context) {
				model(context).call(new Prompt(Arrays.asList(messages), options.build()));
			}

			@Override
			public Request with(GrokApi api) {
				return call(options.build().mutate().api(api), messages);
			}

		};
	}

	private static Request stream(GrokChatOptions.Builder options, Message... messages) {
		return new Request() {

			@Override
			public void send(ApplicationContext context) {
				model(context).stream(new Prompt(Arrays.asList(messages), options.build())).blockLast(TIMEOUT);
			}

			@Override
			public Request with(GrokApi api) {
				return stream(options.build().mutate().api(api), messages);
			}

		};
	}

	private static Request responses(GrokChatOptions.Builder options, Message... messages) {
		return call(options.api(GrokApi.RESPONSES), messages);
	}

	private static Request client(String name, Consumer<ChatClient.ChatClientRequestSpec> customizer) {
		return (context) -> {
			ChatClient.ChatClientRequestSpec request = context.getBean(name, ChatClient.class).prompt().user("hi");
			customizer.accept(request);
			request.call().content();
		};
	}

	private static GrokChatModel model(ApplicationContext context) {
		return context.getBean(GrokChatModel.class);
	}

	private static GrokChatOptions.Builder options() {
		return GrokChatOptions.builder();
	}

	private static UserMessage user(String text) {
		return new UserMessage(text);
	}

	private static ToolCallback tool(String name) {
		return FunctionToolCallback.builder(name, (Map<String, Object> input) -> "rain")
			.description("Tells it")
			.inputType(Map.class)
			.inputSchema(SCHEMA)
			.build();
	}

	/**
	 * Sends something.
	 */
	@FunctionalInterface
	private interface Request {

		void send(ApplicationContext context);

		default Request with(GrokApi api) {
			throw new UnsupportedOperationException("has no options");
		}

	}

	/**
	 * A structured answer.
	 */
	record City(String name, int people) {

	}

	/**
	 * An empty cache of the public endpoint that notes the keys it is asked for.
	 */
	private static final class Keys implements ResponseStore {

		private final Set<String> asked = new LinkedHashSet<>();

		private ResponseCache cache() {
			CacheScope scope = new CacheScope("https://api.x.ai/v1", "", false, true, (prompt) -> null);
			return ResponseCache.of(new ResponseCacheSettings(Duration.ofHours(1), true, Duration.ofSeconds(5), scope,
					ResponseCosts.unknown(), GrokChatOptions::getConversationId), this, (event) -> {
					}, InstantSource.system());
		}

		@Override
		public @Nullable String get(String key) {
			this.asked.add(key);
			return null;
		}

		@Override
		public void put(String key, String text, Duration ttl) {
		}

		@Override
		public void clear() {
		}

		@Override
		public boolean mayBlock() {
			return false;
		}

	}

}
