package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.event.BudgetThresholdReached;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Settlements that the store does not accept at once.
 */
@ExtendWith(OutputCaptureExtension.class)
class SettlementOutboxTests {

	private static final long CENT = 100_000_000;

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	private final RecordedEvents events = new RecordedEvents();

	private final BudgetStore memory = BudgetStore.inMemory(this.clock, this.clock::nanoTime);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final List<Duration> pauses = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 5, 20 })
	void settlementsThatFailAreNotedWhenTheStoreWorksAgain(int failures) {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		List<Reservation> reservations = List.of(reserve(budgets), reserve(budgets), reserve(budgets));
		store.failNext(failures);
		reservations.forEach((reservation) -> reservation.settle(20 * CENT));
		assertThat(budgets.unsettledTicks()).isEqualTo(Math.min(3, failures) * 20 * CENT);
		this.time.advanceTimeBy(Duration.ofSeconds(10L * failures));
		assertThat(budgets.unsettledTicks()).isZero();
		assertThat(status(budgets).usedTicks()).isEqualTo(60 * CENT);
		assertThat(status(budgets).reservedTicks()).isZero();
		assertThat(this.events.of(BudgetThresholdReached.class)).hasSize(1);
	}

	@Test
	void attemptsBecomeRarerWhileTheStoreFails() {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		store.failNext(3);
		reservation.settle(CENT);
		this.time.advanceTimeBy(Duration.ofMillis(100 + 200 + 399));
		assertThat(budgets.unsettledTicks()).isEqualTo(CENT);
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(budgets.unsettledTicks()).isZero();
	}

	@Test
	void settlementThatWasNotedThoughItFailedCountsOnce() {
		UnreliableStore store = new UnreliableStore(this.memory, false, true, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		store.failNext(1);
		reservation.settle(2 * CENT);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(status(budgets).usedTicks()).isEqualTo(2 * CENT);
	}

	@Test
	void releaseThatFailsIsRepeated() {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		store.failNext(1);
		reservation.settle(0);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(status(budgets).reservedTicks()).isZero();
	}

	@Test
	void whatIsAddedAfterTheEndIsRepeatedToo() {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		reservation.settle(CENT);
		store.failNext(2);
		reservation.add("grok-4.3", 3 * CENT);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(status(budgets).usedTicks()).isEqualTo(4 * CENT);
		assertThat(status(budgets).reservedTicks()).isZero();
	}

	@Test
	void partOfAnotherModelIsRepeatedToo() {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"),
				BudgetScope.MODEL, List.of(), OnExceeded.FAIL, null));
		Reservation reservation = reserve(budgets);
		reservation.attemptStarted("grok-4.7");
		store.failNext(2);
		reservation.settle(Map.of("grok-4.3", CENT, "grok-4.7", 2 * CENT));
		assertThat(budgets.unsettledTicks()).isEqualTo(3 * CENT);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(budgets.status()).extracting(BudgetStatus::scopeValue, BudgetStatus::usedTicks)
			.containsExactly(tuple("grok-4.3", CENT), tuple("grok-4.7", 2 * CENT));
	}

	@Test
	void oneThatTheStoreNeverAcceptsHoldsUpNoOther() {
		DefaultBudgets budgets = budgets(this.memory, daily());
		SettlementOutbox outbox = new SettlementOutbox(timer());
		outbox.settle(new SettlementOutbox.Settlement("default", CENT, () -> {
			throw new IllegalArgumentException("lease of another store");
		}));
		UnreliableStore store = store(false, IllegalStateException::new);
		BudgetStore.Lease lease = store
			.reserve(List.of(new BudgetStore.Claim(Keys.daily("daily"), Long.MAX_VALUE, CENT)), Duration.ofHours(1))
			.lease();
		store.failNext(1);
		outbox.settle(new SettlementOutbox.Settlement("default", CENT, () -> store.settle(lease, CENT)));
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(status(budgets).usedTicks()).isEqualTo(CENT);
		assertThat(outbox.ticks()).isEqualTo(CENT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 5 })
	void closingNotesWhatIsLeft(int failures) {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		store.failNext(failures);
		reservation.settle(2 * CENT);
		budgets.close();
		assertThat(status(budgets).usedTicks()).isEqualTo(2 * CENT);
		assertThat(this.pauses).hasSize(failures - 1);
	}

	@Test
	void closingEndsThoughTheStoreNeverWorksAgainAndSaysWhatIsNotNoted(CapturedOutput output) {
		UnreliableStore store = store(false, IllegalStateException::new);
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		store.failNext(Integer.MAX_VALUE);
		reservation.settle(2 * CENT);
		budgets.close();
		assertThat(this.pauses).hasSize(5);
		assertThat(output).contains("$0.0200000000 are not noted");
	}

	@Test
	void moreThanCanBeKeptAreLostWithTheirSumInTheLog(CapturedOutput output) {
		SettlementOutbox outbox = new SettlementOutbox(timer());
		for (int i = 0; i <= SettlementOutbox.CAPACITY; i++) {
			outbox.settle(new SettlementOutbox.Settlement("default", 1, () -> {
				throw new IllegalStateException();
			}));
		}
		assertThat(outbox.ticks()).isEqualTo(SettlementOutbox.CAPACITY);
		assertThat(output).containsOnlyOnce("It is not tried again");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void errorOfTheStoreEndsTheStreamAndIsRepeated(boolean mayWait) {
		UnreliableStore store = store(mayWait, () -> new NoClassDefFoundError("driver"));
		DefaultBudgets budgets = budgets(store, daily());
		Reservation reservation = reserve(budgets);
		store.failNext(1);
		Mono.defer(() -> reservation.settle(2 * CENT)).subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(10));
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(status(budgets).usedTicks()).isEqualTo(2 * CENT);
	}

	@Test
	void errorOfASettlementEndsTheStreamThatWaitsForIt() {
		try (SettlementExecutor thread = new SettlementExecutor()) {
			Mono<Void> settled = thread.execute(() -> {
				throw new NoClassDefFoundError("driver");
			});
			settled.block(Duration.ofSeconds(10));
			assertThat(thread.execute(() -> {
			}).blockOptional(Duration.ofSeconds(10))).isEmpty();
		}
	}

	private UnreliableStore store(boolean mayWait, Supplier<? extends Throwable> failure) {
		return new UnreliableStore(this.memory, mayWait, false, failure);
	}

	private DefaultBudgets budgets(BudgetStore store, Budget budget) {
		return new DefaultBudgets(List.of(budget), store, BudgetSettings.DEFAULTS, this.events, this.clock,
				this.clock::nanoTime, timer());
	}

	private SettlementOutbox.Timer timer() {
		return new SettlementOutbox.Timer(this.time, this.pauses::add);
	}

	private static Budget daily() {
		return new Budget("daily", Budget.ticks(BigDecimal.ONE), BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.ALL,
				List.of(50), OnExceeded.FAIL, null);
	}

	private static BudgetStatus status(Budgets budgets) {
		return budgets.status().get(0);
	}

	private static Reservation reserve(Budgets budgets) {
		return budgets
			.reserve(new BudgetRequest("default", "grok-4.3", null, (model) -> new Estimate(model, 30 * CENT, 0)));
	}

}
