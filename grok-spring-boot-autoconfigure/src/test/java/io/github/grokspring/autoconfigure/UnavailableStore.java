package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import io.github.grokspring.budget.BudgetKey;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.error.BudgetStoreException;

/**
 * A store of budgets that is out of reach.
 */
final class UnavailableStore implements BudgetStore {

	@Override
	public Decision reserve(List<Claim> claims, Duration time) {
		throw lost();
	}

	@Override
	public void renew(Lease lease, List<Long> ticks, Duration time) {
		throw lost();
	}

	@Override
	public List<Usage> settle(Lease lease, List<Long> ticks) {
		throw lost();
	}

	@Override
	public void release(Lease lease) {
		throw lost();
	}

	@Override
	public List<Usage> usage(Collection<BudgetKey> keys) {
		throw lost();
	}

	@Override
	public List<Usage> usage(String budget) {
		throw lost();
	}

	private static BudgetStoreException lost() {
		return new BudgetStoreException("lost", null);
	}

}
