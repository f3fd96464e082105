package io.github.grokspring.benchmark;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.budget.BudgetKey;
import io.github.grokspring.budget.BudgetPeriod;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetStore.Claim;
import io.github.grokspring.budget.BudgetWindow;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The store in memory: one operation is a reservation in two budgets and its settlement.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BudgetStoreBenchmark {

	private final BudgetStore store = BudgetStore.inMemory(Clock.systemUTC());

	private final Duration lease = Duration.ofHours(1);

	private final List<Claim> claims = List.of(claim("hourly", BudgetWindow.HOUR),
			claim("monthly", BudgetWindow.MONTH));

	@Benchmark
	@Threads(1)
	public Object oneThread() {
		return reserveAndSettle();
	}

	@Benchmark
	@Threads(2)
	public Object twoThreads() {
		return reserveAndSettle();
	}

	private Object reserveAndSettle() {
		BudgetStore.Lease lease = this.store.reserve(this.claims, this.lease).lease();
		return this.store.settle(Objects.requireNonNull(lease), 10);
	}

	private static Claim claim(String budget, BudgetWindow window) {
		Instant start = Instant.now();
		BudgetPeriod period = new BudgetPeriod(window, start, start.atZone(ZoneId.of("UTC")).plusDays(1).toInstant());
		return new Claim(new BudgetKey(budget, "all", period, BudgetScope.ALL), Long.MAX_VALUE - 1, 1000);
	}

}
