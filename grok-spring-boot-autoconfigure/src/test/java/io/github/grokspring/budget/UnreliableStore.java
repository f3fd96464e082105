package io.github.grokspring.budget;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store somewhere else of which ends of leases fail for a while.
 */
final class UnreliableStore implements BudgetStore {

	private final BudgetStore store;

	private final boolean mayWait;

	private final Supplier<? extends Throwable> failure;

	private final boolean afterwards;

	private final AtomicInteger failures = new AtomicInteger();

	UnreliableStore(BudgetStore store, boolean mayWait, boolean afterwards, Supplier<? extends Throwable> failure) {
		this.store = store;
		this.mayWait = mayWait;
		this.afterwards = afterwards;
		this.failure = failure;
	}

	void failNext(int times) {
		this.failures.set(times);
	}

	private <T> T unreliably(Supplier<T> operation) {
		if (this.failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			if (this.afterwards) {
				operation.get();
			}
			Throwable thrown = this.failure.get();
			if (thrown instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) thrown;
		}
		return operation.get();
	}

	@Override
	public Decision reserve(List<Claim> claims, Duration time) {
		return this.store.reserve(claims, time);
	}

	@Override
	public void renew(Lease lease, List<Long> ticks, Duration time) {
		this.store.renew(lease, ticks, time);
	}

	@Override
	public List<Usage> settle(Lease lease, List<Long> ticks) {
		return unreliably(() -> this.store.settle(lease, ticks));
	}

	@Override
	public void release(Lease lease) {
		unreliably(() -> {
			this.store.release(lease);
			return lease;
		});
	}

	@Override
	public List<Usage> usage(Collection<BudgetKey> keys) {
		return this.store.usage(keys);
	}

	@Override
	public List<Usage> usage(String budget) {
		return this.store.usage(budget);
	}

	@Override
	public boolean mayWait() {
		return this.mayWait;
	}

}
