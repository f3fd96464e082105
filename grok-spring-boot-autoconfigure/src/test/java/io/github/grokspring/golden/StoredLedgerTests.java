package io.github.grokspring.golden;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetRequest;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator;
import io.github.grokspring.budget.LedgerSettings;
import io.github.grokspring.budget.OnExceeded;
import io.github.grokspring.budget.Reservation;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A ledger that an earlier version wrote counts the same in this one.
 * {@code -Dgolden.write=true} regenerates the expected usage, and the ledger itself where
 * it is missing.
 */
class StoredLedgerTests {

	private static final Instant WRITTEN = Instant.parse("2026-11-21T15:20:00Z");

	private static final long CENT = 100_000_000;

	private static final List<Budget> BUDGETS = List.of(budget("all-time", BudgetWindow.TOTAL, "UTC", BudgetScope.ALL),
			budget("hourly", BudgetWindow.HOUR, "Asia/Kolkata", BudgetScope.CLIENT),
			budget("daily", BudgetWindow.DAY, "America/New_York", BudgetScope.MODEL),
			budget("monthly", BudgetWindow.MONTH, "UTC", BudgetScope.TENANT),
			budget("Gr\u00f6\u00dfe / Team 1", BudgetWindow.MONTH, "Europe/Berlin", BudgetScope.TENANT));

	@TempDir
	Path folder;

	@Test
	void usageIsThatOfTheGoldenFileWhileWindowsLastAndAfterwards() throws Exception {
		StringBuilder usage = new StringBuilder();
		for (Duration later : List.of(Duration.ZERO, Duration.ofMinutes(20), Duration.ofHours(14),
				Duration.ofDays(11))) {
			Instant now = WRITTEN.plus(later);
			usage.append(now).append('\n');
			try (BudgetStore store = open(ledger(), () -> now)) {
				BUDGETS.forEach((budget) -> usage.append(usage(store, budget)));
			}
		}
		Golden.verify("ledger-usage.txt", usage.toString());
	}

	@Test
	void usageIsTheSameWhenTheLedgerIsReadAgain() throws Exception {
		Path ledger = ledger();
		Budget monthly = BUDGETS.get(3);
		String first;
		try (BudgetStore store = open(ledger, InstantSource.fixed(WRITTEN))) {
			first = usage(store, monthly);
		}
		try (BudgetStore store = open(ledger, InstantSource.fixed(WRITTEN))) {
			assertThat(usage(store, monthly)).isEqualTo(first).isNotEmpty();
		}
	}

	@Test
	void statusOfBudgetsIsThatOfTheGoldenFile() throws Exception {
		InstantSource clock = InstantSource.fixed(WRITTEN);
		try (BudgetStore store = open(ledger(), clock); Budgets budgets = budgets(store, clock)) {
			Golden.verify("ledger-status.txt",
					budgets.status().stream().map(StoredLedgerTests::line).sorted().collect(Collectors.joining()));
		}
	}

	@Test
	void applicationCountsFromTheLedger() throws Exception {
		Path ledger = ledger();
		Applications.starter()
			.withPropertyValues("grok.api-key=" + XaiServer.API_KEY, "grok.budgets.all-time.limit=10",
					"grok.budgets.all-time.window=total", "grok.budget.store=file", "grok.budget.file=" + ledger)
			.run((context) -> assertThat(context.getBean(Budgets.class).status()).singleElement()
				.extracting(BudgetStatus::usedTicks)
				.isEqualTo(usedOfAllTime()));
	}

	private long usedOfAllTime() throws Exception {
		try (BudgetStore store = open(ledger(), InstantSource.fixed(WRITTEN))) {
			return store.usage("all-time").get(0).used();
		}
	}

	private Path ledger() throws Exception {
		Path stored = Golden.stored("ledger", this::write);
		return Files.copy(stored, Files.createTempDirectory(this.folder, "copy").resolve("ledger"));
	}

	/**
	 * Calls that were settled, corrections, calls that were settled after them, and calls
	 * that were in progress when the process ended.
	 */
	private String write() throws IOException {
		AtomicReference<Instant> now = new AtomicReference<>(WRITTEN.minus(Duration.ofDays(2)));
		Path file = this.folder.resolve("new-ledger");
		try (BudgetStore store = open(file, now::get); Budgets budgets = budgets(store, now::get)) {
			spend(budgets, "default", "grok-4.3", "blue", 12 * CENT);
			spend(budgets, "deep", "grok-4.7", "Gr\u00fcn & Co / 1%", 34 * CENT + 1);
			now.set(WRITTEN.minus(Duration.ofMinutes(30)));
			spend(budgets, "default", "grok-4.3", "blue", 5 * CENT);
			budgets.adjust("all-time", null, new BigDecimal("-0.02"));
			budgets.adjust("monthly", "blue", new BigDecimal("1.25"));
			now.set(WRITTEN.minus(Duration.ofMinutes(5)));
			spend(budgets, "default", "grok-4.3", "blue", 7 * CENT);
			spend(budgets, "deep", "grok-4.7", null, 9 * CENT);
			reserve(budgets, "default", "grok-4.3", "blue").settle(Map.of()).block();
			Reservation fallback = reserve(budgets, "default", "grok-4.3", "blue");
			fallback.attemptStarted("grok-4.7");
			fallback.settle(Map.of("grok-4.3", CENT, "grok-4.7", 2 * CENT)).block();
			now.set(WRITTEN);
			reserve(budgets, "default", "grok-4.3", "blue");
			reserve(budgets, "deep", "grok-4.7", "ann@example.com").attemptStarted("grok-4.7");
			return Golden.read(file);
		}
	}

	private static void spend(Budgets budgets, String client, String model, String tenant, long ticks) {
		reserve(budgets, client, model, tenant).settle(ticks).block();
	}

	private static Reservation reserve(Budgets budgets, String client, String model, String tenant) {
		return budgets.reserve(new BudgetRequest(client, model, tenant,
				(name) -> new CostEstimator.Estimate(name, (name.equals("grok-4.3") ? 20 : 50) * CENT, 0)));
	}

	private static BudgetStore open(Path file, InstantSource clock) throws IOException {
		return BudgetStore
			.file(new LedgerSettings(file, LedgerSettings.Fsync.INTERVAL, LedgerSettings.OnFailure.REFUSE), clock);
	}

	private static Budgets budgets(BudgetStore store, InstantSource clock) {
		return Budgets.of(BUDGETS, store, BudgetSettings.DEFAULTS, (event) -> {
		}, clock);
	}

	private static Budget budget(String name, BudgetWindow window, String zone, BudgetScope scope) {
		return new Budget(name, 1000 * CENT, window, ZoneId.of(zone), scope, List.of(80), OnExceeded.FAIL, null);
	}

	private static String usage(BudgetStore store, Budget budget) {
		return store.usage(budget.name())
			.stream()
			.map((usage) -> "  %s | %s | %s | %s | %s | used %d | reserved %d\n".formatted(usage.key().budget(),
					usage.key().scope(), usage.key().period().window(), usage.key().period().start(),
					usage.key().period().end(), usage.used(), usage.reserved()))
			.sorted()
			.collect(Collectors.joining());
	}

	private static String line(BudgetStatus status) {
		return "%s | %s | %s | limit %s | used %s | reserved %s | %s | %s | %s\n".formatted(status.budget(),
				status.scope(), status.scopeValue(), status.limit(), status.used(), status.reserved(),
				status.windowStart(), status.resetsAt(), status.exhausted() ? "exhausted" : "open");
	}

}
