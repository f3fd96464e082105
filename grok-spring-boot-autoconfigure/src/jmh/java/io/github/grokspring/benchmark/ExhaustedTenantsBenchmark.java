package io.github.grokspring.benchmark;

import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetRequest;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.budget.OnExceeded;
import io.github.grokspring.error.BudgetExceededException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One operation is the refusal of a call of a tenant who has nothing left, one after the
 * other of as many as there are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExhaustedTenantsBenchmark {

	private static final long LIMIT = 1000;

	private final Budgets budgets = Budgets.of(
			List.of(new Budget("each", LIMIT, BudgetWindow.TOTAL, ZoneId.of("UTC"), BudgetScope.TENANT, List.of(),
					OnExceeded.FAIL, null)),
			BudgetStore.inMemory(Clock.systemUTC()), BudgetSettings.DEFAULTS, (event) -> {
			}, Clock.systemUTC());

	@Param({ "20", "20000" })
	private int tenants;

	private int next;

	@Setup
	public void exhaust() {
		for (int i = 0; i < this.tenants; i++) {
			this.budgets.reserve(request(i)).settle(LIMIT);
			refuse(i);
		}
	}

	@Benchmark
	public Object refuseNext() {
		this.next = (this.next + 1) % this.tenants;
		return refuse(this.next);
	}

	private Object refuse(int tenant) {
		try {
			return this.budgets.reserve(request(tenant));
		}
		catch (BudgetExceededException ex) {
			return ex;
		}
	}

	private static BudgetRequest request(int tenant) {
		return new BudgetRequest("default", "grok-4.3", "tenant-" + tenant, (model) -> new Estimate("grok-4.3", 10, 0));
	}

}
