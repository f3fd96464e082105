package io.github.grokspring.budget;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.budget.BudgetStore.Claim;
import io.github.grokspring.budget.BudgetStore.Lease;
import io.github.grokspring.budget.BudgetStore.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No budget is ever passed, and nothing is lost, however many calls there are at once.
 */
class BudgetsUnderLoadTests {

	private static final int THREADS = 16;

	private static final int RESERVATIONS = 10_000;

	private static final BudgetKey HOUR = Keys.daily("hour");

	private static final BudgetKey DAY = Keys.daily("day");

	private static final BudgetKey TEAM = Keys.always("team", "blue");

	/** Each belongs to two of the three budgets, or to all. */
	private static final List<List<Claim>> CLAIMS = List.of(List.of(claim(HOUR), claim(DAY)),
			List.of(claim(DAY), claim(TEAM)), List.of(claim(TEAM), claim(HOUR)),
			List.of(claim(HOUR), claim(DAY), claim(TEAM)));

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void tenThousandReservationsNeverPassALimitAndLeaveNothingBehind(long seed) throws Exception {
		neverPassesALimit(BudgetStore.inMemory(this.clock), seed);
	}

	@Test
	void norDoTheyWithALedger() throws Exception {
		Path file = this.directory.resolve("ledger");
		BudgetStore store = open(file);
		List<Usage> usage = neverPassesALimit(store, 6);
		store.close();
		try (BudgetStore again = open(file)) {
			assertThat(again.usage(List.of(HOUR, DAY, TEAM))).isEqualTo(usage);
		}
	}

	private BudgetStore open(Path file) throws IOException {
		return BudgetStore
			.file(new LedgerSettings(file, LedgerSettings.Fsync.INTERVAL, LedgerSettings.OnFailure.REFUSE), this.clock);
	}

	private List<Usage> neverPassesALimit(BudgetStore store, long seed) throws Exception {
		AtomicLong[] settled = { new AtomicLong(), new AtomicLong(), new AtomicLong() };
		AtomicLong refused = new AtomicLong();
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
		try {
			CyclicBarrier start = new CyclicBarrier(THREADS + 1);
			Future<Long> watcher = threads.submit(() -> {
				start.await();
				long looks = 0;
				while (!done.get()) {
					for (Usage usage : store.usage(List.of(HOUR, DAY, TEAM))) {
						assertThat(usage.used() + usage.reserved()).isLessThanOrEqualTo(limit(usage.key()));
						assertThat(usage.reserved()).isNotNegative();
					}
					looks++;
				}
				return looks;
			});
			List<Future<?>> workers = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				SplittableRandom random = new SplittableRandom(seed * THREADS + i);
				workers.add(threads.submit(() -> {
					start.await();
					for (int j = 0; j < RESERVATIONS / THREADS; j++) {
						spend(store, random, settled, refused);
					}
					return null;
				}));
			}
			for (Future<?> worker : workers) {
				worker.get(1, TimeUnit.MINUTES);
			}
			done.set(true);
			assertThat(watcher.get(1, TimeUnit.MINUTES)).isPositive();
		}
		finally {
			done.set(true);
			threads.shutdownNow();
		}
		assertThat(refused.get()).as("limits were reached").isPositive();
		List<Usage> usage = store.usage(List.of(HOUR, DAY, TEAM));
		assertThat(usage).containsExactly(new Usage(HOUR, settled[0].get(), 0), new Usage(DAY, settled[1].get(), 0),
				new Usage(TEAM, settled[2].get(), 0));
		return usage;
	}

	private void spend(BudgetStore store, SplittableRandom random, AtomicLong[] settled, AtomicLong refused) {
		List<Claim> claims = CLAIMS.get(random.nextInt(CLAIMS.size()));
		long ticks = random.nextLong(1, 1_000_000);
		Lease lease = store.reserve(Keys.asking(ticks, claims), Duration.ofHours(1)).lease();
		if (lease == null) {
			refused.incrementAndGet();
			return;
		}
		if (random.nextInt(4) == 0) {
			store.release(lease);
			return;
		}
		long spent = random.nextLong(1, ticks + 1);
		for (BudgetKey key : lease.keys()) {
			settled[key.equals(HOUR) ? 0 : key.equals(DAY) ? 1 : 2].addAndGet(spent);
		}
		store.settle(lease, spent);
		if (random.nextInt(8) == 0) {
			store.settle(lease, spent);
		}
	}

	private static Claim claim(BudgetKey key) {
		return new Claim(key, limit(key), 0);
	}

	private static long limit(BudgetKey key) {
		return switch (key.budget()) {
			case "hour" -> 400_000_000L;
			case "day" -> 900_000_000L;
			default -> 1_000_000_000L;
		};
	}

}
