package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.Citations;
import io.github.grokspring.tool.Mcp;
import io.github.grokspring.tool.OtherTool;
import io.github.grokspring.tool.ServerTool;
import io.github.grokspring.tool.ToolUse;
import io.github.grokspring.tool.WebSearch;
import io.github.grokspring.tool.XSearch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tools of xAI beside tools of the application, and the prompt cache, from the client to
 * the wire and back to the meters.
 */
class ServerToolsOnTheWireTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bothKindsOfToolsWorkInOneRequest(boolean stream) {
		this.runner
			.withPropertyValues("grok.chat.encrypted-reasoning=true", "grok.chat.tools.web-search.enabled=true",
					"grok.chat.parallel-tool-calls=true")
			.run((context) -> {
				Weather weather = new Weather();
				xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}")
					.andToolCall("weather", "{\"city\":\"Rome\"}")
					.searchingTheWeb("cities", "https://example.com/cities");
				xai.answers("Rain and sun.")
					.searchingX("from:weather", "https://x.com/weather/status/1")
					.searchingTheWeb("weather", "https://example.com/weather")
					.citing("https://example.com/weather", "https://x.com/weather/status/1");
				List<ChatResponse> elements = ask(context.getBean(ChatClient.class)
					.prompt("Weather?")
					.options(GrokChatOptions.builder().serverTools(ServerTool.xSearch()))
					.tools(weather), stream);
				ChatResponse last = elements.get(elements.size() - 1);
				assertThat(weather.cities).containsExactly("Oslo", "Rome");
				assertThat(xai.requests()).hasSize(2).allSatisfy((request) -> {
					request.offersTool("web_search").offersTool("x_search").offersTool("weather");
					assertThat(request.parameter("parallel_tool_calls").asBoolean()).isTrue();
				});
				assertThat(types(xai.lastRequest())).containsSubsequence("user", "web_search_call", "function_call",
						"function_call", "function_call_output", "function_call_output");
				assertThat(last.getMetadata().<List<Citation>>get("citations")).extracting(Citation::url)
					.containsExactly("https://example.com/weather", "https://x.com/weather/status/1");
				assertThat(last.getMetadata().<List<ToolUse>>get("grok.tools")).extracting(ToolUse::type)
					.containsExactlyInAnyOrder("web_search", "x_search");
				String text = String.join("",
						elements.stream().map((element) -> element.getResult().getOutput().getText()).toList());
				assertThat(new Citations(text, last.getMetadata().get("citations")).withoutMarks())
					.isEqualTo("Rain and sun.");
				assertThat(text).contains("[[1]](https://example.com/weather)");
				assertThat(count(context, "grok.client.tools.calls", "tool", "web_search")).isEqualTo(2);
				assertThat(count(context, "grok.client.tools.calls", "tool", "x_search")).isEqualTo(1);
			});
	}

	static Stream<GrokChatOptions.Builder> unencryptedSecrets() {
		Mcp desk = new Mcp("desk", "http://mcp.example.com/sse", null, List.of(), Map.of(), null);
		Map<String, Object> fields = Map.of("type", "mcp", "server_label", "desk", "server_url",
				"HTTP://127.0.0.1.example.com/sse", "headers", Map.of("X-Key", "secret-of-the-desk"));
		return Stream.of(GrokChatOptions.builder().serverTools(desk.withAuthorization("Bearer secret-of-the-desk")),
				GrokChatOptions.builder().serverTools(desk.withHeaders(Map.of("X-Key", "secret-of-the-desk"))),
				GrokChatOptions.builder().serverTools(new OtherTool(fields)),
				GrokChatOptions.builder().extraBody(Map.of("tools", List.of(fields))));
	}

	@ParameterizedTest
	@MethodSource("unencryptedSecrets")
	void secretsOfMcpServersAreNotSentUnencrypted(GrokChatOptions.Builder options) {
		Prompt prompt = new Prompt("Hi", options.build());
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (Invocation invocation : Invocation.values()) {
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.invoke(model, prompt))
					.withMessageContainingAll("'desk'", "http", "'grok.http.allow-insecure'")
					.withMessageNotContaining("secret-of-the-desk")
					.satisfies((ex) -> assertThat(ex.isSent()).isFalse())
					.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST));
			}
			assertThat(xai.requests()).isEmpty();
		});
		this.runner.withPropertyValues("grok.http.allow-insecure=true").run((context) -> {
			xai.answers("ok");
			assertThat(Invocation.text(Invocation.CALL.invoke(context.getBean(GrokChatModel.class), prompt)))
				.isEqualTo("ok");
		});
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost:8080/sse, Bearer secret", "http://[::1]/sse, Bearer secret",
			"https://mcp.example.com/sse, Bearer secret", "http://mcp.example.com/sse, " })
	void mcpServersWithoutSecretsOrWithEncryptionAreSent(String url, @Nullable String authorization) {
		this.runner.run((context) -> {
			for (Invocation invocation : Invocation.values()) {
				xai.answers("ok");
				Prompt prompt = new Prompt("Hi",
						GrokChatOptions.builder()
							.serverTools(new Mcp("desk", url, null, List.of(), Map.of(), authorization))
							.build());
				assertThat(Invocation.text(invocation.invoke(context.getBean(GrokChatModel.class), prompt)))
					.isEqualTo("ok");
			}
		});
	}

	static Stream<Supplier<ServerTool>> toolsThatXaiRefuses() {
		LocalDate day = LocalDate.of(2026, 11, 21);
		String[] domains = IntStream.range(0, 6).mapToObj((i) -> i + ".example.com").toArray(String[]::new);
		String[] handles = IntStream.range(0, 21).mapToObj((i) -> "handle" + i).toArray(String[]::new);
		return Stream.of(() -> ServerTool.webSearch().withAllowedDomains(domains),
				() -> ServerTool.webSearch().withExcludedDomains(domains),
				() -> new WebSearch(List.of("a.com"), List.of("b.com"), null, null),
				() -> ServerTool.xSearch().withAllowedHandles(handles),
				() -> ServerTool.xSearch().withExcludedHandles(handles),
				() -> new XSearch(List.of("a"), List.of("b"), null, null, null, null),
				() -> ServerTool.xSearch().between(day, day.minusDays(1)));
	}

	@ParameterizedTest
	@MethodSource("toolsThatXaiRefuses")
	void whatXaiWouldRefuseOfAToolIsNotSent(Supplier<ServerTool> tool) {
		this.runner.run((context) -> {
			for (boolean stream : new boolean[] { false, true }) {
				assertThatIllegalArgumentException().isThrownBy(() -> ask(context.getBean(ChatClient.class)
					.prompt("Which Ruby?")
					.options(GrokChatOptions.builder().serverTools(tool.get())), stream));
			}
			assertThat(xai.requestCount()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatXaiTakesOfAToolIsSentAsItIs(boolean stream) {
		this.runner.run((context) -> {
			String[] domains = IntStream.range(0, 5).mapToObj((i) -> i + ".example.com").toArray(String[]::new);
			String[] handles = IntStream.range(0, 20).mapToObj((i) -> "@handle" + i).toArray(String[]::new);
			LocalDate day = LocalDate.of(2026, 11, 21);
			xai.answers("4");
			ask(context.getBean(ChatClient.class)
				.prompt("Which Ruby?")
				.options(GrokChatOptions.builder()
					.serverTools(ServerTool.webSearch().withExcludedDomains(domains),
							ServerTool.xSearch().withAllowedHandles(handles).between(day, day))),
					stream);
			JsonNode tools = xai.lastRequest().parameter("tools");
			assertThat(tools.at("/0/excluded_domains")).hasSize(5);
			assertThat(tools.at("/0").has("allowed_domains")).isFalse();
			assertThat(tools.at("/1/allowed_x_handles")).hasSize(20);
			assertThat(tools.at("/1/allowed_x_handles/7").asString()).isEqualTo("handle7");
			assertThat(tools.at("/1/from_date").asString()).isEqualTo("2026-11-21");
			assertThat(tools.at("/1/to_date").asString()).isEqualTo("2026-11-21");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatToolsCostIsKnownWithoutTheReportOfXai(boolean stream) {
		this.runner.withPropertyValues("grok.chat.tools.web-search.enabled=true").run((context) -> {
			String response = """
					{"id":"r-1","status":"completed","model":"grok-4.3","output":[],"usage":{"input_tokens":1000,\
					"output_tokens":10,"total_tokens":1010,"num_server_side_tools_used":2,\
					"server_side_tool_usage_details":{"web_search_calls":2,"x_search_calls":0,"mcp_calls":0}}}""";
			if (stream) {
				xai.streamsRaw("event: response.completed\ndata: {\"response\":" + response + "}\n\n");
			}
			else {
				xai.answersRaw(200, "application/json", response);
			}
			ask(context.getBean(ChatClient.class).prompt("Which Ruby?"), stream);
			assertThat(count(context, "grok.client.cost", "source", "table"))
				.isCloseTo((1000 * 12_500 + 10 * 25_000 + 2 * 50_000_000) / 1e10, within(1e-12));
		});
	}

	static Stream<Arguments> endpoints() {
		return Stream.of(GrokApi.CHAT_COMPLETIONS, GrokApi.RESPONSES)
			.flatMap((api) -> Stream.of(false, true).map((stream) -> Arguments.of(api, stream)));
	}

	@ParameterizedTest
	@MethodSource("endpoints")
	void theTurnsOfAConversationMeetTheSameCacheAndWhatItSavesIsCounted(GrokApi api, boolean stream) {
		this.runner.run((context) -> {
			for (int turn = 0; turn < 2; turn++) {
				xai.answers("Hi").usage(2000, 3).cachedTokens(1024);
				ask(context.getBean(ChatClient.class)
					.prompt("Hello")
					.options(GrokChatOptions.builder().api(api))
					.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, "talk-1")), stream);
			}
			String code = xai.lastRequest().header("x-grok-conv-id");
			assertThat(code).matches("[0-9a-f]{32}");
			assertThat(xai.requests()).hasSize(2).allSatisfy((request) -> {
				assertThat(request.headers("x-grok-conv-id")).containsExactly(code);
				assertThat(request.json().path("prompt_cache_key").asString("none"))
					.isEqualTo((api == GrokApi.RESPONSES) ? code : "none");
			});
			// $1.25 less $0.20 for a million tokens
			assertThat(count(context, "grok.client.cache.saved", "by", "prompt-cache"))
				.isCloseTo(2 * 1024 * (1.25 - 0.20) / 1e6, within(1e-12));
			assertThat(count(context, "grok.client.tokens", "type", "cached_input")).isEqualTo(2048);
		});
	}

	private static List<ChatResponse> ask(ChatClient.ChatClientRequestSpec request, boolean stream) {
		return stream ? request.stream().chatResponse().collectList().block(PATIENCE)
				: List.of(request.call().chatResponse());
	}

	private static double count(ApplicationContext context, String meter, String tag, String value) {
		return context.getBean(MeterRegistry.class)
			.get(meter)
			.tag(tag, value)
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
	}

	private static List<String> types(RecordedRequest request) {
		return request.parameter("input")
			.valueStream()
			.map((JsonNode item) -> item.path("type").asString(item.path("role").asString()))
			.toList();
	}

	static class Weather {

		private final List<String> cities = new ArrayList<>();

		@Tool(description = "Tells the weather")
		String weather(String city) {
			this.cities.add(city);
			return "rain in " + city;
		}

	}

}
