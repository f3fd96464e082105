package io.github.grokspring.budget;

import io.github.grokspring.budget.MemoryBudgetStore.MemoryLease;
import org.jspecify.annotations.Nullable;

/**
 * Leases in the order of their expiry. They are usually added in that order and can be
 * removed at any position. Both operations take constant time.
 */
final class LeasesByExpiry {

	private @Nullable MemoryLease first;

	private @Nullable MemoryLease last;

	@Nullable MemoryLease first() {
		return this.first;
	}

	void add(MemoryLease lease) {
		MemoryLease before = this.last;
		while (before != null && before.isAfter(lease)) {
			before = before.before;
		}
		MemoryLease after = (before != null) ? before.after : this.first;
		link(before, lease);
		link(lease, after);
	}

	void remove(MemoryLease lease) {
		link(lease.before, lease.after);
		lease.before = null;
		lease.after = null;
	}

	private void link(@Nullable MemoryLease before, @Nullable MemoryLease after) {
		if (before != null) {
			before.after = after;
		}
		else {
			this.first = after;
		}
		if (after != null) {
			after.before = before;
		}
		else {
			this.last = before;
		}
	}

}
