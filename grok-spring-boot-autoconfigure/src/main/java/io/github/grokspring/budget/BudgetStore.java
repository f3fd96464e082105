package io.github.grokspring.budget;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Store for usage and reservations of budgets. Amounts are in ticks, where 10^10 ticks
 * are one US dollar. Every operation is atomic for all its keys. Implementations are
 * thread-safe.
 *
 * @since 0.1.0
 */
public interface BudgetStore extends AutoCloseable {

	/**
	 * Reserves an amount under each key, or none under any. A claim of 0 without a limit
	 * is always granted: it is used to settle an amount that has already been spent.
	 * @param claims the amounts, keys and limits
	 * @param time the time after which the reservation counts as spent unless it is
	 * settled, released or renewed, measured with a monotonic clock
	 * @return the lease, or the claim that exceeded its limit
	 * @throws io.github.grokspring.error.BudgetStoreException if the store cannot record
	 * the reservation
	 */
	Decision reserve(List<Claim> claims, Duration time);

	/**
	 * Renews the reservation of a call in progress. An expired reservation is made again,
	 * regardless of limits. Has no effect if the lease was settled or released.
	 * @param lease the lease
	 * @param ticks the minimum amounts to reserve from now on, in the order of the keys
	 * of the lease and regardless of limits; empty to keep the amounts
	 * @param time the time after which the reservation counts as spent
	 */
	void renew(Lease lease, List<Long> ticks, Duration time);

	/**
	 * Replaces a reservation by the actual cost under the same keys. Counts once per
	 * lease, so that it can be repeated after a failure. Replaces the amount of an
	 * expired reservation.
	 * @param lease the lease
	 * @param ticks the actual cost, in the order of the keys of the lease
	 * @return the usage under the keys of the lease, in their order; empty if it was
	 * already settled or released
	 */
	List<Usage> settle(Lease lease, List<Long> ticks);

	/**
	 * Replaces a reservation by the same cost under all its keys.
	 * @param lease the lease
	 * @param ticks the actual cost
	 * @return the usage under the keys of the lease, in their order; empty if it was
	 * already settled or released
	 */
	default List<Usage> settle(Lease lease, long ticks) {
		return settle(lease, Collections.nCopies(lease.keys().size(), ticks));
	}

	/**
	 * Releases a reservation without any cost. Has no effect if the lease was settled or
	 * released.
	 * @param lease the lease
	 */
	void release(Lease lease);

	/**
	 * Corrects the usage under a key. The usage never falls below 0.
	 * @param key the key
	 * @param ticks the amount to add, or to subtract if negative
	 * @return the usage after the correction
	 * @throws UnsupportedOperationException if the store does not support corrections
	 * @throws io.github.grokspring.error.BudgetStoreException if the store cannot record
	 * the correction
	 */
	default Usage adjust(BudgetKey key, long ticks) {
		throw new UnsupportedOperationException(
				"The budget store of type " + getClass().getName() + " does not support corrections");
	}

	/**
	 * Returns the usage under some keys.
	 * @param keys the keys
	 * @return the usage in the order of the keys
	 */
	List<Usage> usage(Collection<BudgetKey> keys);

	/**
	 * Returns the usage under every key of a budget whose period has not ended.
	 * @param budget the name of the budget
	 * @return the usage of each key that has any
	 */
	List<Usage> usage(String budget);

	/**
	 * Returns whether operations may block on something outside of this process, such as
	 * a disk or a server, so that they must not run on an event loop.
	 * @return {@code true} if they may block
	 */
	default boolean mayWait() {
		return false;
	}

	/**
	 * Releases the resources of the store.
	 */
	@Override
	default void close() {
	}

	/**
	 * Creates a store in memory.
	 * @param clock the clock for periods
	 * @return the store
	 */
	static BudgetStore inMemory(InstantSource clock) {
		return inMemory(clock, System::nanoTime);
	}

	/**
	 * Creates a store in memory.
	 * @param clock the clock for periods
	 * @param nanoTime the monotonic time source for leases, in nanoseconds
	 * @return the store
	 */
	static BudgetStore inMemory(InstantSource clock, LongSupplier nanoTime) {
		return new MemoryBudgetStore(clock, nanoTime);
	}

	/**
	 * Creates a store that records every reservation and settlement in a file and
	 * restores them after a restart. Reservations that were open when the process ended
	 * then count as spent, because the cost of their calls is unknown.
	 * @param ledger the file and its settings
	 * @param clock the clock for periods
	 * @return the store, to be closed
	 * @throws LedgerInUseException if another process, or another store of this process,
	 * uses the file
	 * @throws IOException if the file is damaged or cannot be read or written
	 */
	static BudgetStore file(LedgerSettings ledger, InstantSource clock) throws IOException {
		return FileBudgetStore.open(ledger, clock, System::nanoTime);
	}

	/**
	 * Amount to reserve under a key.
	 *
	 * @param key the key
	 * @param limit the limit for usage and reservations, or {@link Long#MAX_VALUE}
	 * @param ticks the amount
	 */
	record Claim(BudgetKey key, long limit, long ticks) {

	}

	/**
	 * Usage under a key.
	 *
	 * @param key the key
	 * @param used the used amount
	 * @param reserved the reserved amount
	 */
	record Usage(BudgetKey key, long used, long reserved) {

	}

	/**
	 * Result of a reservation.
	 *
	 * @param lease the lease, or {@code null} if a limit was exceeded
	 * @param refused the index of the first claim that exceeded its limit, or -1
	 * @param usage the usage under the keys of the claims, in their order, including the
	 * reservation if there is one
	 */
	record Decision(@Nullable Lease lease, int refused, List<Usage> usage) {

	}

	/**
	 * Reserved amounts.
	 */
	interface Lease {

		/**
		 * Returns the id, unique within the store.
		 * @return the id
		 */
		String id();

		/**
		 * Returns the keys.
		 * @return the keys
		 */
		List<BudgetKey> keys();

		/**
		 * Returns the largest reserved amount.
		 * @return the amount
		 */
		long ticks();

	}

}
