package io.github.grokspring.budget;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Budget with its current window.
 */
final class WindowedBudget {

	static final String ALL = "all";

	static final String UNKNOWN = "unknown";

	/**
	 * Time after which a new window is confirmed and the previous one is discarded.
	 */
	private static final long CONFIRMED_AFTER = TimeUnit.MINUTES.toNanos(1);

	private final Budget budget;

	private final LongSupplier nanoTime;

	private final long[] thresholds;

	private final long ceiling;

	/**
	 * Key of the current window, without a scope.
	 */
	private final AtomicReference<@Nullable CurrentWindow> current = new AtomicReference<>();

	WindowedBudget(Budget budget, BudgetSettings terms, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.budget = budget;
		this.ceiling = terms.ceilingTicks(budget.limit());
		this.thresholds = budget.warnAt().stream().mapToLong(budget::threshold).toArray();
	}

	Budget budget() {
		return this.budget;
	}

	/**
	 * Returns the key of a call.
	 * @param request the call
	 * @param model the id of the model
	 * @param now the current time
	 */
	BudgetKey key(BudgetRequest request, String model, Instant now) {
		return switch (this.budget.scope()) {
			case ALL -> key(now);
			case CLIENT -> key(request.client(), now);
			case MODEL -> key(model, now);
			case TENANT -> key(Objects.requireNonNullElse(request.tenant(), UNKNOWN), now);
		};
	}

	/**
	 * Returns the key of all calls. If the clock is set back, the current window
	 * continues until its end, because an earlier one may have been discarded. Only
	 * before a new window is confirmed does the previous one continue.
	 */
	BudgetKey key(Instant now) {
		CurrentWindow current = this.current.get();
		while (current == null || !current.isCurrent(now, this.nanoTime)) {
			CurrentWindow next = next(current, now);
			current = this.current.compareAndSet(current, next) ? next : this.current.get();
		}
		return current.key();
	}

	private CurrentWindow next(@Nullable CurrentWindow current, Instant now) {
		if (current == null) {
			return new CurrentWindow(keyAt(now), null, 0);
		}
		long nanos = this.nanoTime.getAsLong();
		BudgetKey confirmed = current.confirmed();
		if (confirmed == null
				|| (nanos - current.since() >= CONFIRMED_AFTER && !now.isBefore(current.key().period().start()))) {
			confirmed = current.key();
		}
		return confirmed.period().isOver(now) ? new CurrentWindow(keyAt(now), confirmed, nanos)
				: new CurrentWindow(confirmed, null, 0);
	}

	private BudgetKey keyAt(Instant now) {
		return new BudgetKey(this.budget.name(), ALL, this.budget.window().periodAt(now, this.budget.zone()),
				this.budget.scope());
	}

	private BudgetKey key(String scope, Instant now) {
		return new BudgetKey(this.budget.name(), scope, key(now).period(), this.budget.scope());
	}

	/**
	 * Creates a claim.
	 * @param key the key
	 * @param estimate the estimated cost
	 * @param seen the largest recent overrun
	 * @param downgraded whether the call already uses the cheaper model, for which a part
	 * of the limit is reserved
	 */
	BudgetStore.Claim claim(BudgetKey key, CostEstimator.Estimate estimate, long seen, boolean downgraded) {
		long limit = switch (this.budget.onExceeded()) {
			case FAIL -> this.budget.limit();
			case WARN -> Long.MAX_VALUE;
			case DOWNGRADE -> downgraded ? this.budget.limit() : this.budget.threshold(this.budget.downgradeAt());
		};
		return new BudgetStore.Claim(key, limit, estimate.ticks(ceiling(Math.min(seen, limit))));
	}

	/**
	 * Returns the maximum reservation of a call with unlimited output.
	 * @param seen the largest recent overrun
	 */
	long ceiling(long seen) {
		return Math.max(this.ceiling, seen);
	}

	/**
	 * Returns the thresholds that were reached between two amounts.
	 * @param before the used amount before
	 * @param after the used amount after
	 * @return the percentages, in ascending order
	 */
	List<Integer> thresholdsReached(long before, long after) {
		int from = countReached(before);
		return this.budget.warnAt().subList(from, Math.max(from, countReached(after)));
	}

	private int countReached(long amount) {
		int count = 0;
		while (count < this.thresholds.length && this.thresholds[count] <= amount) {
			count++;
		}
		return count;
	}

	/**
	 * The current window.
	 *
	 * @param key the key of the window
	 * @param confirmed the previous window until the current one is confirmed, otherwise
	 * {@code null}
	 * @param since the start of the window by the monotonic clock
	 */
	private record CurrentWindow(BudgetKey key, @Nullable BudgetKey confirmed, long since) {

		boolean isCurrent(Instant now, LongSupplier nanoTime) {
			return !this.key.period().isOver(now)
					&& (this.confirmed == null || (!now.isBefore(this.key.period().start())
							&& nanoTime.getAsLong() - this.since < CONFIRMED_AFTER));
		}

	}

}
