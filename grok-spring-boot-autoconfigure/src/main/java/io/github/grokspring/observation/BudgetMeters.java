package io.github.grokspring.observation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.Ticks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Publishes gauges of budgets to a {@link MeterRegistry}. The tag {@code scope} is
 * {@code all} for budgets of all calls. The first 100 clients or models of a budget have
 * their own gauges, registered when they are first read; the others are summed up as
 * {@code other}. Tenants may be people and are never named: {@code tenant} is the tenant
 * that is nearest to its limit. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BudgetMeters {

	private static final int MAX_SCOPES = 100;

	private static final String ALL = "all";

	private static final String OTHER = "other";

	private static final String TENANT = "tenant";

	/** Gauges that are read together share one snapshot. */
	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private final MeterRegistry registry;

	private final Budgets budgets;

	private final InstantSource clock;

	private final Map<String, TagValueLimiter> scopes = new HashMap<>();

	private final Set<MeterScope> registered = ConcurrentHashMap.newKeySet();

	private volatile Snapshot snapshot = new Snapshot(Instant.MIN, Map.of());

	/**
	 * Creates the gauges.
	 * @param registry the registry
	 * @param budgets the budgets
	 * @param clock the clock that determines the age of a snapshot
	 */
	public BudgetMeters(MeterRegistry registry, Budgets budgets, InstantSource clock) {
		this.registry = registry;
		this.budgets = budgets;
		this.clock = clock;
		for (Budget budget : budgets.budgets()) {
			this.scopes.put(budget.name(), new TagValueLimiter(MAX_SCOPES));
			register(new MeterScope(budget.name(), initialScope(budget.scope())), budget.limit());
		}
		if (!budgets.budgets().isEmpty()) {
			GrokMeter unsettled = GrokMeter.BUDGET_UNSETTLED;
			Gauge.builder(unsettled.id(), budgets, (source) -> Ticks.toApproximateUsd(source.unsettledTicks()))
				.description(unsettled.description())
				.baseUnit(unsettled.baseUnit())
				.register(registry);
		}
	}

	private static String initialScope(BudgetScope scope) {
		return switch (scope) {
			case ALL -> ALL;
			case TENANT -> TENANT;
			default -> OTHER;
		};
	}

	private void register(MeterScope scope, long limit) {
		if (this.registered.add(scope)) {
			registerGauge(GrokMeter.BUDGET_LIMIT, scope, (amounts) -> amounts.limitOr(limit));
			registerGauge(GrokMeter.BUDGET_USED, scope, Amounts::used);
			registerGauge(GrokMeter.BUDGET_RESERVED, scope, Amounts::reserved);
			registerGauge(GrokMeter.BUDGET_REMAINING, scope,
					(amounts) -> Math.max(0, amounts.limitOr(limit) - amounts.used() - amounts.reserved()));
		}
	}

	private void registerGauge(GrokMeter meter, MeterScope scope, ToLongFunction<Amounts> amount) {
		Gauge.builder(meter.id(), this, (meters) -> Ticks.toApproximateUsd(amount.applyAsLong(meters.amounts(scope))))
			.description(meter.description())
			.baseUnit(meter.baseUnit())
			.tags(meter.withValues(scope.budget(), scope.scope()))
			.register(this.registry);
	}

	private Amounts amounts(MeterScope scope) {
		return snapshot().amounts().getOrDefault(scope, Amounts.NONE);
	}

	private Snapshot snapshot() {
		Instant now = this.clock.instant();
		Snapshot last = this.snapshot;
		// Also refreshes if the clock was set back
		if (!now.isBefore(last.at()) && Duration.between(last.at(), now).compareTo(MAX_AGE) < 0) {
			return last;
		}
		Map<MeterScope, Amounts> amounts = new HashMap<>();
		for (BudgetStatus status : this.budgets.status()) {
			TagValueLimiter names = this.scopes.get(status.budget());
			if (names != null) {
				String first = initialScope(status.scope());
				MeterScope scope = new MeterScope(status.budget(),
						OTHER.equals(first) ? names.limit(status.scopeValue()) : first);
				amounts.merge(scope, new Amounts(status.limitTicks(), status.usedTicks(), status.reservedTicks()),
						TENANT.equals(first) ? Amounts::max : Amounts::plus);
				register(scope, status.limitTicks());
			}
		}
		Snapshot fresh = new Snapshot(now, amounts);
		this.snapshot = fresh;
		return fresh;
	}

	private record Snapshot(Instant at, Map<MeterScope, Amounts> amounts) {

	}

	private record MeterScope(String budget, String scope) {

	}

	/**
	 * Amounts of a scope in ticks.
	 */
	private record Amounts(long limit, long used, long reserved) {

		static final Amounts NONE = new Amounts(0, 0, 0);

		long limitOr(long limit) {
			return (this.limit > 0) ? this.limit : limit;
		}

		Amounts max(Amounts other) {
			return (other.share() > share()) ? other : this;
		}

		private double share() {
			return ((double) this.used + this.reserved) / Math.max(1, this.limit);
		}

		Amounts plus(Amounts more) {
			return new Amounts(this.limit + more.limit, this.used + more.used, this.reserved + more.reserved);
		}

	}

}
