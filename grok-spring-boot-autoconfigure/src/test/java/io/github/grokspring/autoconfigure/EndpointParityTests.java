package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Citation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an application sees of an answer is the same on both endpoints.
 */
class EndpointParityTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** What xAI itself says on one endpoint only, or differs by nature. */
	private static final Set<String> OF_ONE_ENDPOINT = Set.of("grok.api");

	private static final List<GrokApi> APIS = List.of(GrokApi.CHAT_COMPLETIONS, GrokApi.RESPONSES);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static Stream<Arguments> answers() {
		Map<String, Runnable> answers = new LinkedHashMap<>();
		answers.put("text", () -> xai.answers("Four.").usage(20, 3));
		answers.put("text with reasoning",
				() -> xai.answers("Four.").reasoning("Two and two.").usage(20, 3).reasoningTokens(7).cachedTokens(12));
		answers.put("tool calls",
				() -> xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}")
					.andToolCall("weather", "{\"city\":\"Rome\"}")
					.usage(20, 3));
		answers.put("cut off",
				() -> xai.answers("Once upon").reasoning("Hm.").finishReason("length").incomplete("max_output_tokens"));
		return answers.entrySet()
			.stream()
			.flatMap((answer) -> Stream.of(false, true)
				.map((stream) -> Arguments.of(answer.getKey(), stream, answer.getValue())));
	}

	@ParameterizedTest(name = "{0}, stream = {1}")
	@MethodSource("answers")
	void answersHaveTheSameMetadata(String name, boolean stream, Runnable answer) {
		Map<GrokApi, ChatResponse> responses = onBoth(stream, answer);
		ChatResponse chat = responses.get(GrokApi.CHAT_COMPLETIONS);
		ChatResponse other = responses.get(GrokApi.RESPONSES);
		assertThat(keys(other)).isEqualTo(keys(chat));
		assertThat(other.getResult().getOutput().getMetadata().keySet())
			.isEqualTo(chat.getResult().getOutput().getMetadata().keySet());
		assertThat(other.getResult().getMetadata().getFinishReason())
			.isEqualTo(chat.getResult().getMetadata().getFinishReason());
		assertThat(other.getResult().getOutput().getText()).isEqualTo(chat.getResult().getOutput().getText());
		assertThat(other.getResult().getOutput().getToolCalls())
			.hasSameSizeAs(chat.getResult().getOutput().getToolCalls());
		assertThat(other.getMetadata().getModel()).isEqualTo(chat.getMetadata().getModel());
		assertThat(other.getMetadata().<TokenUsage>get("grok.tokens"))
			.isEqualTo(chat.getMetadata().<TokenUsage>get("grok.tokens"));
		assertThat(other.getMetadata().<Cost>get("grok.cost").ticks())
			.isEqualTo(chat.getMetadata().<Cost>get("grok.cost").ticks());
		assertThat(other.getMetadata().getUsage().getCompletionTokens())
			.isEqualTo(chat.getMetadata().getUsage().getCompletionTokens());
		assertThat(other.getMetadata().getUsage().getPromptTokens())
			.isEqualTo(chat.getMetadata().getUsage().getPromptTokens());
		assertThat(other.getMetadata().getUsage().getCacheReadInputTokens())
			.isEqualTo(chat.getMetadata().getUsage().getCacheReadInputTokens());
	}

	static Stream<Arguments> failures() {
		Map<String, Supplier<ErrorKind>> failures = new LinkedHashMap<>();
		failures.put("wrong key",
				() -> raw(400, "invalid-argument",
						"Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
						ErrorKind.INVALID_API_KEY));
		failures.put("no key",
				() -> raw(401, "unauthenticated:no-credentials", "No credentials provided", ErrorKind.MISSING_API_KEY));
		failures.put("no rights", () -> raw(403, "permission-denied", "Access to the chat endpoint is denied.",
				ErrorKind.PERMISSION_DENIED));
		failures.put("unknown model",
				() -> raw(404, "not-found",
						"The model grok-9 does not exist or your team t does not have access to it.",
						ErrorKind.MODEL_NOT_FOUND));
		failures.put("long prompt",
				() -> raw(400, "invalid-argument",
						"This model's maximum prompt length is 500000 but the request contains 637815 tokens.",
						ErrorKind.CONTEXT_TOO_LONG));
		failures.put("removed", () -> raw(410, "gone", "Live search is deprecated.", ErrorKind.FEATURE_REMOVED));
		failures.put("malformed", () -> raw(422, "invalid-argument", "missing field", ErrorKind.INVALID_REQUEST));
		failures.put("internal", () -> raw(500, "internal", "Internal error", ErrorKind.SERVER_ERROR));
		failures.put("overloaded", () -> raw(503, "unavailable", "At capacity", ErrorKind.OVERLOADED));
		failures.put("error with 200",
				() -> raw(200, "unavailable", "Timed out waiting for first token", ErrorKind.OVERLOADED));
		failures.put("rate", () -> {
			xai.failsWith(429);
			return ErrorKind.RATE_LIMITED;
		});
		failures.put("credits", () -> {
			xai.hasNoCredits();
			return ErrorKind.INSUFFICIENT_CREDITS;
		});
		failures.put("safety", () -> {
			xai.refusesForSafety();
			return ErrorKind.SAFETY_REFUSAL;
		});
		failures.put("reset", () -> {
			xai.resetsConnection();
			return ErrorKind.CONNECTION;
		});
		return failures.entrySet()
			.stream()
			.flatMap((failure) -> Stream.of(false, true)
				.map((stream) -> Arguments.of(failure.getKey(), stream, failure.getValue())));
	}

	@ParameterizedTest(name = "{0}, stream = {1}")
	@MethodSource("failures")
	void failuresHaveTheSameKind(String name, boolean stream, Supplier<ErrorKind> failure) {
		this.runner.withPropertyValues("grok.retry.enabled=false").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			List<GrokApiException> thrown = new ArrayList<>();
			for (GrokApi api : List.of(GrokApi.CHAT_COMPLETIONS, GrokApi.RESPONSES)) {
				ErrorKind kind = failure.get();
				GrokApiException ex = catchThrowableOfType(GrokApiException.class, () -> ask(model, api, stream));
				assertThat(ex).as(api.name()).isNotNull();
				assertThat(ex.kind()).isEqualTo(kind);
				thrown.add(ex);
			}
			assertThat(thrown.get(1).status()).isEqualTo(thrown.get(0).status());
			assertThat(thrown.get(1).code()).isEqualTo(thrown.get(0).code());
			assertThat(thrown.get(1).isRetryable()).isEqualTo(thrown.get(0).isRetryable());
			assertThat(thrown.get(1).isSent()).isEqualTo(thrown.get(0).isSent());
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void roundsOfToolsAreTheSame(boolean stream) {
		this.runner.run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			for (GrokApi api : List.of(GrokApi.CHAT_COMPLETIONS, GrokApi.RESPONSES)) {
				Weather weather = new Weather();
				xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}").andToolCall("weather", "{\"city\":\"Rome\"}");
				xai.answersWithToolCall("weather", "{\"city\":\"Wien\"}");
				xai.answers("Rain.");
				ChatClient.ChatClientRequestSpec request = client.prompt("Weather?")
					.options(GrokChatOptions.builder().api(api))
					.tools(weather);
				assertThat(stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
						: request.call().content())
					.isEqualTo("Rain.");
				assertThat(weather.asked).containsExactly("Oslo", "Rome", "Wien");
				assertThat(xai.lastRequest().body()).contains("rain in Oslo", "rain in Rome", "rain in Wien");
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void refusalsAreTheSame(boolean stream) {
		String chat = """
				{"id":"c-1","object":"chat.completion","model":"grok-4.3","choices":[{"index":0,"message":{"role":"assistant",\
				"content":"","refusal":"I will not"},"finish_reason":"stop"}]}""";
		String item = """
				{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I will not"}]}""";
		String response = "{\"id\":\"r-1\",\"status\":\"completed\",\"model\":\"grok-4.3\",\"output\":[" + item + "]}";
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (GrokApi api : APIS) {
				ChatResponse answer = ask(model, api, stream, chat, response);
				assertThat(answer.getResult().getMetadata().getFinishReason()).isEqualTo("CONTENT_FILTER");
				assertThat(answer.getResult().getOutput().getMetadata()).containsEntry("refusal", "I will not");
				assertThat(answer.getResult().getOutput().getText()).isEmpty();
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void citationsAreTheSame(boolean stream) {
		String place = "\"url\":\"https://a.example/\",\"title\":\"1\",\"start_index\":3,\"end_index\":28}";
		String chat = chat("\"content\":\"Hi [[1]](https://a.example/)\",\"annotations\":[{\"type\":\"url_citation\","
				+ "\"url_citation\":{" + place + "}]", "");
		String response = response("[{\"type\":\"output_text\",\"text\":\"Hi [[1]](https://a.example/)\","
				+ "\"annotations\":[{\"type\":\"url_citation\"," + place + "]}]", "");
		this.runner.run((context) -> {
			for (GrokApi api : APIS) {
				ChatResponse answer = ask(context.getBean(GrokChatModel.class), api, stream, chat, response);
				assertThat(answer.getMetadata().<List<Citation>>get("citations"))
					.containsExactly(new Citation("https://a.example/", "1", 3, 28, Citation.Kind.WEB));
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anEmptyAnswerThatIsAllReasoningIsExplained(boolean stream) {
		String chat = chat("\"content\":\"\"", ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":0,"
				+ "\"total_tokens\":85,\"completion_tokens_details\":{\"reasoning_tokens\":80}}");
		String response = response("[{\"type\":\"output_text\",\"text\":\"\"}]",
				",\"usage\":{\"input_tokens\":5,\"output_tokens\":80,"
						+ "\"total_tokens\":85,\"output_tokens_details\":{\"reasoning_tokens\":80}}");
		this.runner.run((context) -> {
			for (GrokApi api : APIS) {
				ChatResponse answer = ask(context.getBean(GrokChatModel.class), api, stream, chat, response);
				assertThat(answer.getMetadata().<String>get("grok.explanation")).as(api.name()).contains("80 tokens");
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "false, NaN, 120", "true, NaN, 120", "false, 1, NaN", "true, 1, NaN" })
	void usageThatCannotBeReadTakesNothingAway(boolean stream, String cost, String prompt) {
		String counts = ":" + prompt + ",\"cost_in_usd_ticks\":" + cost + "}";
		String chat = chat("\"content\":\"Hi\"", ",\"usage\":{\"completion_tokens\":30,\"prompt_tokens\"" + counts);
		String response = response("[{\"type\":\"output_text\",\"text\":\"Hi\"}]",
				",\"usage\":{\"output_tokens\":30,\"input_tokens\"" + counts);
		this.runner.run((context) -> {
			for (GrokApi api : APIS) {
				List<ChatResponse> answer = elements(context.getBean(GrokChatModel.class), api, stream, chat, response);
				assertThat(Invocation.text(answer)).as(api.name()).isEqualTo("Hi");
				assertThat(answer.get(answer.size() - 1).getMetadata().<Cost>get("grok.cost").ticks()).as(api.name())
					.isPositive();
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"id\":\"1\",\"choices\":[{\"message\":{\"content\":\"secret te",
			"{\"id\":\"1\",\"output\":[{\"type\":\"message\",\"content\":[{\"text\":\"secret te" })
	void aBodyThatCannotBeReadIsEstimated(String body) {
		List<CostRecorded> costs = new CopyOnWriteArrayList<>();
		this.runner.withBean(GrokEventListener.class, () -> (event) -> {
			if (event instanceof CostRecorded cost) {
				costs.add(cost);
			}
		}).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (GrokApi api : APIS) {
				xai.answersRaw(200, "application/json", body);
				GrokApiException ex = catchThrowableOfType(GrokApiException.class, () -> ask(model, api, false));
				assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
				assertThat(ex.isRetryable()).isFalse();
				assertThat(ex).hasMessageNotContaining("secret");
			}
			assertThat(xai.requestCount()).isEqualTo(2);
			assertThat(costs).hasSize(2).allSatisfy((cost) -> {
				assertThat(cost.estimated()).isTrue();
				assertThat(cost.ticks()).isPositive();
			});
		});
	}

	private static String chat(String message, String more) {
		return "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,"
				+ "\"message\":{\"role\":\"assistant\"," + message + "},\"finish_reason\":\"stop\"}]" + more + "}";
	}

	private static String response(String content, String more) {
		return "{\"id\":\"1\",\"status\":\"completed\",\"model\":\"grok-4.3\",\"output\":[{\"type\":\"message\","
				+ "\"role\":\"assistant\",\"content\":" + content + "}]" + more + "}";
	}

	private static ChatResponse ask(GrokChatModel model, GrokApi api, boolean stream, String chat, String response) {
		List<ChatResponse> elements = elements(model, api, stream, chat, response);
		return elements.get(elements.size() - 1);
	}

	private static List<ChatResponse> elements(GrokChatModel model, GrokApi api, boolean stream, String chat,
			String response) {
		boolean responses = api == GrokApi.RESPONSES;
		if (stream) {
			xai.streamsRaw(responses ? "event: response.completed\ndata: {\"response\":" + response + "}\n\n"
					: "data: " + chat.replace("\"message\"", "\"delta\"") + "\n\ndata: [DONE]\n\n");
		}
		else {
			xai.answersRaw(200, "application/json", responses ? response : chat);
		}
		return (stream ? Invocation.STREAM : Invocation.CALL).invoke(model,
				new Prompt("2+2?", GrokChatOptions.builder().api(api).build()));
	}

	private Map<GrokApi, ChatResponse> onBoth(boolean stream, Runnable answer) {
		Map<GrokApi, ChatResponse> responses = new EnumMap<>(GrokApi.class);
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (GrokApi api : List.of(GrokApi.CHAT_COMPLETIONS, GrokApi.RESPONSES)) {
				answer.run();
				responses.put(api, ask(model, api, stream));
			}
		});
		return responses;
	}

	private static ChatResponse ask(GrokChatModel model, GrokApi api, boolean stream) {
		Prompt prompt = new Prompt("2+2?", GrokChatOptions.builder().api(api).build());
		return stream ? model.stream(prompt).blockLast(PATIENCE) : model.call(prompt);
	}

	private static Set<String> keys(ChatResponse response) {
		Set<String> keys = new TreeSet<>();
		response.getMetadata().entrySet().forEach((entry) -> keys.add(entry.getKey()));
		keys.removeAll(OF_ONE_ENDPOINT);
		return keys;
	}

	private static ErrorKind raw(int status, String code, String error, ErrorKind kind) {
		xai.answersRaw(status, "application/json", "{\"code\":\"" + code + "\",\"error\":\"" + error + "\"}");
		return kind;
	}

	static class Weather {

		final List<String> asked = new ArrayList<>();

		@Tool(description = "Tells the weather")
		String weather(String city) {
			this.asked.add(city);
			return "rain in " + city;
		}

	}

}
