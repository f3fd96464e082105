package io.github.grokspring.budget;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import reactor.core.Disposable;

/**
 * A store during whose reservations somebody loses interest.
 */
record CancelWhileReserving(BudgetStore store, boolean mayWait, Disposable caller) implements BudgetStore {

	@Override
	public Decision reserve(List<Claim> claims, Duration time) {
		Decision decision = this.store.reserve(claims, time);
		this.caller.dispose();
		return decision;
	}

	@Override
	public void renew(Lease lease, List<Long> ticks, Duration time) {
		this.store.renew(lease, ticks, time);
	}

	@Override
	public List<Usage> settle(Lease lease, List<Long> ticks) {
		return this.store.settle(lease, ticks);
	}

	@Override
	public void release(Lease lease) {
		this.store.release(lease);
	}

	@Override
	public List<Usage> usage(Collection<BudgetKey> keys) {
		return this.store.usage(keys);
	}

	@Override
	public List<Usage> usage(String budget) {
		return this.store.usage(budget);
	}

}
