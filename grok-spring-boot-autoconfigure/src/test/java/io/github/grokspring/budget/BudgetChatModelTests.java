package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.cost.CallCostCollector;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.MeteringSettings;
import io.github.grokspring.cost.OnUnpriced;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEventListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The stage that reserves and settles, over the one that counts.
 */
class BudgetChatModelTests {

	private static final long CENT = 100_000_000;

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	private final RecordedEvents events = new RecordedEvents();

	private final Transport transport = new Transport();

	private final Budgets budgets = budgets(Budget.of("daily", new BigDecimal("1"), BudgetWindow.DAY));

	private final Deque<Supplier<Flux<ChatResponse>>> replies = this.transport.replies;

	@ParameterizedTest
	@EnumSource
	void settlesWithWhatTheAnswerCost(Invocation invocation) {
		this.replies.add(() -> answer(2 * CENT));
		this.transport.before = () -> assertThat(status().reservedTicks()).isPositive();
		ChatResponse answer = ask(invocation, model(), "hi");
		assertThat(answer.getMetadata().<Cost>get("grok.cost").ticks()).isEqualTo(2 * CENT);
		assertThat(answer.getMetadata().containsKey("grok.downgraded")).isFalse();
		assertThat(status().usedTicks()).isEqualTo(2 * CENT);
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void refusesBeforeAnythingIsSent(Invocation invocation) {
		this.replies.add(() -> answer(100 * CENT));
		ask(invocation, model(), "hi");
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> ask(invocation, model(), "hi"));
		assertThat(this.transport.prompts).hasSize(1);
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void aCallThatFailsGivesItsReservationBack(Invocation invocation) {
		this.replies.add(() -> Flux.error(overloaded()));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(invocation, model(), "hi"));
		assertThat(status().usedTicks()).isZero();
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void everyAttemptIsPaidFor(Invocation invocation) {
		this.replies.add(() -> answer(2 * CENT));
		this.replies.add(() -> answer(3 * CENT));
		ChatResponse answer = ask(invocation, model(twice()), "hi");
		assertThat(answer.getMetadata().<Cost>get("grok.cost").ticks()).isEqualTo(3 * CENT);
		assertThat(status().usedTicks()).isEqualTo(5 * CENT);
	}

	@ParameterizedTest
	@EnumSource
	void anAttemptThatCostMoneyIsPaidForThoughTheNextOneFails(Invocation invocation) {
		this.replies.add(() -> answer(2 * CENT));
		this.replies.add(() -> Flux.error(overloaded()));
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(invocation, model(twice()), "hi"));
		assertThat(status().usedTicks()).isEqualTo(2 * CENT);
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void whatTheMeterSaysIsWhatTheBudgetSays(Invocation invocation) {
		for (long ticks : new long[] { 700, 1100, 1300 }) {
			this.replies.add(() -> answer(ticks));
			ask(invocation, model(), "hi");
		}
		assertThat(status().usedTicks())
			.isEqualTo(this.events.of(CostRecorded.class).stream().mapToLong(CostRecorded::ticks).sum())
			.isEqualTo(3100);
	}

	@ParameterizedTest
	@EnumSource
	void aListenerThatFailsMakesNoCallFree(Invocation invocation) {
		GrokEventListener failing = (event) -> {
			throw new IllegalStateException("a listener of " + event.getClass().getSimpleName());
		};
		Budgets watched = Budgets.of(
				List.of(new Budget("soft", CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.ALL, List.of(50),
						OnExceeded.WARN, null)),
				BudgetStore.inMemory(this.clock), BudgetSettings.DEFAULTS, failing, this.clock);
		for (int i = 1; i <= 2; i++) {
			this.replies.add(() -> answer(2 * CENT));
			ChatResponse answer = ask(invocation, model(watched, "grok-4.3", failing), "hi");
			assertThat(answer.getResult().getOutput().getText()).isEqualTo("ok");
			assertThat(watched.status().get(0).usedTicks()).isEqualTo(2 * i * CENT);
			assertThat(watched.status().get(0).reservedTicks()).isZero();
		}
	}

	@Test
	void aStreamThatIsCancelledIsSettledWithWhatItProbablyCost() {
		Sinks.Many<ChatResponse> sink = Sinks.many().unicast().onBackpressureBuffer();
		this.replies.add(sink::asFlux);
		StepVerifier.create(model().stream(prompt("hi")))
			.then(() -> sink.tryEmitNext(text("four letters each 1 ".repeat(1000))))
			.expectNextCount(1)
			.thenCancel()
			.verify(Duration.ofSeconds(10));
		assertThat(status().usedTicks()).isEqualTo(this.events.of(CostRecorded.class).get(0).ticks()).isPositive();
		assertThat(status().reservedTicks()).isZero();
		assertThat(this.events.of(CostRecorded.class)).singleElement()
			.satisfies((event) -> assertThat(event.estimated()).isTrue());
	}

	@Test
	void aStreamThatBreaksOffIsSettledWithWhatItProbablyCost() {
		this.replies
			.add(() -> Flux.just(text("four letters each 1 ".repeat(1000))).concatWith(Flux.error(overloaded())));
		StepVerifier.create(model().stream(prompt("hi"))).expectNextCount(1).verifyError(GrokApiException.class);
		assertThat(status().usedTicks()).isPositive();
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aStreamOnAnEventLoopEndsWhenItsCostIsNoted(boolean fails) {
		BudgetStore slow = new BlockingDisk(BudgetStore.inMemory(this.clock));
		try (Budgets kept = Budgets.of(List.of(Budget.of("daily", BigDecimal.ONE, BudgetWindow.DAY)), slow,
				BudgetSettings.DEFAULTS, this.events, this.clock)) {
			for (int i = 1; i <= 100; i++) {
				Flux<ChatResponse> reply = fails ? answer(700).concatWith(Flux.error(overloaded())) : answer(700);
				this.replies.add(() -> reply.publishOn(Schedulers.parallel()));
				List<Long> used = new ArrayList<>();
				model(kept, "grok-4.3").stream(prompt("hi"))
					.doOnTerminate(() -> used.add(kept.status().get(0).usedTicks()))
					.onErrorComplete()
					.blockLast(Duration.ofSeconds(10));
				assertThat(used).containsExactly(700L * i);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void anAttemptThatWasSentAndNeverAnsweredIsPaidForThoughTheNextOneIsAnswered(Invocation invocation) {
		this.replies.add(() -> Flux.error(GrokApiException.builder(ErrorKind.TIMEOUT, "silence").build()));
		this.replies.add(() -> answer(2 * CENT));
		ask(invocation, model(again()), "hi");
		assertThat(this.events.of(CostRecorded.class)).extracting(CostRecorded::estimated).containsExactly(true, false);
		assertThat(status().usedTicks())
			.isEqualTo(this.events.of(CostRecorded.class).stream().mapToLong(CostRecorded::ticks).sum())
			.isGreaterThan(2 * CENT);
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void responseOfAModelWithoutPriceCostsAsMuchAsItsFamily(Invocation invocation) {
		this.replies.add(() -> unpriced());
		this.replies.add(() -> unpriced());
		ask(invocation, model(this.budgets, "grok-99", twice()), "hi");
		assertThat(this.events.of(CostRecorded.class)).extracting(CostRecorded::source).containsOnly("table");
		assertThat(status().usedTicks()).isPositive()
			.isEqualTo(this.events.of(CostRecorded.class).stream().mapToLong(CostRecorded::ticks).sum());
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void anAnswerOfAnotherProviderTakesNoMoneyOfXais(Invocation invocation) {
		ChatModelDecorator elsewhere = at(Position.FALLBACK, (prompt, delegate) -> Flux.just(text("from elsewhere")));
		ask(invocation, model(elsewhere), "hi");
		assertThat(status().usedTicks()).isZero();
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void aDearerModelThatIsAskedInsteadReservesMore(Invocation invocation) {
		GrokChatOptions options = GrokChatOptions.builder().maxTokens(20_000).reasoningEffort("none").build();
		List<Long> reserved = new ArrayList<>();
		this.transport.before = () -> reserved.add(status().reservedTicks());
		this.replies.add(() -> answer(CENT));
		this.replies.add(() -> answer(CENT));
		ChatModelDecorator dearer = at(Position.FALLBACK,
				(prompt, delegate) -> delegate.apply(prompt)
					.thenMany(Flux.defer(() -> delegate.apply(new Prompt(prompt.getInstructions(),
							((GrokChatOptions) prompt.getOptions()).mutate().model("grok-4.7").build())))));
		ask(invocation, model(dearer), new Prompt("hi", options));
		assertThat(reserved).hasSize(2);
		assertThat(reserved.get(1)).isGreaterThan(2 * reserved.get(0));
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void aTenantThatOnlyTheCallingThreadKnowsIsKnownToAll(Invocation invocation) {
		ThreadLocal<String> current = new ThreadLocal<>();
		TenantResolver resolver = (prompt) -> current.get();
		Budgets each = budgets(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.TENANT,
				List.of(), OnExceeded.FAIL, null));
		ChatModelDecorator elsewhere = at(Position.RETRY,
				(prompt, delegate) -> delegate.apply(prompt).subscribeOn(Schedulers.boundedElastic()));
		GrokChatModel model = tenants(each, resolver, elsewhere);
		this.replies.add(() -> answer(CENT));
		current.set("acme");
		ask(invocation, model, "hi");
		assertThat(each.status()).extracting(BudgetStatus::scopeValue).containsExactly("acme");
		assertThat(this.events.of(CostRecorded.class)).extracting(CostRecorded::tenant).containsExactly("acme");
	}

	@Test
	void aTenantThatOnlyAnEventLoopKnowsIsKnownBehindADisk() {
		ThreadLocal<String> current = new ThreadLocal<>();
		BudgetStore slow = new BlockingDisk(BudgetStore.inMemory(this.clock));
		Budgets each = Budgets.of(List.of(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"),
				BudgetScope.TENANT, List.of(), OnExceeded.FAIL, null)), slow, BudgetSettings.DEFAULTS, this.events,
				this.clock);
		GrokChatModel model = tenants(each, (prompt) -> current.get());
		this.replies.add(() -> answer(CENT));
		Mono.defer(() -> {
			current.set("acme");
			return model.stream(prompt("hi")).last();
		}).subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(10));
		assertThat(each.status()).extracting(BudgetStatus::scopeValue).containsExactly("acme");
		assertThat(this.events.of(CostRecorded.class)).extracting(CostRecorded::tenant).containsExactly("acme");
	}

	@Test
	void whatAnApplicationBlocksHoldsNoReservationUp() {
		BudgetStore slow = new BlockingDisk(BudgetStore.inMemory(this.clock));
		Budgets kept = Budgets.of(List.of(Budget.of("daily", BigDecimal.ONE, BudgetWindow.DAY)), slow,
				BudgetSettings.DEFAULTS, this.events, this.clock);
		this.replies.add(() -> answer(CENT));
		CountDownLatch blocked = new CountDownLatch(1);
		try {
			for (int i = 0; i < Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE; i++) {
				Schedulers.boundedElastic().schedule(() -> awaitQuietly(blocked));
			}
			ChatResponse last = model(kept, "grok-4.3").stream(prompt("hi"))
				.subscribeOn(Schedulers.parallel())
				.blockLast(Duration.ofSeconds(10));
			assertThat(last).isNotNull();
		}
		finally {
			blocked.countDown();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aStreamThatIsCancelledWhileItReservesLeavesNothing(boolean mayWait) {
		BaseSubscriber<ChatResponse> subscriber = new BaseSubscriber<>() {
		};
		BudgetStore memory = BudgetStore.inMemory(this.clock);
		BudgetStore store = new CancelWhileReserving(memory, mayWait, subscriber);
		Budgets each = Budgets.of(List.of(Budget.of("daily", BigDecimal.ONE, BudgetWindow.DAY)), store,
				BudgetSettings.DEFAULTS, this.events, this.clock);
		Sinks.Empty<ChatResponse> cancelled = Sinks.empty();
		this.replies.add(() -> Flux.<ChatResponse>never().doOnCancel(cancelled::tryEmitEmpty));
		Flux<ChatResponse> stream = model(each, "grok-4.3").stream(prompt("hi"));
		Mono.fromRunnable(() -> stream.subscribe(subscriber))
			.subscribeOn(Schedulers.parallel())
			.then(cancelled.asMono())
			.block(Duration.ofSeconds(10));
		StepVerifier.create(Flux.interval(Duration.ofMillis(5)).takeUntil((tick) -> reservedIn(each) == 0))
			.thenConsumeWhile((tick) -> true)
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		assertThat(each.status().get(0).usedTicks()).as("what was sent for a moment").isLessThan(CENT);
	}

	private static long reservedIn(Budgets budgets) {
		return budgets.status().get(0).reservedTicks();
	}

	@Test
	void aStreamThatNobodySubscribesToReservesNothing() {
		model().stream(prompt("hi"));
		assertThat(status().reservedTicks()).isZero();
	}

	@Test
	void everySubscriptionIsACall() {
		this.replies.add(() -> answer(CENT));
		this.replies.add(() -> answer(CENT));
		Flux<ChatResponse> stream = model().stream(prompt("hi"));
		stream.blockLast();
		stream.blockLast();
		assertThat(status().usedTicks()).isEqualTo(2 * CENT);
	}

	@Test
	void aConsumerThatStopsAtTheLastElementPaysItsCost() {
		this.replies.add(() -> answer(2 * CENT).startWith(text("a")));
		StepVerifier.create(model().stream(prompt("hi")).take(2)).expectNextCount(2).verifyComplete();
		assertThat(status().usedTicks()).isEqualTo(2 * CENT);
		assertThat(status().reservedTicks()).isZero();
	}

	@Test
	void aBillThatComesAfterTheEndIsAdded() {
		this.replies.add(() -> answer(2 * CENT));
		model().call(prompt("hi"));
		CallCostCollector.of(this.transport.prompts.get(0)).add("grok-4.3", Cost.table(CENT));
		assertThat(status().usedTicks()).isEqualTo(3 * CENT);
	}

	@ParameterizedTest
	@EnumSource
	void anAnswerOfAModelWithoutMeterIsPaidByItsOwnBill(Invocation invocation) {
		ChatModelDecorator elsewhere = at(Position.FALLBACK,
				(prompt, delegate) -> Flux
					.just(new ChatResponse(List.of(new Generation(new AssistantMessage("from elsewhere"))),
							ChatResponseMetadata.builder().keyValue("grok.cost", Cost.table(4 * CENT)).build())));
		ask(invocation, model(elsewhere), "hi");
		assertThat(status().usedTicks()).isEqualTo(4 * CENT);
	}

	@ParameterizedTest
	@EnumSource
	void aFallbackToAnotherModelOfOursIsPartOfTheCall(Invocation invocation) {
		this.replies.add(() -> answer(2 * CENT));
		GrokChatModel other = model();
		ChatModelDecorator fallback = at(Position.FALLBACK,
				(prompt, delegate) -> Flux.fromIterable(invocation.invoke(other, prompt)));
		this.transport.before = () -> assertThat(status().reservedTicks()).isLessThan(20 * CENT).isPositive();
		ask(invocation, model(fallback), "hi");
		assertThat(status().usedTicks()).isEqualTo(2 * CENT);
		assertThat(status().reservedTicks()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void aCallThatIsDowngradedSaysSo(Invocation invocation) {
		Budgets soft = budgets(new Budget("soft", 10 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.ALL,
				List.of(), OnExceeded.DOWNGRADE, "grok-build-0.1"));
		this.replies.add(() -> answer(CENT));
		GrokChatModel model = model(soft, "grok-4.7");
		ChatResponse answer = ask(invocation, model,
				new Prompt("hi", GrokChatOptions.builder().maxTokens(20_000).build()));
		assertThat(this.transport.options().getModel()).isEqualTo("grok-build-0.1");
		assertThat(answer.getMetadata().<String>get("grok.downgraded")).isEqualTo("grok-4.7");
		assertThat(soft.status().get(0).usedTicks()).isEqualTo(CENT);
	}

	@ParameterizedTest
	@EnumSource
	void theTenantIsInTheToolContext(Invocation invocation) {
		Budgets each = budgets(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.TENANT,
				List.of(), OnExceeded.FAIL, null));
		GrokChatModel model = model(each, "grok-4.3");
		for (GrokChatOptions options : List.of(
				GrokChatOptions.builder().toolContext(Map.of(TenantResolver.CONTEXT_KEY, "acme")).user("alice").build(),
				GrokChatOptions.builder().user("bob").build(), GrokChatOptions.builder().build())) {
			this.replies.add(() -> answer(CENT));
			ask(invocation, model, new Prompt("hi", options));
		}
		assertThat(each.status()).extracting(BudgetStatus::scopeValue)
			.containsExactlyInAnyOrder("acme", "bob", "unknown");
		assertThat(this.events.of(CostRecorded.class)).extracting(CostRecorded::tenant)
			.containsExactly("acme", "bob", null);
	}

	@ParameterizedTest
	@EnumSource
	void theCallersOptionsReachTheTransportAsTheyAre(Invocation invocation) {
		this.replies.add(() -> answer(CENT));
		GrokChatOptions options = GrokChatOptions.builder()
			.maxTokens(7)
			.seed(3)
			.toolContext(Map.of("mine", "kept"))
			.build();
		ask(invocation, model(), new Prompt("hi", options));
		GrokChatOptions sent = this.transport.options();
		assertThat(sent.getMaxTokens()).isEqualTo(7);
		assertThat(sent.getSeed()).isEqualTo(3);
		assertThat(sent.getToolContext()).containsEntry("mine", "kept");
		assertThat(options.getToolContext()).isEqualTo(Map.of("mine", "kept"));
	}

	@Test
	void withoutBudgetsThereIsNoStage() {
		assertThat(model(budgets(), "grok-4.3").stages()).doesNotContain("budget");
		assertThat(model().stages()).startsWith("budget", "metering");
	}

	@Test
	void aPromptWithoutOptionsIsRefused() {
		ChatModel stage = BudgetChatModel.decorator(this.budgets, worstCase(), TenantResolver.toolContext())
			.decorate("default", this.transport);
		assertThatIllegalArgumentException().isThrownBy(() -> stage.call(new Prompt("hi")))
			.withMessageContaining("GrokChatModel");
	}

	private BudgetStatus status() {
		return this.budgets.status().get(0);
	}

	private Budgets budgets(Budget... budgets) {
		return Budgets.of(List.of(budgets), BudgetStore.inMemory(this.clock), BudgetSettings.DEFAULTS, this.events,
				this.clock);
	}

	private CostEstimator worstCase() {
		ModelCatalog catalog = ModelCatalog.bundled();
		return CostEstimator.of(prices(), catalog, (prompt) -> 100, this.clock);
	}

	private static CostCalculator prices() {
		return CostCalculator.of(ModelCatalog.bundled(), PriceConditions.STANDARD);
	}

	private GrokChatModel model(ChatModelDecorator... more) {
		return model(this.budgets, "grok-4.3", more);
	}

	private GrokChatModel model(Budgets budgets, String model, ChatModelDecorator... more) {
		return model(budgets, model, this.events, more);
	}

	private GrokChatModel model(Budgets budgets, String model, GrokEventListener listener, ChatModelDecorator... more) {
		MeteringSettings metering = new MeteringSettings(prices(), OnUnpriced.WARN, BigDecimal.valueOf(1_000_000),
				TenantResolver.toolContext(), listener, this.clock, System::nanoTime);
		return GrokChatModel.builder("transport", this.transport)
			.options(GrokChatOptions.builder().model(model).build())
			.decorators(List.of(BudgetChatModel.decorator(budgets, worstCase(), TenantResolver.toolContext()),
					MeteringChatModel.decorator(metering)))
			.decorators(List.of(more))
			.build();
	}

	private GrokChatModel tenants(Budgets budgets, TenantResolver tenants, ChatModelDecorator... more) {
		MeteringSettings metering = new MeteringSettings(prices(), OnUnpriced.WARN, BigDecimal.valueOf(1_000_000),
				tenants, this.events, this.clock, System::nanoTime);
		return GrokChatModel.builder("transport", this.transport)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(BudgetChatModel.decorator(budgets, worstCase(), tenants),
					MeteringChatModel.decorator(metering)))
			.decorators(List.of(more))
			.build();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A retry of what failed.
	 */
	private static ChatModelDecorator again() {
		return at(Position.RETRY,
				(prompt, delegate) -> delegate.apply(prompt).onErrorResume((failure) -> delegate.apply(prompt)));
	}

	/**
	 * A retry that is never satisfied with the first answer.
	 */
	private static ChatModelDecorator twice() {
		return at(Position.RETRY, (prompt, delegate) -> delegate.apply(prompt).thenMany(delegate.apply(prompt)));
	}

	private static ChatModelDecorator at(Position position,
			BiFunction<Prompt, Function<Prompt, Flux<ChatResponse>>, Flux<ChatResponse>> stage) {
		return new ChatModelDecorator() {

			@Override
			public Position position() {
				return position;
			}

			@Override
			public ChatModel decorate(String client, ChatModel delegate) {
				return new ForwardingChatModel(delegate) {

					@Override
					public ChatResponse call(Prompt prompt) {
						return stage.apply(prompt, (given) -> Flux.defer(() -> Flux.just(delegate.call(given))))
							.blockLast();
					}

					@Override
					public Flux<ChatResponse> stream(Prompt prompt) {
						return stage.apply(prompt, delegate::stream);
					}

				};
			}

		};
	}

	private static Prompt prompt(String text) {
		return new Prompt(text);
	}

	private static GrokApiException overloaded() {
		return GrokApiException.builder(ErrorKind.OVERLOADED, "overloaded").build();
	}

	private static ChatResponse text(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
	}

	private static Flux<ChatResponse> unpriced() {
		return Flux.just(new ChatResponse(
				List.of(new Generation(new AssistantMessage("ok"),
						ChatGenerationMetadata.builder().finishReason("stop").build())),
				ChatResponseMetadata.builder().model("grok-99").usage(new DefaultUsage(100, 100, 200)).build()));
	}

	private static Flux<ChatResponse> answer(long ticks) {
		// About as many tokens as cost that much, so that xAI may say so.
		int tokens = (int) Math.max(1, ticks / 12_500);
		Map<String, Object> usage = Map.of("prompt_tokens", tokens, "completion_tokens", 0, "total_tokens", tokens,
				"cost_in_usd_ticks", ticks);
		return Flux.just(new ChatResponse(
				List.of(new Generation(new AssistantMessage("ok"),
						ChatGenerationMetadata.builder().finishReason("stop").build())),
				ChatResponseMetadata.builder()
					.model("grok-4.3")
					.usage(new DefaultUsage(tokens, 0, tokens, usage))
					.build()));
	}

	private static ChatResponse ask(Invocation invocation, ChatModel model, String text) {
		return ask(invocation, model, prompt(text));
	}

	private static ChatResponse ask(Invocation invocation, ChatModel model, Prompt prompt) {
		return invocation.last(model, prompt);
	}

	/**
	 * Gives the replies of a test, one for each prompt.
	 */
	private static final class Transport implements ChatModel {

		private final Deque<Supplier<Flux<ChatResponse>>> replies = new ArrayDeque<>();

		private final List<Prompt> prompts = new CopyOnWriteArrayList<>();

		private Runnable before = () -> {
		};

		@Override
		public ChatResponse call(Prompt prompt) {
			return stream(prompt).blockLast();
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			this.prompts.add(prompt);
			this.before.run();
			return this.replies.remove().get();
		}

		GrokChatOptions options() {
			return (GrokChatOptions) this.prompts.get(this.prompts.size() - 1).getOptions();
		}

	}

}
