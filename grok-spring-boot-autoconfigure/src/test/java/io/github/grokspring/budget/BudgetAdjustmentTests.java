package io.github.grokspring.budget;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.budget.LedgerSettings.Fsync;
import io.github.grokspring.budget.LedgerSettings.OnFailure;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.BudgetStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Budgets#adjust}.
 */
class BudgetAdjustmentTests {

	private static final long CENT = 100_000_000;

	private static final Budget DAILY = budget("daily", BudgetWindow.DAY, BudgetScope.ALL);

	private static final Budget TEAM = budget("team", BudgetWindow.TOTAL, BudgetScope.TENANT);

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void amountIsAddedOrTakenOffInTheCurrentWindow(boolean file) throws IOException {
		try (BudgetStore store = open(file)) {
			Budgets budgets = budgets(store);
			reserve(budgets, "acme", 90 * CENT).settle(90 * CENT);
			assertThatExceptionOfType(BudgetExceededException.class)
				.isThrownBy(() -> reserve(budgets, "acme", 20 * CENT));
			assertThat(budgets.adjust("daily", null, new BigDecimal("-0.50")).used()).isEqualByComparingTo("0.40");
			assertThat(budgets.adjust("team", "acme", new BigDecimal("-0.75")).used()).isEqualByComparingTo("0.15");
			assertThat(budgets.adjust("daily", "all", new BigDecimal("0.1000000001")).usedTicks())
				.isEqualTo(50 * CENT + 1);
			assertThat(budgets.status()).noneMatch(BudgetStatus::exhausted);
			Reservation held = reserve(budgets, "acme", 20 * CENT);
			assertThat(budgets.adjust("daily", null, new BigDecimal("0.01")).reserved()).isEqualByComparingTo("0.20");
			held.settle(5 * CENT);
			assertThat(budgets.status()).extracting(BudgetStatus::usedTicks).containsExactly(56 * CENT + 1, 20 * CENT);
			this.clock.moveTo("2026-11-22T00:00:00Z");
			assertThat(budgets.adjust("daily", null, new BigDecimal("-1")).usedTicks()).isZero();
			assertThat(budgets.adjust("team", "acme", BigDecimal.ZERO).usedTicks()).isEqualTo(20 * CENT);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void amountUsedNeverFallsBelowZero(boolean file) throws IOException {
		try (BudgetStore store = open(file)) {
			Budgets budgets = budgets(store);
			reserve(budgets, "acme", CENT).settle(CENT);
			assertThat(budgets.adjust("team", "acme", new BigDecimal("-900000000")).usedTicks()).isZero();
			assertThat(budgets.adjust("team", "new", new BigDecimal("-1")).usedTicks()).isZero();
			assertThat(budgets.adjust("team", "new", new BigDecimal("900000000")).usedTicks())
				.isEqualTo(9_000_000_000_000_000_000L);
			assertThat(budgets.adjust("team", "new", new BigDecimal("900000000")).usedTicks())
				.isEqualTo(Long.MAX_VALUE);
		}
	}

	@Test
	void adjustmentOutlivesTheProcess() throws IOException {
		try (BudgetStore store = open(true)) {
			Budgets budgets = budgets(store);
			reserve(budgets, "acme", 50 * CENT).settle(50 * CENT);
			reserve(budgets, "umbrella", 10 * CENT).settle(10 * CENT);
			budgets.adjust("daily", null, new BigDecimal("-0.45"));
			budgets.adjust("team", "acme", new BigDecimal("0.20"));
			reserve(budgets, "acme", 5 * CENT).settle(3 * CENT);
		}
		for (int i = 0; i < 2; i++) {
			try (BudgetStore store = open(true)) {
				assertThat(budgets(store).status()).extracting(BudgetStatus::usedTicks)
					.containsExactly(18 * CENT, 73 * CENT, 10 * CENT);
			}
		}
	}

	@Test
	void adjustmentThatCannotBeWrittenIsNotMade() throws IOException {
		FullDiskFileSystem disk = new FullDiskFileSystem();
		VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
		try (BudgetStore store = FileBudgetStore.open(ledger(), this.clock, this.clock::nanoTime, scheduler, disk)) {
			Budgets budgets = budgets(store);
			reserve(budgets, "acme", 50 * CENT).settle(50 * CENT);
			disk.hasRoomFor(0);
			assertThatExceptionOfType(BudgetStoreException.class)
				.isThrownBy(() -> budgets.adjust("daily", null, new BigDecimal("-0.45")))
				.withMessageContaining("was not adjusted");
			assertThat(budgets.status()).extracting(BudgetStatus::usedTicks).containsExactly(50 * CENT, 50 * CENT);
			disk.hasRoomFor(Long.MAX_VALUE);
			scheduler.advanceTimeBy(Duration.ofSeconds(2));
			assertThat(budgets.adjust("daily", null, new BigDecimal("-0.45")).usedTicks()).isEqualTo(5 * CENT);
		}
		try (BudgetStore store = open(true)) {
			assertThat(budgets(store).status()).extracting(BudgetStatus::usedTicks)
				.containsExactly(5 * CENT, 50 * CENT);
		}
		scheduler.dispose();
	}

	@Test
	void whatCannotBeAdjustedIsExplained() throws IOException {
		try (BudgetStore store = open(false)) {
			Budgets budgets = budgets(store);
			assertThatIllegalArgumentException().isThrownBy(() -> budgets.adjust("dayly", null, BigDecimal.ONE))
				.withMessage("There is no budget 'dayly'. The budgets are [daily, team].");
			assertThatIllegalArgumentException().isThrownBy(() -> budgets.adjust("daily", "acme", BigDecimal.ONE))
				.withMessageContaining("is one for all calls");
			assertThatIllegalArgumentException().isThrownBy(() -> budgets.adjust("team", null, BigDecimal.ONE))
				.withMessageContaining("has a limit for each tenant");
			for (String amount : List.of("0.00000000001", "1000000000", "-1e99")) {
				assertThatIllegalArgumentException()
					.isThrownBy(() -> budgets.adjust("daily", null, new BigDecimal(amount)))
					.withMessageContaining("out of range");
			}
		}
	}

	private BudgetStore open(boolean file) throws IOException {
		return file ? BudgetStore.file(ledger(), this.clock) : BudgetStore.inMemory(this.clock, this.clock::nanoTime);
	}

	private LedgerSettings ledger() {
		return new LedgerSettings(this.directory.resolve("ledger"), Fsync.INTERVAL, OnFailure.REFUSE);
	}

	private Budgets budgets(BudgetStore store) {
		return Budgets.of(List.of(DAILY, TEAM), store, BudgetSettings.DEFAULTS, (event) -> {
		}, this.clock, this.clock::nanoTime);
	}

	private static Reservation reserve(Budgets budgets, String tenant, long ticks) {
		return budgets
			.reserve(new BudgetRequest("default", "grok-4.3", tenant, (model) -> new Estimate(model, ticks, 0)));
	}

	private static Budget budget(String name, BudgetWindow window, BudgetScope scope) {
		return new Budget(name, 100 * CENT, window, ZoneId.of("UTC"), scope, List.of(), OnExceeded.FAIL, null);
	}

}
