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
 * Keeps what was spent and what is reserved. Amounts are in ticks, of which 10^10 are one
 * US dollar. Every operation happens at once or not at all, for all keys it names
 * together. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface BudgetStore extends AutoCloseable {

	/**
	 * Reserve an amount under each key, or none under any. A wish for nothing without
	 * limits is always granted: money that was spent already is to be settled with it.
	 * @param claims how much under which keys, and up to which limits
	 * @param time after which the reservation counts as spent, for the time being, if
	 * nobody has settled, released or renewed it; measured by a clock that nobody sets
	 * @return the lease, or which claim had no room
	 * @throws io.github.grokspring.error.BudgetStoreException if the store cannot keep
	 * what would be spent
	 */
	Decision reserve(List<Claim> claims, Duration time);

	/**
	 * Keep a reservation, because its call is still under way. One that has expired is
	 * made again, whether there is room or not. Does nothing when the lease was settled
	 * or released before.
	 * @param lease the lease
	 * @param ticks how much is to be reserved at least from now on, in the order of the
	 * keys of the lease and whether there is room or not; empty for as much as before
	 * @param time after which it counts as spent, for the time being
	 */
	void renew(Lease lease, List<Long> ticks, Duration time);

	/**
	 * Give a reservation back and note what was really spent, under the same keys. Counts
	 * once for each lease, so that it may be repeated after a failure. Replaces what an
	 * expired one counts as.
	 * @param lease the lease
	 * @param ticks what was spent, in the order of the keys of the lease
	 * @return how things stand under the keys of the lease, in their order; empty when it
	 * was settled or released before
	 */
	List<Usage> settle(Lease lease, List<Long> ticks);

	/**
	 * Give a reservation back and note the same amount under all its keys.
	 * @param lease the lease
	 * @param ticks what was spent
	 * @return how things stand under the keys of the lease, in their order; empty when it
	 * was settled or released before
	 */
	default List<Usage> settle(Lease lease, long ticks) {
		return settle(lease, Collections.nCopies(lease.keys().size(), ticks));
	}

	/**
	 * Give a reservation back, because nothing was spent. Does nothing when the lease was
	 * settled or released before.
	 * @param lease the lease
	 */
	void release(Lease lease);

	/**
	 * Corrects what was spent under a key. The amount never falls below 0.
	 * @param key the key
	 * @param ticks the amount to add, negative to take it off
	 * @return how things stand under the key
	 * @throws UnsupportedOperationException if the store cannot be corrected
	 * @throws io.github.grokspring.error.BudgetStoreException if the store cannot keep
	 * the correction
	 */
	default Usage adjust(BudgetKey key, long ticks) {
		throw new UnsupportedOperationException(
				"The budget store of type " + getClass().getName() + " does not support corrections");
	}

	/**
	 * How things stand.
	 * @param keys under which keys
	 * @return the amounts, in the order of the keys
	 */
	List<Usage> usage(Collection<BudgetKey> keys);

	/**
	 * How things stand under every key of a budget whose period is not over.
	 * @param budget the name of the budget
	 * @return the amounts under each key that has any
	 */
	List<Usage> usage(String budget);

	/**
	 * Whether operations may wait for something outside of this process, a disk or a
	 * server, so that an event loop must leave them to another thread.
	 * @return whether they may
	 */
	default boolean mayWait() {
		return false;
	}

	/**
	 * Let go of what the store holds.
	 */
	@Override
	default void close() {
	}

	/**
	 * A store that forgets everything when the process ends.
	 * @param clock tells when periods are over
	 * @return the store
	 */
	static BudgetStore inMemory(InstantSource clock) {
		return inMemory(clock, System::nanoTime);
	}

	/**
	 * A store that forgets everything when the process ends.
	 * @param clock tells when periods are over
	 * @param nanoTime measures how long leases last, in nanoseconds
	 * @return the store
	 */
	static BudgetStore inMemory(InstantSource clock, LongSupplier nanoTime) {
		return new MemoryBudgetStore(clock, nanoTime);
	}

	/**
	 * A store that writes every reservation and every settlement into a file, and knows
	 * them again when the process comes back. What was reserved when it ended counts as
	 * spent then, because nobody knows what those calls have cost.
	 * @param ledger the file, and how it is written
	 * @param clock tells when periods are over
	 * @return the store, to be closed
	 * @throws LedgerInUseException if another process, or another store of this one,
	 * writes the file
	 * @throws IOException if the file cannot be read or written, or is damaged
	 */
	static BudgetStore file(LedgerSettings ledger, InstantSource clock) throws IOException {
		return FileBudgetStore.open(ledger, clock, System::nanoTime);
	}

	/**
	 * What is asked of one key.
	 *
	 * @param key the key
	 * @param limit what may be spent and reserved under it, {@link Long#MAX_VALUE} for
	 * anything
	 * @param ticks the amount that is to be reserved
	 */
	record Claim(BudgetKey key, long limit, long ticks) {

	}

	/**
	 * How things stand under one key.
	 *
	 * @param key the key
	 * @param used what was spent
	 * @param reserved what is reserved
	 */
	record Usage(BudgetKey key, long used, long reserved) {

	}

	/**
	 * The answer to a wish.
	 *
	 * @param lease the lease, {@code null} when there was no room
	 * @param refused the index of the first claim without room, -1 when there was room
	 * @param usage how things stand under the keys of the claims, in their order and with
	 * the reservation if there is one
	 */
	record Decision(@Nullable Lease lease, int refused, List<Usage> usage) {

	}

	/**
	 * Amounts that are reserved.
	 */
	interface Lease {

		/**
		 * What no other lease of the store is called.
		 * @return the id
		 */
		String id();

		/**
		 * Under which keys.
		 * @return the keys
		 */
		List<BudgetKey> keys();

		/**
		 * How much, where it is the most.
		 * @return the amount
		 */
		long ticks();

	}

}
