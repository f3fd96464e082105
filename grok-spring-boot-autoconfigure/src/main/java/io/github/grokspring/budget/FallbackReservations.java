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
 * Reservations of one call under the limits of fallback models, for budgets with a limit
 * per model. They are made regardless of limits, because the call is already in progress.
 * Thread-safe.
 */
final class FallbackReservations {

	private final BudgetStore store;

	private final Map<String, Lease> leases = new HashMap<>();

	/**
	 * Not a monitor, because that would pin virtual threads before Java 24.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private boolean ended;

	FallbackReservations(BudgetStore store) {
		this.store = store;
	}

	/**
	 * Reserves amounts, unless the call has ended or already reserves for the model.
	 * @param model the id of the model
	 * @param keys the keys of the model
	 * @param ticks the amounts
	 * @param time the time after which the reservation counts as spent
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
	 * Renews the reservations.
	 * @param time the time after which they count as spent
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
	 * Removes the reservations until another model is called.
	 * @return the leases
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
	 * Removes the reservations at the end of the call.
	 * @return the leases by the ids of the models
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
	 * Reserves amounts regardless of limits.
	 */
	static Lease reserveUnconditionally(BudgetStore store, List<BudgetKey> keys, List<Long> ticks, Duration time) {
		List<Claim> claims = IntStream.range(0, keys.size())
			.mapToObj((i) -> new Claim(keys.get(i), Long.MAX_VALUE, ticks.get(i)))
			.toList();
		return Objects.requireNonNull(store.reserve(claims, time).lease(), "a claim without limit was refused");
	}

}
