package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.ServerTiming;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.retry.Retry;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link MeteringChatModel}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MeteringChatModelTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Usage USAGE = Scripted.usage(100, 10, 1_510_000L);

	private static final long TICKS = 100 * 12_500 + 10 * 25_000;

	private final RecordedEvents events = new RecordedEvents();

	private final CostCalculator calculator = CostCalculator.of(TestCatalog.create(), PriceConditions.STANDARD);

	private final AtomicLong nanos = new AtomicLong();

	private OnUnpriced onUnpriced = OnUnpriced.WARN;

	@Test
	void anAnswerCarriesTokensAndCost() {
		ChatModel model = metering(Scripted.with(Scripted.last("tiered", "Hi", USAGE, Map.of("citations", List.of()))));
		ChatResponse answer = model.call(prompt());
		assertThat(answer.getResult().getOutput().getText()).isEqualTo("Hi");
		assertThat(answer.getMetadata().<TokenUsage>get("grok.tokens"))
			.isEqualTo(new TokenUsage(100, 0, 0, 10, 0, Map.of(), false));
		assertThat(answer.getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.reported(1_510_000, TICKS));
		assertThat(answer.getMetadata().containsKey("citations")).isTrue();
		assertThat(answer.getMetadata().getUsage()).isEqualTo(USAGE);
	}

	@Test
	void theLastElementOfAStreamCarriesTokensAndCost() {
		ChatModel model = metering(
				Scripted.with(Scripted.text("Hel"), Scripted.text("lo"), Scripted.last(USAGE, Map.of())));
		List<ChatResponse> elements = model.stream(prompt()).collectList().block(PATIENCE);
		assertThat(elements).hasSize(3);
		assertThat(elements.get(0).getMetadata().containsKey("grok.cost")).isFalse();
		assertThat(elements.get(2).getMetadata().<Cost>get("grok.cost").ticks()).isEqualTo(1_510_000);
		assertThat(elements.get(2).getMetadata().<TokenUsage>get("grok.tokens").output()).isEqualTo(10);
	}

	@Test
	void elementsBeforeTheLastAreNotHeldBack() {
		TestPublisher<ChatResponse> elements = TestPublisher.create();
		ChatModel model = metering(Scripted.with(elements::flux));
		StepVerifier.create(model.stream(prompt()))
			.then(() -> elements.next(Scripted.text("Hel")))
			.expectNextCount(1)
			.then(() -> elements.next(Scripted.text("lo")))
			.expectNextCount(1)
			.then(() -> elements.next(Scripted.last(USAGE, Map.of())).complete())
			.expectNextCount(1)
			.expectComplete()
			.verify(PATIENCE);
	}

	@Test
	void demandIsRespected() {
		ChatModel model = metering(
				Scripted.with(Scripted.text("Hel"), Scripted.text("lo"), Scripted.last(USAGE, Map.of())));
		StepVerifier.create(model.stream(prompt()), 1)
			.expectNextCount(1)
			.thenRequest(1)
			.expectNextCount(1)
			.thenRequest(1)
			.assertNext((last) -> assertThat(last.getMetadata().containsKey("grok.cost")).isTrue())
			.expectComplete()
			.verify(PATIENCE);
	}

	@Test
	void aStreamIsSettledWithItsLastElement() {
		TestPublisher<ChatResponse> elements = TestPublisher.create();
		StepVerifier.create(metering(Scripted.with(elements::flux)).stream(prompt()))
			.then(() -> elements.next(Scripted.last(USAGE, Map.of())))
			.assertNext((last) -> assertThat(last.getMetadata().<Cost>get("grok.cost").ticks()).isEqualTo(1_510_000))
			.thenCancel()
			.verify(PATIENCE);
		assertThat(this.events.outcomes()).containsExactly("success");
		assertThat(this.events.costs()).hasSize(1);
	}

	@Test
	void aStreamWithoutALastElementIsSettledWithItsEnd() {
		metering(Scripted.with(Scripted.counted("Hi", USAGE))).stream(prompt()).blockLast(PATIENCE);
		assertThat(this.events.outcomes()).containsExactly("success");
		assertThat(this.events.costs()).extracting(CostRecorded::ticks).containsExactly(1_510_000L);
	}

	@Test
	void anEmptyElementAfterUsageTakesNothingAway() {
		ChatModel model = metering(
				Scripted.with(Scripted.counted("Hi", USAGE), Scripted.last(new EmptyUsage(), Map.of())));
		ChatResponse last = model.stream(prompt()).blockLast(PATIENCE);
		assertThat(last.getMetadata().<Cost>get("grok.cost").ticks()).isEqualTo(1_510_000);
	}

	@Test
	void theLastOfManyUsagesCounts() {
		ChatModel model = metering(Scripted.with(Scripted.counted("Hel", Scripted.usage(100, 1, null)),
				Scripted.counted("lo", Scripted.usage(100, 2, null)), Scripted.last(USAGE, Map.of())));
		model.stream(prompt()).blockLast(PATIENCE);
		assertThat(this.events.costs()).extracting(CostRecorded::outputTokens).containsExactly(10L);
	}

	@Test
	void listenersAreToldOnceOfEveryAttempt() {
		ChatModel model = metering(Scripted.with(Scripted.last(USAGE, Map.of())));
		model.call(prompt());
		assertThat(this.events.all()).hasSize(2);
		String callId = this.events.costs().get(0).callId();
		assertThat(this.events.costs()).containsExactly(new CostRecorded("analyst", "tiered", "tiered", 100, 0, 0, 10,
				0, Map.of(), 1_510_000, TICKS, 0, "reported", false, "shop-7", TestCatalog.NOW, callId, 1, null, null));
		model.stream(prompt()).blockLast(PATIENCE);
		assertThat(this.events.all()).hasSize(4);
		assertThat(this.events.outcomes()).containsExactly("success", "success");
	}

	@Test
	void nothingHappensBeforeASubscription() {
		Scripted transport = Scripted.with(Scripted.last(USAGE, Map.of()));
		Flux<ChatResponse> stream = metering(transport).stream(prompt());
		assertThat(transport.asked()).hasValue(0);
		stream.blockLast(PATIENCE);
		stream.blockLast(PATIENCE);
		assertThat(this.events.costs()).hasSize(2);
	}

	@Test
	void theModelThatAnsweredSetsThePrice() {
		ChatModel model = metering(
				Scripted.with(Scripted.last("dated", "Hi", Scripted.usage(100, 10, null), Map.of())));
		Cost cost = model.call(prompt("unpriced", null)).getMetadata().get("grok.cost");
		assertThat(cost).isEqualTo(Cost.table(TICKS));
		assertThat(this.events.costs().get(0).requestedModel()).isEqualTo("unpriced");
		assertThat(this.events.costs().get(0).model()).isEqualTo("dated");
		assertThat(this.events.attempts().get(0).model()).isEqualTo("unpriced");
	}

	@Test
	void anAnswerWithoutAModelIsOfTheOneThatWasAsked() {
		ChatModel model = metering(Scripted.with(Scripted.last("", "Hi", Scripted.usage(100, 10, null), Map.of())));
		assertThat(model.call(prompt()).getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.table(TICKS));
	}

	@Test
	void theTierOfTheAnswerCountsAndNotTheOneAskedFor() {
		Usage usage = Scripted.usage(100, 10, null);
		Prompt priority = prompt("tiered", "priority");
		assertThat(metering(Scripted.with(Scripted.last(usage, Map.of("service_tier", "default")))).call(priority)
			.getMetadata()
			.<Cost>get("grok.cost")
			.ticks()).isEqualTo(TICKS);
		assertThat(metering(Scripted.with(Scripted.last(usage, Map.of("service_tier", "priority")))).call(prompt())
			.getMetadata()
			.<Cost>get("grok.cost")
			.ticks()).isEqualTo(2 * TICKS);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MAX_VALUE, 1001 * TICKS, TICKS / 101 })
	void aReportThatCannotBeTrueDoesNotCount(long ticks) {
		ChatModel model = metering(Scripted.with(Scripted.last(Scripted.usage(100, 10, ticks), Map.of())));
		assertThat(model.call(prompt()).getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.table(TICKS));
	}

	@Test
	void aReportCountsWhereTheTableKnowsNothing() {
		ChatModel model = metering(Scripted.with(Scripted.last("unpriced", "Hi", USAGE, Map.of())));
		assertThat(model.call(prompt("unpriced", null)).getMetadata().<Cost>get("grok.cost"))
			.isEqualTo(Cost.reported(1_510_000, -1));
	}

	@Test
	void noAnswerCostsThousandsOfDollars(CapturedOutput output) {
		Usage usage = Scripted.usage(100, 10, 1001 * Cost.TICKS_PER_USD);
		ChatModel model = metering(Scripted.with(Scripted.last("unpriced", "Hi", usage, Map.of())));
		assertThat(model.call(prompt("unpriced", null)).getMetadata().<Cost>get("grok.cost"))
			.isEqualTo(Cost.estimated(TICKS));
		assertThat(output.getOut()).contains("$1001", "cannot be true", "grok.models[unpriced].price");
	}

	@Test
	void severalTurnsTogetherMakeNoLongPrompt() {
		Map<String, Object> turns = new HashMap<>(TokenUsageTests.responses(240_000, 0, 10, 0, 240_010));
		turns.put("context_details", Map.of("input_tokens", 90_000, "output_tokens", 10));
		ChatModel model = metering(
				Scripted.with(Scripted.last(new DefaultUsage(240_000, 10, 240_010, turns), Map.of())));
		assertThat(model.call(prompt()).getMetadata().<Cost>get("grok.cost").ticks())
			.isEqualTo(240_000L * 12_500 + 10 * 25_000);
		assertThat(this.events.costs().get(0).inputTokens()).isEqualTo(240_000);
	}

	@Test
	void whatTheCacheSavedIsKnown() {
		Usage usage = new DefaultUsage(100, 10, 110, TokenUsageTests.chat(100, 64, 0, 10, 0, 110));
		metering(Scripted.with(Scripted.last(usage, Map.of()))).call(prompt());
		assertThat(this.events.costs().get(0).cacheSavedTicks()).isEqualTo(64 * (12_500 - 2_000));
	}

	@Test
	void aCancelledStreamIsSettledWithAnEstimate() {
		TestPublisher<ChatResponse> elements = TestPublisher.create();
		StepVerifier.create(metering(Scripted.with(elements::flux)).stream(prompt()))
			.then(() -> elements.next(Scripted.thought("Let me see"), Scripted.text("Hello you")))
			.expectNextCount(2)
			.thenCancel()
			.verify(PATIENCE);
		elements.assertCancelled();
		CostRecorded cost = this.events.costs().get(0);
		assertThat(cost.estimated()).isTrue();
		assertThat(cost.inputTokens()).isEqualTo(18);
		assertThat(cost.outputTokens()).isEqualTo(3);
		assertThat(cost.reasoningTokens()).isEqualTo(3);
		assertThat(cost.ticks()).isEqualTo(18 * 12_500 + 6 * 25_000);
		assertThat(cost.source()).isEqualTo("table");
		assertThat(this.events.outcomes()).containsExactly("cancelled");
	}

	@Test
	void aStreamThatIsCancelledBeforeItSaysAnythingCostsItsPrompt() {
		StepVerifier.create(metering(Scripted.with(Flux::never)).stream(prompt("tiered", "priority")))
			.thenCancel()
			.verify(PATIENCE);
		assertThat(this.events.costs()).extracting(CostRecorded::ticks).containsExactly(18L * 12_500);
	}

	@Test
	void aCancelledStreamIsSettledWithTheLastUsageSeen() {
		TestPublisher<ChatResponse> elements = TestPublisher.create();
		StepVerifier.create(metering(Scripted.with(elements::flux)).stream(prompt()))
			.then(() -> elements.next(Scripted.counted("Hi", USAGE)))
			.expectNextCount(1)
			.thenCancel()
			.verify(PATIENCE);
		assertThat(this.events.costs()).extracting(CostRecorded::ticks).containsExactly(1_510_000L);
		assertThat(this.events.costs()).extracting(CostRecorded::estimated).containsExactly(false);
	}

	@Test
	void aBrokenStreamIsSettledWithAnEstimate() {
		ChatModel model = metering(Scripted.with(() -> Flux.concat(Flux.just(Scripted.text("Hello you")),
				Flux.error(failure(ErrorKind.STREAM_BROKEN)))));
		StepVerifier.create(model.stream(prompt()))
			.expectNextCount(1)
			.expectError(GrokApiException.class)
			.verify(PATIENCE);
		assertThat(this.events.costs()).extracting(CostRecorded::estimated).containsExactly(true);
		assertThat(this.events.outcomes()).containsExactly("stream_broken");
	}

	@Test
	void aBrokenStreamIsSettledWithTheUsageSeen() {
		ChatModel model = metering(Scripted.with(() -> Flux.concat(Flux.just(Scripted.counted("Hi", USAGE)),
				Flux.error(failure(ErrorKind.CONNECTION)))));
		StepVerifier.create(model.stream(prompt()))
			.expectNextCount(1)
			.expectError(GrokApiException.class)
			.verify(PATIENCE);
		assertThat(this.events.outcomes()).containsExactly("connection");
		assertThat(this.events.costs()).extracting(CostRecorded::ticks).containsExactly(1_510_000L);
	}

	@Test
	void anAttemptThatFailsWithoutUsageCostsNothing() {
		ChatModel model = metering(Scripted.with(() -> Flux.error(failure(ErrorKind.RATE_LIMITED))));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(prompt()));
		StepVerifier.create(model.stream(prompt())).expectError(GrokApiException.class).verify(PATIENCE);
		assertThat(this.events.costs()).isEmpty();
		assertThat(this.events.outcomes()).containsExactly("rate_limited", "rate_limited");
	}

	@Test
	void failuresThatAreNotXaisHaveOutcomesToo() {
		RuntimeException refused = new UnsupportedParameterException("tiered", List.of("stop"), "no");
		assertThatExceptionOfType(UnsupportedParameterException.class)
			.isThrownBy(() -> metering(Scripted.with(() -> Flux.error(refused))).call(prompt()));
		ChatModel broken = metering(Scripted.with(() -> {
			throw new IllegalStateException("no");
		}));
		assertThatIllegalStateException().isThrownBy(() -> broken.call(prompt()));
		StepVerifier.create(broken.stream(prompt())).expectError(IllegalStateException.class).verify(PATIENCE);
		assertThat(this.events.outcomes()).containsExactly("unsupported_parameter", "unknown", "unknown");
	}

	@Test
	void aRetryDoesNotMakeACancellationOfAFailure() {
		AtomicInteger attempts = new AtomicInteger();
		ChatModel model = metering(Scripted.with(() -> (attempts.incrementAndGet() < 3)
				? Flux.error(failure(ErrorKind.OVERLOADED)) : Flux.just(Scripted.last(USAGE, Map.of()))));
		model.stream(prompt()).retryWhen(Retry.max(2)).blockLast(PATIENCE);
		assertThat(this.events.outcomes()).containsExactly("overloaded", "overloaded", "success");
		assertThat(this.events.costs()).hasSize(1);
	}

	@Test
	void anAnswerWithoutUsageIsEstimated() {
		ChatModel model = metering(
				Scripted.with(Scripted.text("Hello you"), Scripted.last(new EmptyUsage(), Map.of())));
		TokenUsage tokens = model.stream(prompt()).blockLast(PATIENCE).getMetadata().get("grok.tokens");
		assertThat(tokens).isEqualTo(TokenUsage.estimated(18, 3, 0));
		ChatResponse whole = metering(Scripted.with(Scripted.last("tiered", "Hello you", new EmptyUsage(), Map.of())))
			.call(prompt());
		assertThat(whole.getMetadata().<TokenUsage>get("grok.tokens")).isEqualTo(TokenUsage.estimated(18, 3, 0));
	}

	@Test
	void aRaceOfCancellationAndCompletionIsSettledOnce() throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < 500; i++) {
				this.events.all().clear();
				Sinks.Many<ChatResponse> elements = Sinks.many().unicast().onBackpressureBuffer();
				Disposable subscription = metering(Scripted.with(elements::asFlux)).stream(prompt()).subscribe();
				elements.tryEmitNext(Scripted.last(USAGE, Map.of()));
				CountDownLatch start = new CountDownLatch(1);
				CountDownLatch done = new CountDownLatch(2);
				for (Runnable end : List.<Runnable>of(subscription::dispose, elements::tryEmitComplete)) {
					threads.execute(() -> {
						awaitQuietly(start);
						end.run();
						done.countDown();
					});
				}
				start.countDown();
				assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
				assertThat(this.events.costs()).hasSize(1);
				assertThat(this.events.attempts()).hasSize(1);
				assertThat(this.events.ticks()).isEqualTo(1_510_000);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void timesAreMeasured() {
		ServerTiming timing = new ServerTiming(222.5, 6.7, Double.NaN);
		TestPublisher<ChatResponse> elements = TestPublisher.create();
		StepVerifier.create(metering(Scripted.with(elements::flux)).stream(prompt()))
			.then(() -> this.nanos.set(1_000_000))
			.then(() -> elements.next(Scripted.text("")))
			.expectNextCount(1)
			.then(() -> this.nanos.set(5_000_000))
			.then(() -> elements.next(Scripted.text("Hi")))
			.expectNextCount(1)
			.then(() -> this.nanos.set(9_000_000))
			.then(() -> elements.next(Scripted.last(USAGE, Map.of("grok.server-timing", timing))).complete())
			.expectNextCount(1)
			.expectComplete()
			.verify(PATIENCE);
		String callId = this.events.attempts().get(0).callId();
		assertThat(this.events.attempts()).containsExactly(
				new AttemptFinished("analyst", "tiered", "chat-completions", "success", Duration.ofMillis(9),
						Duration.ofMillis(5), Duration.ofNanos(222_500_000), null, callId, 1, null, null));
	}

	@Test
	void aCallHasNoFirstToken() {
		metering(Scripted.with(Scripted.last(USAGE, Map.of()))).call(prompt());
		assertThat(this.events.attempts().get(0).timeToFirstToken()).isNull();
	}

	@Test
	void theShapeOfUsageTellsTheEndpoint() {
		Usage usage = new DefaultUsage(199, 184, 383, TokenUsageTests.responses(199, 128, 184, 181, 383));
		metering(Scripted.with(Scripted.last(usage, Map.of()))).call(prompt());
		assertThat(this.events.attempts().get(0).api()).isEqualTo("responses");
	}

	@Test
	void anUnpricedModelIsNotAskedWhenTheApplicationWantsToBeTold() {
		this.onUnpriced = OnUnpriced.FAIL;
		Scripted transport = Scripted.with(Scripted.last(USAGE, Map.of()));
		ChatModel model = metering(transport);
		assertThatExceptionOfType(UnpricedModelException.class).isThrownBy(() -> model.call(prompt("unpriced", null)))
			.satisfies((ex) -> assertThat(ex.model()).isEqualTo("unpriced"))
			.withMessageContaining("'unpriced'")
			.withMessageContaining("grok.models[unpriced].price")
			.withMessageContaining("grok.cost.on-unpriced");
		StepVerifier.create(model.stream(prompt("unheard-of", null)))
			.expectError(UnpricedModelException.class)
			.verify(PATIENCE);
		assertThat(transport.asked()).hasValue(0);
		assertThat(this.events.all()).isEmpty();
		assertThat(model.call(prompt()).getMetadata().containsKey("grok.cost")).isTrue();
	}

	@Test
	void anUnpricedModelIsWarnedAboutOnce(CapturedOutput output) {
		ChatModel model = metering(Scripted.with(Scripted.last("unpriced", "", Scripted.usage(1, 1, null), Map.of())));
		assertThat(model.call(prompt("unpriced", null)).getMetadata().<Cost>get("grok.cost"))
			.isEqualTo(Cost.estimated(37_500));
		model.call(prompt("unpriced", null));
		assertThat(output.getOut()).containsOnlyOnce("grok.models[unpriced].price");
		assertThat(this.events.costs()).hasSize(2)
			.allMatch((cost) -> cost.source().equals("table") && cost.estimated() && cost.ticks() == 37_500);
	}

	@Test
	void anUnpricedModelMayCountAsFree(CapturedOutput output) {
		this.onUnpriced = OnUnpriced.ZERO;
		ChatModel model = metering(Scripted.with(Scripted.last("unpriced", "", Scripted.usage(1, 1, null), Map.of())));
		assertThat(model.call(prompt("unpriced", null)).getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.NONE);
		assertThat(output.getOut()).doesNotContain("unpriced");
	}

	@Test
	void driftIsWarnedAboutOnceForEachModel(CapturedOutput output) {
		ChatModel model = metering(Scripted.with(Scripted.last(Scripted.usage(100, 10, 1_516_000L), Map.of())));
		model.call(prompt());
		model.call(prompt());
		assertThat(output.getOut()).containsOnlyOnce("1.07 % off").contains("$0.0001516", "$0.00015", "'tiered'");
	}

	@Test
	void aLittleDriftIsNotWarnedAbout(CapturedOutput output) {
		metering(Scripted.with(Scripted.last(Scripted.usage(100, 10, 1_515_000L), Map.of()))).call(prompt());
		assertThat(output.getOut()).doesNotContain("off");
	}

	@Test
	void aCalculatorThatFailsTakesNoAnswerAway(CapturedOutput output) {
		CostCalculator failing = (tokens, model, at, conditions) -> {
			throw new IllegalStateException("no prices today");
		};
		ChatModel model = metering(Scripted.with(Scripted.last(USAGE, Map.of())), failing);
		assertThat(model.call(prompt()).getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.reported(1_510_000, -1));
		assertThat(output.getOut()).contains("no prices today");
	}

	@Test
	void tokensAreCountedWithoutPrices() {
		ChatModel model = metering(Scripted.with(Scripted.last(USAGE, Map.of())), null);
		ChatResponse answer = model.call(prompt("unpriced", null));
		assertThat(answer.getMetadata().<TokenUsage>get("grok.tokens").total()).isEqualTo(110);
		assertThat(answer.getMetadata().containsKey("grok.cost")).isFalse();
		assertThat(this.events.costs()).extracting(CostRecorded::source).containsExactly("none");
		assertThat(this.events.ticks()).isZero();
	}

	@Test
	void theStageHasItsPlaceAndName() {
		ChatModelDecorator decorator = MeteringChatModel.decorator(MeteringSettings.of(this.calculator, this.events));
		assertThat(decorator.position()).isEqualTo(Position.METERING);
		assertThat(decorator.name()).isEqualTo("metering");
		assertThat(decorator.decorate("a", Scripted.with())).isInstanceOf(MeteringChatModel.class);
	}

	private ChatModel metering(ChatModel transport) {
		return metering(transport, this.calculator);
	}

	private ChatModel metering(ChatModel transport, CostCalculator prices) {
		InstantSource clock = InstantSource.fixed(TestCatalog.NOW);
		return MeteringChatModel
			.decorator(new MeteringSettings(prices, this.onUnpriced, BigDecimal.ONE, (prompt) -> "shop-7", this.events,
					clock, this.nanos::get, TestCatalog.create()))
			.decorate("analyst", transport);
	}

	private static GrokApiException failure(ErrorKind kind) {
		return GrokApiException.builder(kind, "no").build();
	}

	private static Prompt prompt() {
		return prompt("tiered", null);
	}

	/** 39 characters. */
	private static Prompt prompt(String model, String tier) {
		List<Message> messages = new ArrayList<>(
				List.of(new SystemMessage("You are a clerk."), new UserMessage("How much is it, please?")));
		return new Prompt(messages, GrokChatOptions.builder().api(GrokApi.AUTO).model(model).serviceTier(tier).build());
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
