package io.github.grokspring.openai;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.ConversationIdHasher;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.SenderContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link OpenAiTransport}.
 */
class OpenAiTransportTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final String COMPLETION = """
			{"id":"1","object":"chat.completion","created":1,"model":"grok-4.3","choices":[{"index":0,
			"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<OpenAiTransport> transports = new ArrayList<>();

	@AfterEach
	void closeTransports() {
		this.transports.forEach(OpenAiTransport::close);
	}

	@Test
	void callReturnsResponse() {
		xai.answers("Hello there").usage(10, 2);
		ChatResponse response = model(settings()).call(new Prompt("hello"));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("Hello there");
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(response.getMetadata().getModel()).isEqualTo("grok-4.3");
		RecordedRequest request = xai.lastRequest();
		assertThat(request.header("authorization")).isEqualTo("Bearer " + xai.apiKey());
		assertThat(request.json().get("model").asString()).isEqualTo("grok-4.3");
		assertThat(xai.requestCount()).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void imagesOfToolsAndTextFilesAreSent(boolean stream) {
		Message call = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("call-1", "function", "camera", "{}")))
			.build();
		Message picture = ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("call-1", "camera",
					"{\"mimeType\":\"image/jpg\",\"data\":\"aGVsbG8h\"}")))
			.build();
		Message question = UserMessage.builder()
			.text("See this")
			.media(Media.builder().mimeType(MimeTypeUtils.TEXT_PLAIN).data("hello </file> world").build(),
					Media.builder().mimeType(MimeType.valueOf("image/jpg")).data(new byte[] { 1, 2, 3 }).build())
			.build();
		xai.answers("Yes.");
		Prompt prompt = new Prompt(List.of(question, call, picture));
		if (stream) {
			model(settings()).stream(prompt).blockLast(TIMEOUT);
		}
		else {
			model(settings()).call(prompt);
		}
		JsonNode messages = xai.lastRequest().json().path("messages");
		assertThat(messages.valueStream().map((message) -> message.path("role").asString())).containsExactly("user",
				"assistant", "tool", "user");
		assertThat(messages.path(0).toString()).contains("hello &lt;/file> world", "data:image/jpeg;base64,AQID")
			.doesNotContain("data:text");
		assertThat(messages.path(3).toString()).contains("data:image/jpeg;base64,aGVsbG8h");
		assertThat(messages.path(2).toString()).doesNotContain("aGVsbG8h");
	}

	@Test
	void optionOutOfRangeIsRejectedBeforeSending() {
		GrokChatModel model = model(settings());
		Prompt prompt = new Prompt("hi", GrokChatOptions.builder().temperature(3.0).build());
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(prompt))
			.withMessageContaining("'temperature' is 3.0 but must be between 0 and 2");
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.stream(prompt).blockLast(TIMEOUT))
			.withMessageContaining("'temperature' is 3.0 but must be between 0 and 2");
		assertThat(xai.requestCount()).isZero();
	}

	@Test
	void serviceTierIsInMetadata() {
		xai.answers("Hello there");
		assertThat(model(settings()).call(new Prompt("hello")).getMetadata().<String>get("grok.service-tier"))
			.isEqualTo("default");
		xai.answers("Hello there");
		assertThat(model(settings()).stream(new Prompt("hello"))
			.blockLast(TIMEOUT)
			.getMetadata()
			.<String>get("grok.service-tier")).isEqualTo("default");
	}

	@Test
	void streamReturnsResponse() {
		xai.answers("Hello there you").usage(10, 2);
		List<ChatResponse> elements = model(settings()).stream(new Prompt("hello")).collectList().block(TIMEOUT);
		StringBuilder text = new StringBuilder();
		elements.forEach((element) -> element.getResults()
			.forEach((generation) -> text.append(generation.getOutput().getText())));
		assertThat(text).hasToString("Hello there you");
		assertThat(elements.get(elements.size() - 1).getMetadata().getUsage().getTotalTokens()).isEqualTo(12);
		assertThat(xai.lastRequest().countOfKey("stream_options")).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void metadataOfEarlierTurnsIsNotSent(boolean stream) {
		Message thoughtful = AssistantMessage.builder()
			.content("Ruby 4.")
			.properties(Map.of("grok.reasoning-items", List.of("{\"encrypted_content\":\"secret\"}", "message"),
					"grok.reasoning-models", List.of("grok-4.3"), "reasoning", "secret"))
			.build();
		Message unanswered = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("call-2", "function", "now", "{}")))
			.build();
		Message trimmed = ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("call-1", "now", "12:00")))
			.build();
		Prompt prompt = new Prompt(
				List.of(trimmed, new UserMessage("Which Ruby?"), thoughtful, unanswered, new UserMessage("Sure?")));
		xai.answers("Yes.");
		if (stream) {
			model(settings()).stream(prompt).blockLast(TIMEOUT);
		}
		else {
			model(settings()).call(prompt);
		}
		assertThat(xai.lastRequest().json().path("messages").valueStream().map((item) -> item.path("role").asString()))
			.containsExactly("user", "assistant", "user");
		assertThat(xai.lastRequest().body()).contains("Ruby 4.").doesNotContain("secret");
	}

	@Test
	void reasoningCountsAsOutputAndCachedTokensAreFilled() {
		GrokChatModel model = model(settings());
		xai.answers("Hi").usage(100, 5).reasoningTokens(40).cachedTokens(64);
		assertUsage(model.call(new Prompt("hello")).getMetadata().getUsage());
		xai.answers("Hi").usage(100, 5).reasoningTokens(40).cachedTokens(64);
		assertUsage(model.stream(new Prompt("hello")).blockLast(TIMEOUT).getMetadata().getUsage());
	}

	private static void assertUsage(Usage usage) {
		assertThat(usage.getPromptTokens()).isEqualTo(100);
		assertThat(usage.getCompletionTokens()).isEqualTo(45);
		assertThat(usage.getTotalTokens()).isEqualTo(145);
		assertThat(usage.getCacheReadInputTokens()).isEqualTo(64L);
		assertThat(usage.getNativeUsage()).asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("completion_tokens", 5L)
			.containsKey("cost_in_usd_ticks");
	}

	@Test
	void metadataContainsValuesOfHeaders() {
		GrokChatModel model = model(settings());
		xai.answers("Hi").reasoning("because").header("x-request-id", "r-1");
		ChatResponse whole = model.call(new Prompt("hello"));
		assertThat((String) whole.getMetadata().get("grok.request-id")).isEqualTo("r-1");
		assertThat((String) whole.getMetadata().get("grok.requested-model")).isEqualTo("grok-4.3");
		assertThat((String) whole.getMetadata().get("reasoning")).isEqualTo("because");
		xai.answers("Hi").reasoning("because").header("x-request-id", "r-2");
		ChatResponse last = model.stream(new Prompt("hello")).blockLast(TIMEOUT);
		assertThat((String) last.getMetadata().get("grok.request-id")).isEqualTo("r-2");
		assertThat((String) last.getMetadata().get("reasoning")).isEqualTo("because");
		assertThat(last.getMetadata().getRateLimit().getRequestsLimit()).isEqualTo(1800L);
		assertThat(last.getMetadata().getRateLimit().getTokensRemaining()).isPositive();
	}

	@Test
	void everyOptionIsSentOnceUnderNameOfXai() {
		ToolCallback tool = FunctionToolCallback.builder("time", () -> "noon")
			.description("tells the time")
			.inputType(Void.class)
			.build();
		Map<String, Object> extraBody = new HashMap<>();
		extraBody.put("temperature", 2);
		extraBody.put("model", "gpt-5-mini");
		extraBody.put("max_tokens", 1);
		extraBody.put("messages", List.of());
		extraBody.put("search", Map.of("depth", 1));
		extraBody.put("nothing", null);
		GrokChatOptions options = GrokChatOptions.builder()
			.model("grok-4.5")
			.temperature(0.1)
			.topP(0.2)
			.maxTokens(3)
			.presencePenalty(0.4)
			.frequencyPenalty(0.5)
			.stopSequences(List.of("END"))
			.toolCallbacks(tool)
			.toolContext("a", 1)
			.seed(6)
			.n(1)
			.user("u1")
			.store(false)
			.serviceTier("priority")
			.reasoningEffort("high")
			.parallelToolCalls(true)
			.toolChoice("time")
			.logprobs(true)
			.topLogprobs(2)
			.logitBias(Map.of("10", 1))
			.outputSchema("{\"type\":\"object\"}")
			.conversationId("c1")
			.headers(Map.of("X-Tenant", "t1"))
			.extraBody(extraBody)
			.build();
		JsonNode body = onTheWire(options, Map.of("X-Tenant", "t1", "x-grok-conv-id", code("c1")));
		assertThat(body).isEqualTo(JsonMapper.shared().readTree("""
				{"model":"grok-4.5","messages":[{"role":"user","content":"hello"}],"temperature":0.1,"top_p":0.2,
				"max_completion_tokens":3,"presence_penalty":0.4,"frequency_penalty":0.5,"stop":"END","seed":6,"n":1,
				"user":"u1","store":false,"service_tier":"priority","reasoning_effort":"high",
				"parallel_tool_calls":true,"tool_choice":{"type":"function","function":{"name":"time"}},
				"logprobs":true,"top_logprobs":2,"logit_bias":{"10":1},
				"response_format":{"type":"json_schema","json_schema":{"name":"json_schema","strict":true,
				"schema":{"type":"object"}}},"search":{"depth":1},"nothing":null,
				"tools":%s}""".formatted(body.get("tools"))));
		assertThat(body.get("tools")).hasSize(1);
		assertThat(body.get("tools").get(0).get("function").get("name").asString()).isEqualTo("time");
	}

	@Test
	void unsetOptionsAreNotSent() {
		JsonNode body = onTheWire(GrokChatOptions.builder()
			.model("grok-4.3")
			.conversationId("c1")
			.promptCache(false)
			.responseFormat("json_object")
			.extraBody(Map.of("max_tokens", 1, "max_completion_tokens", 2))
			.build(), Map.of());
		assertThat(body).isEqualTo(JsonMapper.shared().readTree("""
				{"model":"grok-4.3","messages":[{"role":"user","content":"hello"}],
				"response_format":{"type":"json_object"},"max_completion_tokens":2}"""));
	}

	@Test
	void maxTokensOfExtraBodyIsSentOnce() {
		JsonNode body = onTheWire(GrokChatOptions.builder()
			.model("grok-4.3")
			.conversationId("c1")
			.promptCache(false)
			.extraBody(Map.of("max_tokens", 1))
			.build(), Map.of());
		assertThat(body).isEqualTo(JsonMapper.shared().readTree("""
				{"model":"grok-4.3","messages":[{"role":"user","content":"hello"}],"max_completion_tokens":1}"""));
	}

	@Test
	void streamHasOneLastElement() {
		xai.answers("Hello there you").usage(10, 2);
		List<ChatResponse> elements = model(settings()).stream(new Prompt("hello")).collectList().block(TIMEOUT);
		assertThat(elements).filteredOn(ChatResponses::isLast).hasSize(1);
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(last.getMetadata().getUsage().getTotalTokens()).isEqualTo(12);
		assertThat(last.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(last.getMetadata().<String>get("grok.requested-model")).isEqualTo("grok-4.3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}",
			"{\"index\":0,\"delta\":{\"content\":\"!\"},\"finish_reason\":\"length\"}" })
	void streamWithoutUsageHasOneLastElement(String end) {
		String chunk = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"grok-4.3\","
				+ "\"choices\":[%s]}\n\n";
		xai.answersRaw(200, "text/event-stream",
				chunk.formatted("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"}}")
						+ chunk.formatted(end) + "data: [DONE]\n\n");
		List<ChatResponse> elements = model(settings()).stream(new Prompt("hello")).collectList().block(TIMEOUT);
		assertThat(elements).filteredOn(ChatResponses::isLast).hasSize(1);
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(ChatResponses.isLast(last)).isTrue();
		assertThat(last.getMetadata().getModel()).isEqualTo("grok-4.3");
		StringBuilder text = new StringBuilder();
		elements.forEach((element) -> element.getResults()
			.forEach((generation) -> text.append(generation.getOutput().getText())));
		assertThat(text.toString()).isEqualTo(end.contains("!") ? "Hi!" : "Hi");
	}

	@Test
	void conversationIdIsHashed() {
		String expected = code("Gespräch 1");
		onTheWire(GrokChatOptions.builder().model("grok-4.3").conversationId("Gespräch 1").build(),
				Map.of("x-grok-conv-id", expected));
	}

	private static String code(String conversation) {
		return new ConversationIdHasher(xai::apiKey).hash(conversation);
	}

	private JsonNode onTheWire(GrokChatOptions options, Map<String, String> headers) {
		WireMockServer server = new WireMockServer(WireMockConfiguration.options().dynamicPort());
		server.start();
		try {
			server.stubFor(any(anyUrl()).willReturn(okJson(COMPLETION)));
			transport(settings().withBaseUrl(server.baseUrl() + "/v1")).call(new Prompt("hello", options));
			var request = server.getAllServeEvents().get(0).getRequest();
			assertThat(request.getUrl()).isEqualTo("/v1/chat/completions");
			assertThat(request.getAllHeaderKeys()).noneMatch((name) -> name.toLowerCase().startsWith("x-stainless"));
			assertThat(request.getHeader("User-Agent")).startsWith("grok-spring-boot-starter");
			headers.forEach((name, value) -> assertThat(request.getHeader(name)).isEqualTo(value));
			if (headers.isEmpty()) {
				assertThat(request.getHeader("x-grok-conv-id")).isNull();
			}
			String body = new String(request.getBody(), StandardCharsets.UTF_8);
			JsonNode json = JsonMapper.shared().readTree(body);
			json.propertyNames().forEach((name) -> assertThat(countOfKey(body, json, name)).as(name).isOne());
			assertThat(body).doesNotContain("gpt-5-mini");
			return json;
		}
		finally {
			server.stop();
		}
	}

	/** How often a top-level field is in the raw body; one below may have its name. */
	private static long countOfKey(String body, JsonNode json, String name) {
		long below = json.valueStream().filter((value) -> value.findValue(name) != null).count();
		return body.split("\"" + name + "\":", -1).length - 1 - below;
	}

	@Test
	void apiKeyIsSuppliedPerRequest() {
		AtomicReference<String> key = new AtomicReference<>("xai-wrong");
		OpenAiTransport transport = OpenAiTransport.create(settings(), key::get, null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
		this.transports.add(transport);
		Prompt prompt = new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build());
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> transport.call(prompt))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_API_KEY));
		key.set(xai.apiKey());
		assertThat(transport.call(prompt).getResult()).isNotNull();
		key.set("");
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> transport.call(prompt))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.MISSING_API_KEY));
		assertThat(xai.requestCount()).isEqualTo(2);
	}

	@Test
	void authorizationHeaderOfRequestReplacesApiKey() {
		OpenAiTransport transport = OpenAiTransport.create(settings(), () -> null, null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
		this.transports.add(transport);
		transport.call(new Prompt("hello",
				GrokChatOptions.builder()
					.model("grok-4.3")
					.headers(Map.of("authorization", "Bearer " + xai.apiKey()))
					.build()));
		assertThat(xai.lastRequest().headers("authorization")).containsExactly("Bearer " + xai.apiKey());
	}

	@Test
	void headersOfTheConnectionAreSent() {
		model(settings().withHeaders(Map.of("X-Gateway", "g1", "User-Agent", "mine"))).call(new Prompt("hello"));
		assertThat(xai.lastRequest().header("x-gateway")).isEqualTo("g1");
		assertThat(xai.lastRequest().headers("user-agent")).containsExactly("mine");
	}

	@Test
	void reasoningOfEarlierTurnsIsNotSentAgain() {
		AssistantMessage earlier = AssistantMessage.builder()
			.content("4")
			.properties(Map.of("reasoningContent", "two and two"))
			.build();
		model(settings()).call(new Prompt(List.of(new UserMessage("2+2?"), earlier, new UserMessage("sure?"))));
		assertThat(xai.lastRequest().body()).doesNotContain("reasoning_content", "two and two");
		assertThat(xai.lastRequest().json().get("messages")).hasSize(3);
		assertThat(earlier.getMetadata()).containsKey("reasoningContent");
	}

	@Test
	void observationsNameXaiAsProvider() {
		TestObservationRegistry observations = TestObservationRegistry.create();
		OpenAiTransport transport = OpenAiTransport.create(settings(), xai::apiKey, null, ModelCatalog.bundled(),
				observations, null);
		this.transports.add(transport);
		transport.call(new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build()));
		TestObservationRegistryAssert.assertThat(observations)
			.hasObservationWithNameEqualTo("gen_ai.client.operation")
			.that()
			.hasLowCardinalityKeyValue("gen_ai.system", "x_ai")
			.hasBeenStopped()
			.doesNotHaveError();
	}

	@ParameterizedTest
	@EnumSource
	void callEndsAlthoughObservationHandlerFails(Invocation invocation) {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new ObservationHandler<>() {
			@Override
			public void onError(Observation.Context context) {
				throw new NoClassDefFoundError("tracer");
			}

			@Override
			public void onStop(Observation.Context context) {
				throw new NoClassDefFoundError("tracer");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}
		});
		OpenAiTransport transport = OpenAiTransport.create(settings(), xai::apiKey, null, ModelCatalog.bundled(),
				observations, null);
		this.transports.add(transport);
		Prompt prompt = new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build());
		xai.failsWith(500);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.invoke(transport, prompt))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.SERVER_ERROR));
		xai.answers("Hello");
		assertThat(Invocation.text(invocation.invoke(transport, prompt))).isEqualTo("Hello");
	}

	@ParameterizedTest
	@EnumSource
	void observationHasUsageAndWholeText(Invocation invocation) {
		AtomicReference<ChatResponse> observed = new AtomicReference<>();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new ObservationHandler<ChatModelObservationContext>() {
			@Override
			public void onStop(ChatModelObservationContext context) {
				observed.set(context.getResponse());
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof ChatModelObservationContext;
			}
		});
		OpenAiTransport transport = OpenAiTransport.create(settings(), xai::apiKey, null, ModelCatalog.bundled(),
				observations, null);
		this.transports.add(transport);
		xai.answers("Hello there you").usage(10, 2);
		invocation.invoke(transport, new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build()));
		assertThat(observed.get().getResult().getOutput().getText()).isEqualTo("Hello there you");
		assertThat(observed.get().getMetadata().getUsage().getTotalTokens()).isEqualTo(12);
		assertThat(observed.get().getMetadata().getModel()).isEqualTo("grok-4.3");
	}

	@Test
	void traceHeadersAreNotSent() {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new ObservationHandler<SenderContext<Object>>() {
			@Override
			public void onStart(SenderContext<Object> context) {
				context.getSetter().set(Objects.requireNonNull(context.getCarrier()), "traceparent", "00-1-1-00");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof SenderContext;
			}
		});
		OpenAiTransport transport = OpenAiTransport.create(settings(), xai::apiKey, null, ModelCatalog.bundled(),
				observations, null);
		this.transports.add(transport);
		transport.call(new Prompt("hello",
				GrokChatOptions.builder().model("grok-4.3").headers(Map.of("tracestate", "own")).build()));
		assertThat(xai.lastRequest().header("traceparent")).isNull();
		assertThat(xai.lastRequest().header("tracestate")).isEqualTo("own");
	}

	@Test
	void invalidHeaderIsRejectedWithoutItsValue() {
		Prompt prompt = new Prompt("hello",
				GrokChatOptions.builder().model("grok-4.3").headers(Map.of("x-note", "private\n")).build());
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> transport(settings()).call(prompt))
			.withMessageContaining("'x-note'")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST))
			.satisfies((ex) -> assertThat(ex).hasNoCause())
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("private"));
	}

	@Test
	void invalidApiKeyIsRejectedWithoutShowingIt() {
		Prompt prompt = new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build());
		OpenAiTransport broken = OpenAiTransport.create(settings(), () -> "xai-pri\nvate", null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
		OpenAiTransport failing = OpenAiTransport.create(settings(), () -> {
			throw new IllegalStateException("vault is sealed");
		}, null, ModelCatalog.bundled(), ObservationRegistry.NOOP, null);
		this.transports.addAll(List.of(broken, failing));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> broken.call(prompt))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_API_KEY))
			.satisfies((ex) -> assertThat(ex).hasNoCause());
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> failing.call(prompt))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.MISSING_API_KEY));
	}

	@Test
	void incompleteOptionsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> transport(settings()).call(new Prompt("hello")))
			.withMessageContaining("GrokChatModel");
	}

	@Test
	void proxyWithAuthenticationIsUsed() {
		WireMockServer proxy = new WireMockServer(WireMockConfiguration.options().dynamicPort());
		proxy.start();
		try {
			proxy.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(407)));
			proxy.stubFor(any(anyUrl()).withHeader("Proxy-Authorization", equalTo("Basic dTpw"))
				.willReturn(okJson(COMPLETION)));
			GrokChatModel model = model(settings().withBaseUrl("http://xai.invalid/v1")
				.withProxy(new HttpSettings.Proxy("127.0.0.1", proxy.port(), "u", "p")));
			assertThat(model.call(new Prompt("hello")).getResult().getOutput().getText()).isEqualTo("Hi");
		}
		finally {
			proxy.stop();
		}
	}

	private static HttpSettings settings() {
		return HttpSettings.defaults().withBaseUrl(xai.baseUrl());
	}

	private OpenAiTransport transport(HttpSettings settings) {
		OpenAiTransport transport = OpenAiTransport.create(settings, xai::apiKey, null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
		this.transports.add(transport);
		return transport;
	}

	private GrokChatModel model(HttpSettings settings) {
		return GrokChatModel.builder("spring-ai", transport(settings))
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.build();
	}

}
