package io.github.grokspring.budget;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A budget, and where in its current window the money of a call is counted.
 */
final class WindowedBudget {

	static final String ALL = "all";

	static final String UNKNOWN = "unknown";

	/** How long a new window has to last before the one before it is given up. */
	private static final long CONFIRMED_AFTER = TimeUnit.MINUTES.toNanos(1);

	private final Budget budget;

	private final LongSupplier nanoTime;

	private final long[] thresholds;

	private final long ceiling;

	/** Of the current window, under which a budget without scopes counts everything. */
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
	 * Where the money of a call is counted.
	 * @param request the call
	 * @param model the id of the model that would be asked
	 * @param now the time
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
	 * Where the money of all calls is counted. A clock that is set back opens no window
	 * again, which may have been forgotten: the current one goes on until its end. Only
	 * where it is set back before a new window is confirmed, the one before goes on.
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
	 * What is asked of the store.
	 * @param key under which key
	 * @param estimate what the call may cost
	 * @param seen what such calls have lately cost that had reserved less
	 * @param downgraded whether the call has the cheaper model already, for which a part
	 * of the limit is kept free
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
	 * How much a call reserves at most of which nothing limits what it costs.
	 * @param seen what such calls have lately cost that had reserved less
	 */
	long ceiling(long seen) {
		return Math.max(this.ceiling, seen);
	}

	/**
	 * Which thresholds an amount has reached that the one before it had not.
	 * @param before what had been spent
	 * @param after what has
	 * @return their percentages, in ascending order
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
	 * The window that goes on.
	 *
	 * @param key the key of the window
	 * @param confirmed the window before it, as long as one reading of the clock may have
	 * been wrong, else {@code null}
	 * @param since when it began, by the clock that nobody sets
	 */
	private record CurrentWindow(BudgetKey key, @Nullable BudgetKey confirmed, long since) {

		boolean isCurrent(Instant now, LongSupplier nanoTime) {
			return !this.key.period().isOver(now)
					&& (this.confirmed == null || (!now.isBefore(this.key.period().start())
							&& nanoTime.getAsLong() - this.since < CONFIRMED_AFTER));
		}

	}

}
