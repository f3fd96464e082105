package io.github.grokspring.budget;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A budget, and where in its current window the money of a call is counted.
 */
final class BudgetLine {

	static final String ALL = "all";

	static final String UNKNOWN = "unknown";

	private final Budget budget;

	private final long[] thresholds;

	private final long ceiling;

	/** Of the current window, under which a budget without scopes counts everything. */
	private final AtomicReference<@Nullable BudgetKey> current = new AtomicReference<>();

	BudgetLine(Budget budget, BudgetTerms terms) {
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
	 * again, which may have been forgotten: the current one goes on until its end.
	 */
	BudgetKey key(Instant now) {
		BudgetKey key = this.current.get();
		while (key == null || key.period().isOver(now)) {
			BudgetKey next = new BudgetKey(this.budget.name(), ALL,
					this.budget.window().around(now, this.budget.zone()));
			key = this.current.compareAndSet(key, next) ? next : this.current.get();
		}
		return key;
	}

	private BudgetKey key(String scope, Instant now) {
		return new BudgetKey(this.budget.name(), scope, key(now).period());
	}

	/**
	 * What is asked of the store.
	 * @param key under which key
	 * @param estimate what the call may cost
	 * @param seen what such calls have lately cost that had reserved less
	 * @param downgraded whether the call has the cheaper model already, for which a part
	 * of the limit is kept free
	 */
	BudgetStore.Claim claim(BudgetKey key, WorstCase.Estimate estimate, long seen, boolean downgraded) {
		long limit = switch (this.budget.onExceeded()) {
			case FAIL -> this.budget.limit();
			case WARN -> Long.MAX_VALUE;
			case DOWNGRADE -> downgraded ? this.budget.limit() : this.budget.threshold(this.budget.downgradeAt());
		};
		return new BudgetStore.Claim(key, limit, estimate.ticks(usual(Math.min(seen, limit))));
	}

	/**
	 * How much a call reserves at most of which nothing limits what it costs.
	 * @param seen what such calls have lately cost that had reserved less
	 */
	long usual(long seen) {
		return Math.max(this.ceiling, seen);
	}

	/**
	 * Which thresholds an amount has reached that the one before it had not.
	 * @param before what had been spent
	 * @param after what has
	 * @return their percentages, in ascending order
	 */
	List<Integer> reached(long before, long after) {
		int from = below(before);
		return this.budget.warnAt().subList(from, Math.max(from, below(after)));
	}

	private int below(long amount) {
		int count = 0;
		while (count < this.thresholds.length && this.thresholds[count] <= amount) {
			count++;
		}
		return count;
	}

}
