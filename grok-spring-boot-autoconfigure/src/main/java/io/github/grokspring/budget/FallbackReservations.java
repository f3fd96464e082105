package io.github.grokspring.budget;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

import io.github.grokspring.budget.BudgetStore.Claim;
import io.github.grokspring.budget.BudgetStore.Lease;

/**
 * What one call reserves under the limits of models that it asks instead of its own,
 * where every model has a limit. Whether there is room or not: the call is under way.
 * Safe for use by several threads.
 */
final class FallbackReservations {

	private final BudgetStore store;

	private final Map<String, Lease> leases = new HashMap<>();

	/** No monitor, in which a virtual thread would hold its carrier. */
	private final ReentrantLock lock = new ReentrantLock();

	private boolean ended;

	FallbackReservations(BudgetStore store) {
		this.store = store;
	}

	/**
	 * Reserve amounts, unless the call has ended meanwhile or has done so before.
	 * @param model the id of the model
	 * @param keys where its money is counted
	 * @param ticks how much is reserved there
	 * @param time after which it counts as spent
	 */
	void reserve(String model, List<BudgetKey> keys, List<Long> ticks, Duration time) {
		this.lock.lock();
		try {
			if (!this.ended && !this.leases.containsKey(model)) {
				this.leases.put(model, reserveUnconditionally(this.store, keys, ticks, time));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keep what is reserved.
	 * @param time after which it counts as spent
	 */
	void renew(Duration time) {
		this.lock.lock();
		try {
			this.leases.values().forEach((lease) -> this.store.renew(lease, List.of(), time));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops reserving, until another model is asked.
	 * @return what was reserved
	 */
	Collection<Lease> suspend() {
		this.lock.lock();
		try {
			List<Lease> held = List.copyOf(this.leases.values());
			this.leases.clear();
			return held;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The call has ended, so that nothing is reserved any more.
	 * @return what is reserved, by the ids of the models
	 */
	Map<String, Lease> end() {
		this.lock.lock();
		try {
			this.ended = true;
			Map<String, Lease> held = Map.copyOf(this.leases);
			this.leases.clear();
			return held;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Reserve amounts whether there is room or not.
	 */
	static Lease reserveUnconditionally(BudgetStore store, List<BudgetKey> keys, List<Long> ticks, Duration time) {
		List<Claim> claims = IntStream.range(0, keys.size())
			.mapToObj((i) -> new Claim(keys.get(i), Long.MAX_VALUE, ticks.get(i)))
			.toList();
		return Objects.requireNonNull(store.reserve(claims, time).lease(), "a claim without limit was refused");
	}

}
