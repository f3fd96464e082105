package io.github.grokspring.budget;

import io.github.grokspring.budget.MemoryBudgetStore.MemoryLease;
import org.jspecify.annotations.Nullable;

/**
 * The leases that are held, the first to expire first. They nearly always come in that
 * order, and go from anywhere; both take the same time however many there are.
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
