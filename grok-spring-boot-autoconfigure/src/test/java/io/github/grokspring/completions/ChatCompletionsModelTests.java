package io.github.grokspring.completions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RawServer;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ChatCompletionsModel}.
 */
class ChatCompletionsModelTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final String ANSWER = """
			{"id":"a1","object":"chat.completion","created":1786400933,"model":"grok-4.3","choices":[{"index":0,\
			"message":{"role":"assistant","content":"4","reasoning_content":"two and two","refusal":null},\
			"finish_reason":"stop"}],"usage":{"prompt_tokens":204,"completion_tokens":1,"total_tokens":287},\
			"service_tier":"default"}""";

	private static final String STREAM = """
			data: {"id":"a1","model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant"}}]}

			data: {"id":"a1","model":"grok-4.3","choices":[{"index":0,"delta":{"content":"Hello"}}]}

			data: {"id":"a1","model":"grok-4.3","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

			data: {"id":"a1","model":"grok-4.3","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":8}}

			data: [DONE]

			""";

	@RegisterExtension
	final WireMockExtension xai = WireMockExtension.newInstance()
		.options(WireMockConfiguration.wireMockConfig().dynamicPort())
		.build();

	private final ObservationRegistry observations = ObservationRegistry.create();

	private final List<Observation.Context> observed = new CopyOnWriteArrayList<>();

	private ReactorXaiHttpClient exchange;

	private GrokChatModel model;

	@BeforeEach
	void start() {
		this.observations.observationConfig().observationHandler(new Recorder());
		this.exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(this.xai.baseUrl() + "/v1"),
				() -> "xai-test", this.observations, List.of());
		this.model = GrokChatModel
			.builder("chat-completions",
					ChatCompletionsModel.builder(this.exchange).observationRegistry(this.observations).build())
			.options(GrokChatOptions.builder().model("grok-3").build())
			.build();
	}

	@AfterEach
	void stop() {
		this.exchange.close();
	}

	@Test
	void callReturnsResponseWithMetadata() {
		answer(json(ANSWER).withHeader("x-request-id", "req-1")
			.withHeader("x-ratelimit-limit-requests", "1800")
			.withHeader("x-ratelimit-remaining-requests", "1788")
			.withHeader("x-ratelimit-limit-tokens", "18446744073709551615")
			.withHeader("x-ratelimit-remaining-tokens", "9992090")
			.withHeader("x-metrics-ttft-ms", "222.0"));
		ChatResponse response = this.model.call(new Prompt("2+2"));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("4");
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(response.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(response.getMetadata().getId()).isEqualTo("a1");
		assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(83);
		assertThat(response.getMetadata().getRateLimit().getRequestsRemaining()).isEqualTo(1788L);
		assertThat(response.getMetadata().getRateLimit().getTokensLimit()).isEqualTo(Long.MAX_VALUE);
		assertThat(response.getMetadata().<String>get("reasoning")).isEqualTo("two and two");
		assertThat(response.getMetadata().<String>get("grok.requested-model")).isEqualTo("grok-3");
		assertThat(response.getMetadata().<String>get("grok.request-id")).isEqualTo("req-1");
		assertThat(response.getMetadata().<Object>get("grok.server-timing")).isNotNull();
		assertThat(response.getMetadata().<String>get("service_tier")).isEqualTo("default");
	}

	@Test
	void streamReturnsSameResponse() {
		answer(sse(STREAM).withHeader("x-request-id", "req-1"));
		List<ChatResponse> elements = this.model.stream(new Prompt("hi")).collectList().block(TIMEOUT);
		assertThat(elements).extracting((element) -> element.getResult().getOutput().getText())
			.containsExactly("Hello", "");
		ChatResponse last = elements.get(1);
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
		assertThat(last.getMetadata().<String>get("grok.request-id")).isEqualTo("req-1");
		this.xai.verify(postRequestedFor(urlEqualTo("/v1/chat/completions"))
			.withRequestBody(matchingJsonPath("$.stream_options[?(@.include_usage == true)]")));
	}

	@Test
	void requestCarriesKeyConversationAndOwnHeaders() {
		answer(json(ANSWER));
		this.model.call(new Prompt("hi",
				GrokChatOptions.builder().conversationId("conv-7").headers(Map.of("x-tenant", "acme")).build()));
		this.xai.verify(postRequestedFor(urlEqualTo("/v1/chat/completions"))
			.withHeader("Authorization", equalTo("Bearer xai-test"))
			.withHeader("x-grok-conv-id", matching("[0-9a-f]{32}"))
			.withHeader("x-tenant", equalTo("acme")));
	}

	@Test
	void conversationIdIsHashed() {
		answer(json(ANSWER));
		for (int i = 0; i < 2; i++) {
			this.model.call(new Prompt("hi", GrokChatOptions.builder().conversationId("Jörg\r\nx: y").build()));
		}
		assertThat(this.xai.findAll(postRequestedFor(urlEqualTo("/v1/chat/completions"))))
			.extracting((request) -> request.getHeader("x-grok-conv-id"))
			.hasSize(2)
			.allMatch((id) -> id.matches("[0-9a-f]{32}"))
			.containsOnly(this.xai.findAll(postRequestedFor(urlEqualTo("/v1/chat/completions")))
				.get(0)
				.getHeader("x-grok-conv-id"));
	}

	@Test
	void conversationIdIsNotSentWithoutPromptCache() {
		answer(json(ANSWER));
		this.model
			.call(new Prompt("hi", GrokChatOptions.builder().conversationId("conv-7").promptCache(false).build()));
		this.xai.verify(postRequestedFor(urlEqualTo("/v1/chat/completions")).withHeader("x-grok-conv-id", absent()));
	}

	@Test
	void failedCallIsAGrokApiException() {
		answer(aResponse().withStatus(404)
			.withHeader("Content-Type", "application/json")
			.withBody("{\"code\":\"not-found\",\"error\":\"The model grok-9 does not exist\"}"));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.model.call(new Prompt("hi")))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.MODEL_NOT_FOUND))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo("not-found"));
		StepVerifier.create(this.model.stream(new Prompt("hi")))
			.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOfSatisfying(GrokApiException.class,
					(api) -> assertThat(api.kind()).isEqualTo(ErrorKind.MODEL_NOT_FOUND)))
			.verify(TIMEOUT);
	}

	@Test
	void unknownResponseIsAnError() {
		answer(json("{\"request_id\":\"f15c\"}"));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.model.call(new Prompt("hi")))
			.withMessageContaining("grok.base-url");
	}

	@Test
	void elementsOfAStreamArriveWhereBlockingIsAllowed() {
		answer(sse(STREAM));
		List<Boolean> nonBlocking = new CopyOnWriteArrayList<>();
		this.model.stream(new Prompt("hi"))
			.doOnNext((element) -> nonBlocking.add(Schedulers.isInNonBlockingThread()))
			.blockLast(TIMEOUT);
		assertThat(nonBlocking).isNotEmpty().containsOnly(false);
	}

	@Test
	void callInsideAStreamDoesNotBlockAnEventLoop() {
		answer(sse(STREAM));
		this.xai.stubFor(post("/v1/chat/completions").withRequestBody(matchingJsonPath("$[?(!@.stream)]"))
			.willReturn(json(ANSWER)));
		List<String> answers = this.model.stream(new Prompt("hi"))
			.map((element) -> this.model.call("again"))
			.collectList()
			.block(TIMEOUT);
		assertThat(answers).containsExactly("4", "4");
	}

	@Test
	void nothingIsSentBeforeSubscription() {
		Flux<ChatResponse> stream = this.model.stream(new Prompt("hi"));
		this.xai.verify(0, postRequestedFor(urlEqualTo("/v1/chat/completions")));
		answer(sse(STREAM));
		stream.blockLast(TIMEOUT);
		stream.blockLast(TIMEOUT);
		this.xai.verify(2, postRequestedFor(urlEqualTo("/v1/chat/completions")));
	}

	@Test
	void callIsObservedWithTheHttpExchangeAsItsChild() {
		answer(json(ANSWER));
		this.model.call(new Prompt("hi"));
		assertObserved();
	}

	@Test
	void streamIsObservedLikeACall() {
		answer(sse(STREAM));
		Observation parent = Observation.start("parent", this.observations);
		this.model.stream(new Prompt("hi"))
			.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, parent))
			.blockLast(TIMEOUT);
		parent.stop();
		assertObserved();
		Observation.Context operation = observation("gen_ai.client.operation");
		assertThat(operation.getParentObservation()).isSameAs(parent);
		assertThat(value(operation, "gen_ai.usage.input_tokens")).isEqualTo("5");
		assertThat(value(operation, "gen_ai.usage.output_tokens")).isEqualTo("3");
		assertThat(value(operation, "gen_ai.response.finish_reasons")).contains("STOP");
	}

	@Test
	void failureIsObserved() {
		answer(aResponse().withStatus(500));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.model.call(new Prompt("hi")));
		assertThat(observation("gen_ai.client.operation").getError()).isInstanceOf(GrokApiException.class);
	}

	@Test
	void cancelledStreamIsObservedToItsEnd() {
		answer(sse(STREAM));
		this.model.stream(new Prompt("hi")).take(1).blockLast(TIMEOUT);
		Awaitility.await().until(() -> this.observed.size() == 2);
		assertThat(value(observation("gen_ai.client.operation"), "gen_ai.response.model")).isEqualTo("grok-4.3");
	}

	@Test
	void streamThatIsCancelledBeforeItsEndIsObservedToTheCancellation() throws Exception {
		try (RawServer server = new RawServer((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("{\"id\":\"a1\",\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,"
					+ "\"delta\":{\"content\":\"Once\"}}]}");
			client.awaitDisconnect();
		});
				ReactorXaiHttpClient connection = ReactorXaiHttpClient.create(
						HttpSettings.defaults().withBaseUrl(server.url()), () -> "xai-test", this.observations,
						List.of())) {
			GrokChatModel stalled = GrokChatModel
				.builder("chat-completions",
						ChatCompletionsModel.builder(connection).observationRegistry(this.observations).build())
				.options(GrokChatOptions.builder().model("grok-3").build())
				.build();
			stalled.stream(new Prompt("hi")).take(1).blockLast(TIMEOUT);
			Awaitility.await().until(() -> server.disconnects() == 1);
			Awaitility.await().until(() -> this.observed.size() == 2);
			assertThat(value(observation("gen_ai.client.operation"), "gen_ai.response.model")).isEqualTo("grok-4.3");
		}
	}

	@Test
	void observationHoldsNoContent() {
		answer(json(ANSWER));
		this.model.call(new Prompt("marker-prompt"));
		assertThat(this.observed).hasSize(2)
			.allSatisfy((context) -> assertThat(context.getAllKeyValues()).extracting(KeyValue::getValue)
				.noneMatch((value) -> value.contains("marker-prompt") || value.contains("two and two")));
	}

	@Test
	void incompleteOptionsAreRejected() {
		ChatCompletionsModel bare = ChatCompletionsModel.builder(this.exchange).build();
		assertThatIllegalArgumentException().isThrownBy(() -> bare.call(new Prompt("hi")))
			.withMessageContaining("GrokChatModel");
	}

	@Test
	void streamThatCannotStartIsNotObserved() {
		ObservationRegistry registry = ObservationRegistry.create();
		AtomicInteger open = new AtomicInteger();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {
			@Override
			public void onStart(Observation.Context context) {
				open.incrementAndGet();
			}

			@Override
			public void onStop(Observation.Context context) {
				open.decrementAndGet();
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}
		});
		ChatCompletionsModel bare = ChatCompletionsModel.builder(this.exchange).observationRegistry(registry).build();
		Prompt portable = new Prompt("hi", ChatOptions.builder().model("grok-3").build());
		assertThatIllegalArgumentException().isThrownBy(() -> bare.stream(portable).blockLast(TIMEOUT));
		assertThat(open).hasValue(0);
	}

	private void assertObserved() {
		Observation.Context operation = observation("gen_ai.client.operation");
		assertThat(value(operation, "gen_ai.system")).isEqualTo("x_ai");
		assertThat(value(operation, "gen_ai.request.model")).isEqualTo("grok-3");
		assertThat(value(operation, "gen_ai.response.model")).isEqualTo("grok-4.3");
		ObservationView parent = observation("http.client.requests").getParentObservation();
		assertThat(parent).isNotNull();
		assertThat(parent.getContextView()).isSameAs(operation);
	}

	private Observation.Context observation(String name) {
		return this.observed.stream().filter((context) -> name.equals(context.getName())).findFirst().orElseThrow();
	}

	private static String value(Observation.Context context, String key) {
		return context.getAllKeyValues()
			.stream()
			.filter((keyValue) -> key.equals(keyValue.getKey()))
			.map(KeyValue::getValue)
			.findFirst()
			.orElse("");
	}

	private void answer(ResponseDefinitionBuilder response) {
		this.xai.stubFor(post("/v1/chat/completions").willReturn(response));
	}

	private static ResponseDefinitionBuilder json(String body) {
		return aResponse().withHeader("Content-Type", "application/json").withBody(body);
	}

	private static ResponseDefinitionBuilder sse(String body) {
		return aResponse().withHeader("Content-Type", "text/event-stream").withBody(body);
	}

	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			ChatCompletionsModelTests.this.observed.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
