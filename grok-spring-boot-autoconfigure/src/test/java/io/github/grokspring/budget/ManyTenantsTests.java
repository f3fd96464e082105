package io.github.grokspring.budget;

import java.lang.reflect.Proxy;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.event.BudgetExceeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Budgets by tenant when there are very many tenants.
 */
@ExtendWith(OutputCaptureExtension.class)
class ManyTenantsTests {

	private static final int TENANTS = 20_000;

	private static final long CENT = 100_000_000;

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	private final RecordedEvents events = new RecordedEvents();

	private final MemoryBudgetStore store = new MemoryBudgetStore(this.clock, this.clock::nanoTime);

	@ParameterizedTest
	@EnumSource(names = { "DAY", "TOTAL" })
	void everyExhaustedTenantIsRefusedAndReportedOnce(BudgetWindow window) {
		Budgets budgets = budgets(window);
		for (int i = 0; i < TENANTS; i++) {
			reserve(budgets, "tenant-" + i, CENT).settle(100 * CENT);
		}
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < TENANTS; i++) {
				refuse(budgets, "tenant-" + i, CENT);
			}
		}
		assertThat(this.events.of(BudgetExceeded.class)).hasSize(TENANTS);
		assertThat(budgets.status()).hasSize(TENANTS).allMatch(BudgetStatus::exhausted);
	}

	@ParameterizedTest
	@EnumSource(names = { "DAY", "TOTAL" })
	void nothingIsKeptForARefusedTenantThatHasNeverSpent(BudgetWindow window) {
		Budgets budgets = budgets(window);
		for (int i = 0; i < TENANTS; i++) {
			refuse(budgets, "stranger-" + i, 101 * CENT);
		}
		assertThat(this.store.size()).isZero();
		assertThat(this.events.of(BudgetExceeded.class)).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "DAY", "TOTAL" })
	void refusalDoesTheSameWorkHoweverManyTenantsAreExhausted(BudgetWindow window) {
		List<String> work = new ArrayList<>();
		BudgetStore counted = (BudgetStore) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { BudgetStore.class }, (proxy, method, arguments) -> {
					int keys = (arguments != null && arguments[0] instanceof Collection<?> all) ? all.size() : -1;
					work.add(method.getName() + " " + keys);
					Object result = method.invoke(this.store, arguments);
					if (result instanceof Collection<?> results) {
						work.add("results " + results.size());
					}
					return result;
				});
		Budgets budgets = budgets(window, counted);
		reserve(budgets, "tenant-0", CENT).settle(100 * CENT);
		refuse(budgets, "tenant-0", CENT);
		work.clear();
		refuse(budgets, "tenant-0", CENT);
		List<String> workForOne = List.copyOf(work);
		for (int i = 1; i < TENANTS; i++) {
			reserve(budgets, "tenant-" + i, CENT).settle(100 * CENT);
			refuse(budgets, "tenant-" + i, CENT);
		}
		for (int i : new int[] { 0, TENANTS / 2, TENANTS - 1 }) {
			work.clear();
			refuse(budgets, "tenant-" + i, CENT);
			assertThat(work).isEqualTo(workForOne);
		}
		assertThat(this.store.size()).isEqualTo(TENANTS);
	}

	@Test
	void nothingIsKeptForATenantWhoseCallsCostNothing() {
		Budgets budgets = budgets(BudgetWindow.TOTAL);
		for (int i = 0; i < TENANTS; i++) {
			reserve(budgets, "stranger-" + i, CENT).settle(0);
		}
		assertThat(this.store.size()).isZero();
	}

	@Test
	void tenantThatWasForgottenPaysForACallThatEndsLater() {
		Budgets budgets = budgets(BudgetWindow.TOTAL);
		Reservation late = reserve(budgets, "late", CENT);
		this.clock.moveBy(BudgetSettings.DEFAULTS.lease().plusMinutes(1));
		reserve(budgets, "late", CENT).settle(0);
		late.settle(3 * CENT);
		assertThat(budgets.status()).singleElement()
			.satisfies((status) -> assertThat(status.usedTicks()).isEqualTo(3 * CENT));
	}

	@Test
	void tenantWithACallInProgressIsKept() {
		Budgets budgets = budgets(BudgetWindow.TOTAL);
		Reservation first = reserve(budgets, "one", CENT);
		reserve(budgets, "one", CENT).settle(0);
		refuse(budgets, "one", 100 * CENT);
		first.settle(2 * CENT);
		assertThat(budgets.status()).singleElement()
			.satisfies((status) -> assertThat(status.usedTicks()).isEqualTo(2 * CENT));
	}

	private Budgets budgets(BudgetWindow window) {
		return budgets(window, this.store);
	}

	private Budgets budgets(BudgetWindow window, BudgetStore store) {
		return Budgets.of(
				List.of(new Budget("each", 100 * CENT, window, ZoneId.of("UTC"), BudgetScope.TENANT, List.of(),
						OnExceeded.FAIL, null)),
				store, BudgetSettings.DEFAULTS, this.events, this.clock, this.clock::nanoTime);
	}

	private static Reservation reserve(Budgets budgets, String tenant, long ticks) {
		return budgets
			.reserve(new BudgetRequest("default", "grok-4.3", tenant, (model) -> new Estimate("grok-4.3", ticks, 0)));
	}

	private static void refuse(Budgets budgets, String tenant, long ticks) {
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, tenant, ticks));
	}

}
