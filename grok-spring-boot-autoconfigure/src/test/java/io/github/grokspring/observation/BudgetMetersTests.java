package io.github.grokspring.observation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetRequest;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.budget.OnExceeded;
import io.github.grokspring.budget.Reservation;
import io.github.grokspring.event.GrokEventListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link BudgetMeters}.
 */
class BudgetMetersTests {

	private static final long CENT = 100_000_000;

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private Instant now = Instant.parse("2026-11-21T12:00:00Z");

	private final InstantSource clock = () -> this.now;

	@Test
	void publishesStatusOfBudget() {
		Budgets budgets = budgets(Budget.of("daily", new BigDecimal("2.50"), BudgetWindow.DAY));
		new BudgetMeters(this.registry, budgets, this.clock);
		reserve(budgets, "default").settle(75 * CENT);
		reserve(budgets, "default");
		assertThat(value("limit", "daily", "all")).isEqualTo(2.5);
		assertThat(value("used", "daily", "all")).isEqualTo(0.75);
		assertThat(value("reserved", "daily", "all")).isEqualTo(0.01);
		assertThat(value("remaining", "daily", "all")).isEqualTo(1.74);
		assertThat(this.registry.get("grok.budget.unsettled").gauge().value()).isZero();
		assertThat(this.registry.getMeters()).hasSize(5).allMatch((meter) -> "usd".equals(meter.getId().getBaseUnit()));
	}

	@Test
	void cachesSnapshotForOneSecond() {
		Budgets budgets = budgets(Budget.of("daily", BigDecimal.ONE, BudgetWindow.DAY));
		new BudgetMeters(this.registry, budgets, this.clock);
		assertThat(value("used", "daily", "all")).isZero();
		reserve(budgets, "default").settle(CENT);
		assertThat(value("used", "daily", "all")).isZero();
		this.now = this.now.plusSeconds(1);
		assertThat(value("used", "daily", "all")).isEqualTo(0.01);
	}

	@Test
	void refreshesSnapshotIfClockIsSetBack() {
		Budgets budgets = budgets(Budget.of("daily", BigDecimal.ONE, BudgetWindow.DAY));
		new BudgetMeters(this.registry, budgets, this.clock);
		assertThat(value("used", "daily", "all")).isZero();
		reserve(budgets, "default").settle(CENT);
		this.now = this.now.minusSeconds(3600);
		assertThat(value("used", "daily", "all")).isEqualTo(0.01);
	}

	@Test
	void newWindowStartsAtZero() {
		Budgets budgets = budgets(Budget.of("daily", BigDecimal.ONE, BudgetWindow.DAY));
		new BudgetMeters(this.registry, budgets, this.clock);
		reserve(budgets, "default").settle(CENT);
		assertThat(value("used", "daily", "all")).isEqualTo(0.01);
		this.now = this.now.plus(Duration.ofDays(1));
		assertThat(value("used", "daily", "all")).isZero();
	}

	@Test
	void registersGaugesOfClientOnceItHasSpent() {
		Budgets budgets = budgets(each());
		new BudgetMeters(this.registry, budgets, this.clock);
		reserve(budgets, "sales").settle(CENT);
		read("each");
		assertThat(value("used", "each", "sales")).isEqualTo(0.01);
		assertThat(value("limit", "each", "sales")).isEqualTo(1);
		assertThat(value("used", "each", "other")).isZero();
	}

	@Test
	void sumsUpClientsAboveLimit() {
		Budgets budgets = budgets(each());
		new BudgetMeters(this.registry, budgets, this.clock);
		for (int i = 0; i < 150; i++) {
			reserve(budgets, "client-" + i).settle(CENT);
		}
		read("each");
		assertThat(this.registry.find("grok.budget.used").gauges()).hasSize(101);
		assertThat(value("used", "each", "other")).isEqualTo(0.5);
		assertThat(value("limit", "each", "other")).isEqualTo(50);
		assertThat(value("remaining", "each", "other")).isEqualTo(49.5);
	}

	@Test
	void publishesTenantNearestToItsLimitWithoutName() {
		Budget customers = new Budget("customers", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.TENANT,
				List.of(), OnExceeded.FAIL, null);
		Budgets budgets = budgets(customers);
		new BudgetMeters(this.registry, budgets, this.clock);
		reserveFor(budgets, "alice@example.com").settle(20 * CENT);
		reserveFor(budgets, "bob@example.com").settle(80 * CENT);
		reserveFor(budgets, "carol@example.com").settle(5 * CENT);
		assertThat(value("used", "customers", "tenant")).isNotNegative();
		assertThat(this.registry.find("grok.budget.used").gauges()).hasSize(1);
		assertThat(value("used", "customers", "tenant")).isEqualTo(0.8);
		assertThat(value("limit", "customers", "tenant")).isEqualTo(1);
		assertThat(value("remaining", "customers", "tenant")).isEqualTo(0.2, within(1e-9));
		assertThat(this.registry.getMeters().toString()).doesNotContain("example.com");
	}

	private static Budget each() {
		return new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.CLIENT, List.of(),
				OnExceeded.FAIL, null);
	}

	private Budgets budgets(Budget... budgets) {
		return Budgets.of(List.of(budgets), BudgetStore.inMemory(this.clock), BudgetSettings.DEFAULTS,
				GrokEventListener.none(), this.clock);
	}

	private static Reservation reserve(Budgets budgets, String client) {
		return budgets.reserve(new BudgetRequest(client, "grok-4.3", null, (model) -> new Estimate(model, CENT, 0)));
	}

	private static Reservation reserveFor(Budgets budgets, String tenant) {
		return budgets
			.reserve(new BudgetRequest("default", "grok-4.3", tenant, (model) -> new Estimate(model, CENT, 0)));
	}

	private void read(String budget) {
		assertThat(value("used", budget, "other")).isNotNegative();
	}

	private double value(String what, String budget, String scope) {
		Gauge gauge = this.registry.get("grok.budget." + what).tag("budget", budget).tag("scope", scope).gauge();
		return gauge.value();
	}

}
