package io.github.grokspring.cost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.openai.OpenAiTransport;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is recorded is what the server billed, over either transport. Amounts are computed
 * here from the prices of grok-4.3.
 */
class MeteringOnTheWireTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static final Map<String, ChatModel> TRANSPORTS = new LinkedHashMap<>();

	private static final List<AutoCloseable> RESOURCES = new ArrayList<>();

	private final RecordedEvents events = new RecordedEvents();

	private long billed;

	@BeforeAll
	static void start() {
		HttpSettings settings = HttpSettings.defaults().withBaseUrl(xai.baseUrl());
		ReactorXaiHttpClient exchange = ReactorXaiHttpClient.create(settings, xai::apiKey);
		OpenAiTransport openAi = OpenAiTransport.create(settings, xai::apiKey, null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
		RESOURCES.add(exchange);
		RESOURCES.add(openAi);
		TRANSPORTS.put("native", ChatCompletionsModel.builder(exchange).build());
		TRANSPORTS.put("spring-ai", openAi);
	}

	@AfterAll
	static void stop() throws Exception {
		for (AutoCloseable resource : RESOURCES) {
			resource.close();
		}
	}

	@BeforeEach
	void reset() {
		xai.reset();
	}

	static Stream<String> transports() {
		return Stream.of("native", "spring-ai");
	}

	@ParameterizedTest
	@MethodSource("transports")
	void callAndStreamAgree(String transport) {
		GrokChatModel model = model(transport);
		answers("Hello there", 204, 192, 1, 82);
		ChatResponse answer = model.call(new Prompt("hello"));
		assertThat(answer.getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.reported(2_609_000, 2_609_000));
		answers("Hello there", 204, 192, 1, 82);
		ChatResponse last = model.stream(new Prompt("hello")).blockLast(PATIENCE);
		assertThat(last.getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.reported(2_609_000, 2_609_000));
		assertThat(last.getMetadata().<TokenUsage>get("grok.tokens"))
			.isEqualTo(answer.getMetadata().<TokenUsage>get("grok.tokens"))
			.isEqualTo(new TokenUsage(12, 192, 0, 1, 82, Map.of(), false));
		assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(83);
		assertEventsSayWhatWasBilled();
		assertThat(this.events.outcomes()).containsExactly("success", "success");
		assertThat(this.events.attempts()).extracting(AttemptFinished::api).containsOnly("chat-completions");
		assertThat(this.events.attempts().get(0).timeToFirstToken()).isNull();
		assertThat(this.events.attempts().get(1).timeToFirstToken()).isPositive();
		assertThat(this.events.attempts().get(0).serverDuration()).isNotNull();
	}

	@ParameterizedTest
	@MethodSource("transports")
	void everyRoundOfAToolLoopIsBilled(String transport) {
		ChatClient client = ChatClient.create(model(transport));
		xai.answersWithToolCall("price", "{}").usage(293, 22).reasoningTokens(85).cachedTokens(128);
		bill(293, 128, 22, 85);
		answers("It is 5 dollars", 342, 256, 32, 49);
		assertThat(client.prompt("How much is it?").tools(new Shop()).call().content()).isEqualTo("It is 5 dollars");
		xai.answersWithToolCall("price", "{}").usage(293, 22).reasoningTokens(85).cachedTokens(128);
		bill(293, 128, 22, 85);
		answers("It is 5 dollars", 342, 256, 32, 49);
		client.prompt("How much is it?").tools(new Shop()).stream().content().blockLast(PATIENCE);
		assertThat(this.events.costs()).hasSize(4);
		assertEventsSayWhatWasBilled();
	}

	@ParameterizedTest
	@MethodSource("transports")
	void failedAttemptsCostNothing(String transport) {
		GrokChatModel model = model(transport);
		xai.failsWith(429);
		xai.failsWith(503);
		answers("Hello", 100, 0, 5, 0);
		model.stream(new Prompt("hello")).retryWhen(Retry.max(2)).blockLast(PATIENCE);
		xai.failsWith(500);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(new Prompt("hello")));
		assertThat(this.events.outcomes()).containsExactly("rate_limited", "overloaded", "success", "server_error");
		assertThat(this.events.costs()).hasSize(1);
		assertEventsSayWhatWasBilled();
	}

	@ParameterizedTest
	@MethodSource("transports")
	void theModelThatAnsweredIsBilled(String transport) {
		xai.answers("Hello").usage(100, 10).model("grok-4.7");
		ChatResponse answer = model(transport).call(new Prompt("hello"));
		assertThat(answer.getMetadata().<Cost>get("grok.cost").tableTicks()).isEqualTo(100 * 20_000 + 10 * 60_000);
		assertThat(this.events.costs()).extracting(CostRecorded::model).containsExactly("grok-4.7");
		assertThat(this.events.costs()).extracting(CostRecorded::requestedModel).containsExactly("grok-4.3");
	}

	@ParameterizedTest
	@MethodSource("transports")
	void priorityIsBilledWhenTheAnswerConfirmsIt(String transport) {
		GrokChatModel model = model(transport);
		Prompt priority = new Prompt("hello", GrokChatOptions.builder().serviceTier("priority").build());
		xai.answers("Hello").usage(100, 10).times(2);
		assertPrice(model.call(priority), 2 * (100 * 12_500 + 10 * 25_000));
		assertPrice(model.stream(priority).blockLast(PATIENCE), 2 * (100 * 12_500 + 10 * 25_000));
		xai.answers("Hello").usage(100, 10).serviceTier("default").times(2);
		assertPrice(model.call(priority), 100 * 12_500 + 10 * 25_000);
		assertPrice(model.stream(priority).blockLast(PATIENCE), 100 * 12_500 + 10 * 25_000);
	}

	@ParameterizedTest
	@MethodSource("transports")
	void aLongPromptIsBilledAtItsOwnPrice(String transport) {
		xai.answers("Hello").usage(200_000, 10).cachedTokens(100_000);
		assertPrice(model(transport).call(new Prompt("hello")), 100_000L * 25_000 + 100_000L * 4_000 + 10 * 50_000);
	}

	@ParameterizedTest
	@MethodSource("transports")
	void imagesAreBilled(String transport) {
		xai.answers("A cat").usage(433, 77).cachedTokens(162).imageTokens(256);
		assertPrice(model(transport).call(new Prompt("hello")), 15 * 12_500 + 162 * 2_000 + 256 * 12_500 + 77 * 25_000);
		assertThat(this.events.costs().get(0).imageInputTokens()).isEqualTo(256);
	}

	@ParameterizedTest
	@MethodSource("transports")
	void aCancelledStreamIsEstimated(String transport) {
		xai.answers("Hello there you").stallsAfter(2, Duration.ofMinutes(1));
		StepVerifier.create(model(transport).stream(new Prompt("How are you today?")))
			.thenConsumeWhile((element) -> !String.valueOf(element.getResult().getOutput().getText()).contains("there"))
			.thenCancel()
			.verify(PATIENCE);
		Awaitility.await().atMost(PATIENCE).until(() -> !this.events.attempts().isEmpty());
		assertThat(this.events.outcomes()).containsExactly("cancelled");
		CostRecorded cost = this.events.costs().get(0);
		assertThat(cost.estimated()).isTrue();
		assertThat(cost.inputTokens()).isEqualTo(9);
		assertThat(cost.outputTokens()).isPositive();
	}

	@ParameterizedTest
	@MethodSource("transports")
	void aBrokenStreamIsEstimated(String transport) {
		xai.answers("Hello there you").breaksAfter(2);
		StepVerifier.create(model(transport).stream(new Prompt("How are you today?")))
			.thenConsumeWhile((element) -> true)
			.expectError(GrokApiException.class)
			.verify(PATIENCE);
		assertThat(this.events.attempts()).hasSize(1);
		assertThat(this.events.costs()).hasSizeLessThanOrEqualTo(1).allMatch(CostRecorded::estimated);
		assertThat(this.events.outcomes()).doesNotContain("success", "cancelled");
	}

	@ParameterizedTest
	@MethodSource("transports")
	void aStreamThatCountsAlongIsSettledWithTheLastCount(String transport) {
		xai.streamsRaw(
				"""
						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}],"usage":{"prompt_tokens":100,"completion_tokens":1,"total_tokens":101,"cost_in_usd_ticks":1275000}}

						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[{"index":0,"delta":{"content":" you"}}],"usage":{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"cost_in_usd_ticks":1300000}}

						""");
		StepVerifier.create(model(transport).stream(new Prompt("hello")))
			.thenConsumeWhile((element) -> true)
			.expectError(GrokApiException.class)
			.verify(PATIENCE);
		assertThat(this.events.costs()).extracting(CostRecorded::estimated).containsExactly(false);
		assertThat(this.events.ticks()).isIn(1_275_000L, 1_300_000L);
		assertThat(this.events.outcomes()).containsExactly("stream_broken");
	}

	@ParameterizedTest
	@MethodSource("transports")
	void aChunkAfterUsageTakesNothingAway(String transport) {
		xai.streamsRaw(
				"""
						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}]}

						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102,"cost_in_usd_ticks":1300000}}

						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[]}

						data: [DONE]

						""");
		assertPrice(model(transport).stream(new Prompt("hello")).blockLast(PATIENCE), 1_300_000);
	}

	@ParameterizedTest
	@MethodSource("transports")
	void aStreamWithoutUsageIsEstimated(String transport) {
		xai.streamsRaw(
				"""
						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello you"}}]}

						data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"grok-4.3","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

						data: [DONE]

						""");
		ChatResponse last = model(transport).stream(new Prompt("hello")).blockLast(PATIENCE);
		assertThat(last.getMetadata().<TokenUsage>get("grok.tokens")).isEqualTo(TokenUsage.estimated(6, 3, 0));
	}

	private void assertPrice(ChatResponse answer, long ticks) {
		assertThat(answer.getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.reported(ticks, ticks));
	}

	private void assertEventsSayWhatWasBilled() {
		assertThat(this.events.ticks()).isEqualTo(this.billed);
		assertThat(this.events.costs()).allMatch((cost) -> cost.tableTicks() == cost.ticks());
	}

	private void answers(String text, long prompt, long cached, long completion, long reasoning) {
		xai.answers(text).usage(prompt, completion).reasoningTokens(reasoning).cachedTokens(cached);
		bill(prompt, cached, completion, reasoning);
	}

	private void bill(long prompt, long cached, long completion, long reasoning) {
		this.billed += (prompt - cached) * 12_500 + cached * 2_000 + (completion + reasoning) * 25_000;
	}

	private GrokChatModel model(String transport) {
		CostCalculator prices = CostCalculator.of(ModelCatalog.bundled(), PriceConditions.STANDARD);
		return GrokChatModel.builder(transport, TRANSPORTS.get(transport))
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(MeteringChatModel.decorator(MeteringSettings.of(prices, this.events))))
			.build();
	}

	static final class Shop {

		@Tool(description = "Tells the price")
		String price() {
			return "5 dollars";
		}

	}

}
