package io.github.grokspring.responses;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that both endpoints behave the same for the same prompts.
 */
class BothEndpointsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private ReactorXaiHttpClient exchange;

	private GrokChatModel model;

	@BeforeEach
	void start() {
		use(xai.baseUrl());
	}

	private void use(String baseUrl) {
		if (this.exchange != null) {
			this.exchange.close();
		}
		this.exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(baseUrl), xai::apiKey);
		this.model = GrokChatModel
			.builder("both",
					new RoutingChatModel(ChatCompletionsModel.builder(this.exchange).build(),
							ResponsesModel.builder(this.exchange).build(), ModelCatalog.bundled()))
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.build();
	}

	@AfterEach
	void stop() {
		this.exchange.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void callReturnsCompleteResponse(GrokApi api) {
		xai.answers("Four.").reasoning("Two and two.").usage(20, 3).reasoningTokens(7).cachedTokens(12);
		ChatResponse response = this.model
			.call(new Prompt(List.of(new SystemMessage("Be brief"), new UserMessage("2+2?")), options(api).build()));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("Four.");
		assertThat(response.getResult().getOutput().getMetadata()).containsEntry("reasoning", "Two and two.");
		assertThatResponseIsComplete(response, api);
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void streamEmitsDeltasAndCompleteResponse(GrokApi api) {
		xai.answers("")
			.inChunks("Fo", "ur", ".")
			.reasoning("Two and two.")
			.usage(20, 3)
			.reasoningTokens(7)
			.cachedTokens(12);
		List<ChatResponse> elements = this.model.stream(new Prompt("2+2?", options(api).build()))
			.collectList()
			.block(PATIENCE);
		assertThat(elements.stream().map((element) -> element.getResult().getOutput().getText()))
			.satisfies((texts) -> assertThat(String.join("", texts)).isEqualTo("Four."));
		assertThat(elements.stream()
			.map((element) -> element.getResult().getOutput().getMetadata().getOrDefault("reasoning-delta", ""))
			.map(Object::toString)
			.collect(Collectors.joining())).isEqualTo("Two and two.");
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(last.getResult().getOutput().getMetadata()).containsEntry("reasoning", "Two and two.");
		assertThatResponseIsComplete(last, api);
	}

	private static void assertThatResponseIsComplete(ChatResponse response, GrokApi api) {
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(response.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(response.getMetadata().getId()).isNotEmpty();
		assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(20);
		assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(10);
		assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(30);
		assertThat(response.getMetadata().getUsage().getCacheReadInputTokens()).isEqualTo(12L);
		assertThat(response.getMetadata().getUsage().getNativeUsage()).isNotNull();
		assertThat(response.getMetadata().<String>get("grok.requested-model")).isEqualTo("grok-4.3");
		assertThat(response.getMetadata().<String>get("grok.request-id")).isNotEmpty();
		assertThat(response.getMetadata().<Integer>get("grok.attempts")).isOne();
		assertThat(response.getMetadata().<String>get("reasoning")).isEqualTo("Two and two.");
		assertThat(response.getMetadata().<String>get("service_tier")).isEqualTo("default");
		assertThat(response.getMetadata().<String>get("grok.service-tier")).isEqualTo("default");
		assertThat(response.getMetadata().<Long>get("created")).isPositive();
		assertThat(response.getMetadata().<String>get("grok.api"))
			.isEqualTo((api == GrokApi.RESPONSES) ? "responses" : "chat-completions");
		assertThat(xai.lastRequest().path())
			.isEqualTo((api == GrokApi.RESPONSES) ? "/v1/responses" : "/v1/chat/completions");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void responseHeadersAreInMetadata(GrokApi api) {
		xai.answers("Hi");
		ChatResponse response = this.model
			.call(new Prompt("hi", options(api).conversationId("c-1").headers(Map.of("x-tenant", "a")).build()));
		assertThat(response.getMetadata().getRateLimit().getRequestsRemaining()).isPositive();
		assertThat(response.getMetadata().<Object>get("grok.server-timing")).isNotNull();
		assertThat(xai.lastRequest().header("x-grok-conv-id")).matches("[0-9a-f]{32}");
		assertThat(xai.lastRequest().header("x-tenant")).isEqualTo("a");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void toolsAreExecutedAndTheirResultsSentBack(GrokApi api) {
		for (boolean stream : new boolean[] { false, true }) {
			xai.answersWithToolCall("weather", "{\"city\":\"Oslo\"}").andToolCall("weather", "{\"city\":\"Rome\"}");
			xai.answers("Rain and sun.");
			ChatClient.ChatClientRequestSpec request = ChatClient.create(this.model)
				.prompt("Weather?")
				.options(options(api))
				.tools(new Weather());
			String answer = stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
					: request.call().content();
			assertThat(answer).isEqualTo("Rain and sun.");
			assertThat(xai.lastRequest().body()).contains("rain in Oslo", "rain in Rome");
		}
		assertThat(xai.requestCount()).isEqualTo(4);
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void unansweredCallsOfEarlierTurnsAreRemovedDespiteReusedIds(GrokApi api) {
		Message call = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("call_0", "function", "weather", "{}")))
			.build();
		Message response = ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("call_0", "weather", "rain")))
			.build();
		Prompt prompt = new Prompt(List.of(response, new UserMessage("Weather?"), call, new UserMessage("Well?"), call,
				response, new AssistantMessage("Rain."), new UserMessage("Sure?")), options(api).build());
		for (boolean stream : new boolean[] { false, true }) {
			xai.answers("Yes.");
			if (stream) {
				this.model.stream(prompt).blockLast(PATIENCE);
			}
			else {
				this.model.call(prompt);
			}
			String id = (api == GrokApi.RESPONSES) ? "call_id" : "id";
			String answered = (api == GrokApi.RESPONSES) ? "call_id" : "tool_call_id";
			String text = xai.lastRequest().body();
			assertThat(text.split("\"" + id + "\"", -1)).hasSize((api == GrokApi.RESPONSES) ? 3 : 2);
			assertThat(text.split("\"" + answered + "\"", -1)).hasSize((api == GrokApi.RESPONSES) ? 3 : 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void imageReturnedByToolIsSentAsImage(GrokApi api) {
		ToolCallback camera = FunctionToolCallback
			.builder("camera", () -> new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB))
			.description("Takes a picture")
			.inputType(Void.class)
			.build();
		for (boolean stream : new boolean[] { false, true }) {
			xai.answersWithToolCall("camera", "{}").andToolCall("camera", "{}");
			xai.answers("Black.");
			ChatClient.ChatClientRequestSpec request = ChatClient.create(this.model)
				.prompt("What do you see?")
				.options(options(api))
				.tools(camera);
			String answer = stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
					: request.call().content();
			assertThat(answer).isEqualTo("Black.");
			JsonNode sent = xai.lastRequest().json();
			if (api == GrokApi.RESPONSES) {
				assertThat(sent.path("input").valueStream())
					.filteredOn((item) -> item.path("type").asString("").equals("function_call_output"))
					.hasSize(2)
					.allSatisfy((item) -> assertThat(item.path("output").path(0).path("type").asString())
						.isEqualTo("input_image"))
					.allSatisfy((item) -> assertThat(item.path("output").path(0).path("image_url").asString())
						.startsWith("data:image/png;base64,"));
			}
			else {
				JsonNode last = sent.path("messages").path(sent.path("messages").size() - 1);
				assertThat(last.path("role").asString()).isEqualTo("user");
				assertThat(last.path("content").valueStream().map((part) -> part.path("type").asString()))
					.containsExactly("text", "image_url", "image_url");
				assertThat(sent.path("messages").valueStream())
					.filteredOn((item) -> item.path("role").asString().equals("tool"))
					.hasSize(2)
					.noneSatisfy((item) -> assertThat(item.path("content").asString()).contains("base64", "mimeType"));
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void toolWithoutObjectSchemaIsRejectedBeforeSending(GrokApi api) {
		for (String schema : List.of("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
				"{\"anyOf\":[{\"type\":\"object\"},{\"type\":\"string\"}]}",
				"{\"type\":\"object\",\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}", "{")) {
			Prompt prompt = new Prompt("hi", options(api).toolCallbacks(List.of(tool(schema))).build());
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.model.call(prompt))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST))
				.withMessageContaining("'picky'");
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> this.model.stream(prompt).blockLast(PATIENCE))
				.withMessageContaining("'picky'");
		}
		assertThat(xai.requestCount()).isZero();
		xai.answers("Hi");
		String schema = "{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{\"type\":\"object\"}}}";
		this.model.call(new Prompt("hi", options(api).toolCallbacks(List.of(tool(schema))).build()));
		assertThat(xai.requestCount()).isOne();
	}

	private static ToolCallback tool(String schema) {
		return FunctionToolCallback.builder("picky", () -> "x").inputType(Void.class).inputSchema(schema).build();
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void optionOutOfRangeIsRejectedBeforeSending(GrokApi api) {
		Map<String, GrokChatOptions.Builder> wrong = new LinkedHashMap<>();
		wrong.put("'temperature' is 3.0 but must be between 0 and 2", options(api).temperature(3.0));
		wrong.put("'temperature' is NaN", options(api).temperature(Double.NaN));
		wrong.put("'temperature' is 2.5", options(api).extraBody(Map.of("temperature", 2.5)));
		wrong.put("'topP' is 2.0 but must be between 0 and 1", options(api).topP(2.0));
		wrong.put("'presencePenalty' is -3.0 but must be between -2 and 2", options(api).presencePenalty(-3.0));
		wrong.put("'frequencyPenalty' is 2.1 but must be between -2 and 2", options(api).frequencyPenalty(2.1));
		wrong.put("'maxTokens' is -1 but must be at least 1", options(api).maxTokens(-1));
		wrong.put("'maxTokens' is 0 but must be at least 1", options(api).extraBody(Map.of("max_tokens", 0)));
		wrong.put("'n' is 0 but must be at least 1", options(api).n(0));
		wrong.put("'topK' is -1 but must be at least 0", options(api).topK(-1));
		wrong.put("'topLogprobs' is 9 but must be between 0 and 8", options(api).topLogprobs(9));
		wrong.put("'maxTurns' is 0 but must be at least 1", options(api).maxTurns(0));
		wrong.forEach((message, options) -> {
			Prompt prompt = new Prompt("hi", options.build());
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.model.call(prompt))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST))
				.withMessageContaining(message);
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> this.model.stream(prompt).blockLast(PATIENCE))
				.withMessageContaining(message);
		});
		assertThat(xai.requestCount()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void optionsAtRangeLimitsAreSent(GrokApi api) {
		xai.answers("Hi");
		xai.answers("Hi");
		this.model.call(new Prompt("hi", options(api).temperature(0.0).topP(1.0).maxTokens(1).seed(-1).build()));
		this.model.call(new Prompt("hi", options(api).temperature(2.0).topP(0.1).topK(0).topLogprobs(8).build()));
		assertThat(xai.requestCount()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void listIsSupportedAsOutputType(GrokApi api) {
		xai.answers("[{\"name\":\"Oslo\",\"people\":700000}]");
		List<City> cities = ChatClient.create(this.model)
			.prompt("Cities")
			.options(options(api))
			.call()
			.entity(new ParameterizedTypeReference<>() {
			}, (spec) -> spec.useProviderStructuredOutput());
		assertThat(cities).containsExactly(new City("Oslo", 700000));
		assertThat(xai.lastRequest()
			.parameter(
					(api == GrokApi.RESPONSES) ? "text.format.schema.type" : "response_format.json_schema.schema.type")
			.asString()).isEqualTo("array");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void responseMatchesOutputType(GrokApi api) {
		xai.answers("{\"name\":\"Oslo\",\"people\":700000}");
		City city = ChatClient.create(this.model)
			.prompt("A city")
			.options(options(api))
			.call()
			.entity(City.class, (spec) -> spec.useProviderStructuredOutput());
		assertThat(city).isEqualTo(new City("Oslo", 700000));
		xai.lastRequest()
			.hasParameter((api == GrokApi.RESPONSES) ? "text.format.schema" : "response_format.json_schema.schema");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void imagesAndFilesAreSent(GrokApi api) {
		xai.answers("A cat.");
		UserMessage message = UserMessage.builder()
			.text("What is this?")
			.media(Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(new byte[] { 1, 2, 3 }).build(),
					Media.builder().mimeType(Media.Format.DOC_PDF).data(new byte[] { 4 }).name("a.pdf").build(),
					Media.builder().mimeType(Media.Format.DOC_TXT).data("notes".getBytes()).name("a.txt").build())
			.build();
		ChatResponse response = this.model.call(new Prompt(message, options(api).build()));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("A cat.");
		assertThat(xai.lastRequest().body()).contains("data:image/png;base64,AQID", "a.pdf", "notes");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void responseAtTokenLimitHasFinishReasonLength(GrokApi api) {
		xai.answers("Once upon").finishReason("length").incomplete("max_output_tokens");
		ChatResponse response = this.model.call(new Prompt("A story", options(api).maxTokens(2).build()));
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void failuresHaveTheSameKindOnBothEndpoints(GrokApi api) {
		Prompt prompt = new Prompt("hi", options(api).build());
		for (boolean stream : new boolean[] { false, true }) {
			xai.failsWith(429);
			assertThat(failure(prompt, stream).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
			xai.hasNoCredits();
			assertThat(failure(prompt, stream).kind()).isEqualTo(ErrorKind.INSUFFICIENT_CREDITS);
			xai.refusesForSafety();
			assertThat(failure(prompt, stream).kind()).isEqualTo(ErrorKind.SAFETY_REFUSAL);
			xai.resetsConnection();
			assertThat(failure(prompt, stream).kind()).isEqualTo(ErrorKind.CONNECTION);
			xai.answersWithError("The service is currently unavailable", "Timed out waiting for first token");
			assertThat(failure(prompt, stream).kind()).isEqualTo(ErrorKind.OVERLOADED);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void brokenStreamFailsAfterReceivedElements(GrokApi api) {
		Prompt prompt = new Prompt("hi", options(api).build());
		xai.answers("").inChunks("a", "b", "c").breaksAfter(2);
		assertThat(failure(prompt, true).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		xai.answers("").inChunks("a", "b", "c").endsAfter(2);
		assertThat(failure(prompt, true).kind()).isEqualTo(ErrorKind.STREAM_BROKEN);
		xai.answers("").inChunks("a", "b", "c").failsAfter(2, "unavailable", "At capacity");
		assertThat(failure(prompt, true).kind()).isEqualTo(ErrorKind.OVERLOADED);
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void unrecognizedResponseFailsWithHint(GrokApi api) {
		xai.answersRaw(200, "application/json", "{\"hello\":1}");
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.model.call(new Prompt("hi", options(api).build())))
			.withMessageContaining("grok.base-url");
		xai.answersRaw(200, "application/json", "<html>");
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.model.call(new Prompt("hi", options(api).build())))
			.withMessageContaining("grok.base-url");
	}

	@ParameterizedTest
	@CsvSource({ "CHAT_COMPLETIONS, text/plain", "RESPONSES, text/plain", "CHAT_COMPLETIONS, application/json",
			"RESPONSES, application/json" })
	void bodyThatIsNotJsonFailsWithContentType(GrokApi api, String type) {
		xai.answersRaw(200, type, "hello");
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.model.call(new Prompt("hi", options(api).build())))
			.withMessageContainingAll("content type '" + type, "grok.base-url")
			.withMessageNotContaining("hello");
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void bodyWithoutContentTypeFails(GrokApi api) throws IOException {
		try (RawServer server = new RawServer(
				(client) -> client.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))) {
			use(server.url());
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> this.model.call(new Prompt("hi", options(api).build())))
				.withMessageContaining("no content type");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "CHAT_COMPLETIONS", "RESPONSES" })
	void cancellingClosesConnection(GrokApi api) {
		xai.answersInChunks(1000).stallsAfter(2, Duration.ofMinutes(5));
		Sinks.Empty<Void> begun = Sinks.empty();
		Disposable stream = this.model.stream(new Prompt("hi", options(api).build()))
			.subscribe((element) -> begun.tryEmitEmpty());
		begun.asMono().block(PATIENCE);
		stream.dispose();
		xai.awaitClientDisconnect(PATIENCE);
		assertThat(xai.openStreams()).isZero();
	}

	private GrokApiException failure(Prompt prompt, boolean stream) {
		GrokApiException failure = catchThrowableOfType(GrokApiException.class,
				() -> (stream ? this.model.stream(prompt).blockLast(PATIENCE) : this.model.call(prompt)).getResult());
		assertThat(failure).isNotNull();
		return failure;
	}

	private static GrokChatOptions.Builder options(GrokApi api) {
		return GrokChatOptions.builder().api(api);
	}

	record City(String name, int people) {

	}

	static class Weather {

		@Tool(description = "Tells the weather")
		String weather(String city) {
			return "rain in " + city;
		}

	}

}
