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
 * Shows in a {@link MeterRegistry} how budgets stand. A budget of all calls has the scope
 * {@code all}. The first clients or models of a budget have gauges of their own, from the
 * second reading on that finds them; the rest is summed up as {@code other}. Tenants are
 * people or customers and are never named: {@code tenant} shows the one that is nearest
 * to its limit. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class BudgetMeters {

	private static final int MOST_SCOPES = 100;

	private static final String ALL = "all";

	private static final String OTHER = "other";

	private static final String TENANT = "tenant";

	/** All gauges of one reading shall show the same moment. */
	private static final Duration FRESH = Duration.ofSeconds(1);

	private final MeterRegistry registry;

	private final Budgets budgets;

	private final InstantSource clock;

	private final Map<String, TagValueLimiter> scopes = new HashMap<>();

	private final Set<Row> rows = ConcurrentHashMap.newKeySet();

	private volatile Reading reading = new Reading(Instant.MIN, Map.of());

	/**
	 * Show budgets in a registry.
	 * @param registry the registry
	 * @param budgets the budgets
	 * @param clock tells when a reading is out of date
	 */
	public BudgetMeters(MeterRegistry registry, Budgets budgets, InstantSource clock) {
		this.registry = registry;
		this.budgets = budgets;
		this.clock = clock;
		for (Budget budget : budgets.budgets()) {
			this.scopes.put(budget.name(), new TagValueLimiter(MOST_SCOPES));
			register(new Row(budget.name(), firstScope(budget.scope())), budget.limit());
		}
		if (!budgets.budgets().isEmpty()) {
			GrokMeter unsettled = GrokMeter.BUDGET_UNSETTLED;
			Gauge.builder(unsettled.id(), budgets, (source) -> Ticks.toApproximateUsd(source.unsettledTicks()))
				.description(unsettled.description())
				.baseUnit(unsettled.baseUnit())
				.register(registry);
		}
	}

	private static String firstScope(BudgetScope scope) {
		return switch (scope) {
			case ALL -> ALL;
			case TENANT -> TENANT;
			default -> OTHER;
		};
	}

	private void register(Row row, long limit) {
		if (this.rows.add(row)) {
			gauge(GrokMeter.BUDGET_LIMIT, row, (amounts) -> amounts.limitOr(limit));
			gauge(GrokMeter.BUDGET_USED, row, Amounts::used);
			gauge(GrokMeter.BUDGET_RESERVED, row, Amounts::reserved);
			gauge(GrokMeter.BUDGET_REMAINING, row,
					(amounts) -> Math.max(0, amounts.limitOr(limit) - amounts.used() - amounts.reserved()));
		}
	}

	private void gauge(GrokMeter meter, Row row, ToLongFunction<Amounts> amount) {
		Gauge.builder(meter.id(), this, (meters) -> Ticks.toApproximateUsd(amount.applyAsLong(meters.amounts(row))))
			.description(meter.description())
			.baseUnit(meter.baseUnit())
			.tags(meter.tagged(row.budget(), row.scope()))
			.register(this.registry);
	}

	private Amounts amounts(Row row) {
		return read().amounts().getOrDefault(row, Amounts.NONE);
	}

	private Reading read() {
		Instant now = this.clock.instant();
		Reading last = this.reading;
		// A clock that was set back must not keep an old reading alive.
		if (!now.isBefore(last.at()) && Duration.between(last.at(), now).compareTo(FRESH) < 0) {
			return last;
		}
		Map<Row, Amounts> amounts = new HashMap<>();
		for (BudgetStatus status : this.budgets.status()) {
			TagValueLimiter names = this.scopes.get(status.budget());
			if (names != null) {
				String first = firstScope(status.scope());
				Row row = new Row(status.budget(), OTHER.equals(first) ? names.of(status.scopeValue()) : first);
				amounts.merge(row, new Amounts(status.limitTicks(), status.usedTicks(), status.reservedTicks()),
						TENANT.equals(first) ? Amounts::fuller : Amounts::plus);
				register(row, status.limitTicks());
			}
		}
		Reading fresh = new Reading(now, amounts);
		this.reading = fresh;
		return fresh;
	}

	/**
	 * How all budgets stood.
	 *
	 * @param at when
	 * @param amounts how they stood
	 */
	private record Reading(Instant at, Map<Row, Amounts> amounts) {

	}

	/**
	 * What has gauges of its own.
	 *
	 * @param budget the budget
	 * @param scope what has the limit
	 */
	private record Row(String budget, String scope) {

	}

	/**
	 * What the gauges of one row show.
	 *
	 * @param limit what may be spent, in ticks, by all that the row sums up
	 * @param used what was spent, in ticks
	 * @param reserved what is reserved, in ticks
	 */
	private record Amounts(long limit, long used, long reserved) {

		static final Amounts NONE = new Amounts(0, 0, 0);

		long limitOr(long limit) {
			return (this.limit > 0) ? this.limit : limit;
		}

		Amounts fuller(Amounts other) {
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
