package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.github.grokspring.chain.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * {@link BudgetStore} in memory with a single lock. With one lock per key, a call that
 * its last budget rejects would briefly occupy the first one. The lock is held for less
 * than a microsecond and never while waiting.
 */
final class MemoryBudgetStore implements BudgetStore {

	/**
	 * Time for which an account is kept after the end of its period.
	 */
	private static final Duration RETENTION = Duration.ofHours(1);

	/**
	 * Maximum number of expired leases that a settlement can still replace.
	 */
	private static final int MAX_EXPIRED = 10_000;

	private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(1);

	/**
	 * Larger differences of monotonic times cannot be compared.
	 */
	private static final long MAX_NANOS = Long.MAX_VALUE / 2;

	private final InstantSource clock;

	private final LongSupplier nanoTime;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<BudgetKey, Account> accounts = new HashMap<>();

	private final LeasesByExpiry leases = new LeasesByExpiry();

	/**
	 * Leases that count as spent until they are settled.
	 */
	private final LeasesByExpiry expired = new LeasesByExpiry();

	private int expiredCount;

	private long nextCleanup;

	private long lastId;

	/**
	 * Whether there are accounts whose type of scope is unknown.
	 */
	private boolean restoredWithoutType;

	/**
	 * Creates a store.
	 * @param clock the clock for periods
	 * @param nanoTime the monotonic time source for leases
	 */
	MemoryBudgetStore(InstantSource clock, LongSupplier nanoTime) {
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.nextCleanup = nanoTime.getAsLong();
	}

	@Override
	public Decision reserve(List<Claim> claims, Duration time) {
		for (Claim claim : claims) {
			requireNotNegative(claim.ticks());
		}
		long now = this.nanoTime.getAsLong();
		@Nullable Account[] accounts = new Account[claims.size()];
		long[] amounts = new long[accounts.length];
		this.lock.lock();
		try {
			cleanUp(now);
			for (int i = 0; i < accounts.length; i++) {
				Claim claim = claims.get(i);
				accounts[i] = findAccount(claim.key());
				if (!Account.hasRoom(accounts[i], claim.ticks(), claim.limit())) {
					return new Decision(null, i, claims.stream().map((each) -> usageOf(each.key())).toList());
				}
			}
			Account[] held = new Account[accounts.length];
			for (int i = 0; i < accounts.length; i++) {
				Account account = accounts[i];
				held[i] = (account != null) ? account : getOrCreateAccount(claims.get(i).key());
				amounts[i] = claims.get(i).ticks();
			}
			MemoryLease lease = new MemoryLease(++this.lastId, held, amounts);
			hold(lease, now + nanos(time));
			return new Decision(lease, -1, usage(held));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void renew(Lease lease, List<Long> ticks, Duration time) {
		renewLease(lease, ticks, time);
	}

	/**
	 * Renews a reservation.
	 * @return whether the reserved amount has grown
	 */
	boolean renewLease(Lease lease, List<Long> ticks, Duration time) {
		ticks.forEach(MemoryBudgetStore::requireNotNegative);
		MemoryLease held = requireOwn(lease);
		if (!ticks.isEmpty()) {
			requireAmounts(held, ticks);
		}
		long now = this.nanoTime.getAsLong();
		this.lock.lock();
		try {
			cleanUp(now);
			if (held.state == MemoryLease.State.ENDED) {
				return false;
			}
			boolean more = held.state == MemoryLease.State.EXPIRED;
			returnAmounts(held);
			for (int i = 0; i < ticks.size(); i++) {
				more |= ticks.get(i) > held.amounts[i];
				held.amounts[i] = Math.max(held.amounts[i], ticks.get(i));
			}
			hold(held, now + nanos(time));
			return more;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Usage> settle(Lease lease, List<Long> ticks) {
		ticks.forEach(MemoryBudgetStore::requireNotNegative);
		MemoryLease held = requireOwn(lease);
		requireAmounts(held, ticks);
		this.lock.lock();
		try {
			if (!end(held)) {
				return List.of();
			}
			for (int i = 0; i < held.accounts.length; i++) {
				currentAccount(held, i).use(ticks.get(i));
			}
			List<Usage> usage = usage(held.accounts);
			removeEmptyAccounts(held);
			return usage;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void release(Lease lease) {
		MemoryLease held = requireOwn(lease);
		this.lock.lock();
		try {
			if (end(held)) {
				removeEmptyAccounts(held);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Usage> usage(Collection<BudgetKey> keys) {
		long now = this.nanoTime.getAsLong();
		this.lock.lock();
		try {
			cleanUp(now);
			List<Usage> usage = new ArrayList<>(keys.size());
			for (BudgetKey key : keys) {
				usage.add(usageOf(key));
			}
			return usage;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Usage> usage(String budget) {
		Instant now = this.clock.instant();
		this.lock.lock();
		try {
			cleanUp(this.nanoTime.getAsLong());
			List<Usage> usage = new ArrayList<>();
			for (Account account : this.accounts.values()) {
				if (account.key.budget().equals(budget) && !account.key.period().isOver(now) && !account.isEmpty()) {
					usage.add(account.usage());
				}
			}
			return usage;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Usage adjust(BudgetKey key, long ticks) {
		this.lock.lock();
		try {
			cleanUp(this.nanoTime.getAsLong());
			Account account = getOrCreateAccount(key);
			if (ticks >= 0) {
				account.use(ticks);
			}
			else {
				if (account.used + ticks < 0) {
					makeExpiredPermanent(account);
				}
				account.used = Math.max(0, account.used + ticks);
			}
			return account.usage();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Restores usage.
	 * @param key the key
	 * @param ticks the used amount
	 */
	void restore(BudgetKey key, long ticks) {
		this.lock.lock();
		try {
			this.restoredWithoutType |= key.scopeType() == null;
			getOrCreateAccount(key).use(ticks);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the usage without expired leases.
	 * @return the usage of each key that has any
	 */
	List<Usage> spent() {
		this.lock.lock();
		try {
			cleanUp(this.nanoTime.getAsLong());
			List<Usage> spent = new ArrayList<>();
			for (Account account : this.accounts.values()) {
				if (account.used > 0) {
					spent.add(new Usage(account.key, account.used, account.reserved));
				}
			}
			return spent;
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return this.accounts.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the leases that have not ended, including expired ones.
	 * @return the leases
	 */
	List<MemoryLease> activeLeases() {
		this.lock.lock();
		try {
			List<MemoryLease> held = new ArrayList<>();
			for (MemoryLease lease = this.expired.first(); lease != null; lease = lease.after) {
				held.add(lease);
			}
			for (MemoryLease lease = this.leases.first(); lease != null; lease = lease.after) {
				held.add(lease);
			}
			return held;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the state of a lease.
	 */
	MemoryLease.State stateOf(Lease lease) {
		MemoryLease held = requireOwn(lease);
		this.lock.lock();
		try {
			return held.state;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean end(MemoryLease lease) {
		if (lease.state == MemoryLease.State.ENDED) {
			return false;
		}
		returnAmounts(lease);
		lease.state = MemoryLease.State.ENDED;
		return true;
	}

	private void hold(MemoryLease lease, long deadline) {
		for (int i = 0; i < lease.accounts.length; i++) {
			lease.counted[i] = currentAccount(lease, i).reserve(lease.amounts[i]);
		}
		lease.deadline = deadline;
		lease.state = MemoryLease.State.HELD;
		this.leases.add(lease);
	}

	private void returnAmounts(MemoryLease lease) {
		if (lease.state == MemoryLease.State.HELD) {
			this.leases.remove(lease);
			for (int i = 0; i < lease.accounts.length; i++) {
				lease.accounts[i].reserved -= lease.counted[i];
			}
		}
		else if (lease.state == MemoryLease.State.EXPIRED) {
			this.expired.remove(lease);
			this.expiredCount--;
			for (int i = 0; i < lease.accounts.length; i++) {
				lease.accounts[i].expired -= lease.counted[i];
			}
		}
	}

	/**
	 * Counts a lease as spent until it is settled, released or renewed, because its call
	 * may have been billed.
	 */
	private void expire(MemoryLease lease) {
		returnAmounts(lease);
		for (int i = 0; i < lease.accounts.length; i++) {
			lease.counted[i] = lease.accounts[i].expire(lease.counted[i]);
		}
		lease.state = MemoryLease.State.EXPIRED;
		this.expired.add(lease);
		this.expiredCount++;
		if (this.expiredCount > MAX_EXPIRED) {
			MemoryLease oldest = this.expired.first();
			if (oldest != null) {
				for (int i = 0; i < oldest.accounts.length; i++) {
					oldest.accounts[i].use(oldest.counted[i]);
				}
				end(oldest);
			}
		}
		removeEmptyAccounts(lease);
	}

	/**
	 * Counts the expired leases of an account as spent permanently, because it is
	 * corrected.
	 */
	private void makeExpiredPermanent(Account account) {
		account.use(account.expired);
		account.expired = 0;
		for (MemoryLease lease = this.expired.first(); lease != null; lease = lease.after) {
			for (int i = 0; i < lease.accounts.length; i++) {
				if (lease.accounts[i] == account) {
					lease.counted[i] = 0;
				}
			}
		}
	}

	/**
	 * Removes the accounts of a lease that have no usage.
	 */
	private void removeEmptyAccounts(MemoryLease lease) {
		for (Account account : lease.accounts) {
			if (account.isEmpty() && !account.removed) {
				account.removed = true;
				this.accounts.remove(account.key());
			}
		}
	}

	/**
	 * Returns the account of a lease, which may have been removed and created again.
	 */
	private Account currentAccount(MemoryLease lease, int index) {
		if (lease.accounts[index].removed) {
			lease.accounts[index] = getOrCreateAccount(lease.accounts[index].key());
		}
		return lease.accounts[index];
	}

	private void cleanUp(long now) {
		for (MemoryLease lease = this.leases.first(); lease != null
				&& lease.deadline - now <= 0; lease = this.leases.first()) {
			expire(lease);
		}
		if (now - this.nextCleanup >= 0) {
			this.nextCleanup = now + CLEANUP_INTERVAL.toNanos();
			Instant instant = this.clock.instant();
			this.accounts.values().removeIf((account) -> account.markRemovedIfOld(instant, now));
			for (MemoryLease lease = this.expired.first(); lease != null;) {
				MemoryLease next = lease.after;
				if (Stream.of(lease.accounts).allMatch((account) -> account.removed)) {
					end(lease);
				}
				lease = next;
			}
		}
	}

	static void requireAmounts(MemoryLease lease, List<Long> ticks) {
		if (ticks.size() != lease.accounts.length) {
			throw new IllegalArgumentException("'ticks' must have an amount for each key of the lease");
		}
	}

	private static void requireNotNegative(long ticks) {
		if (ticks < 0) {
			throw new IllegalArgumentException("'ticks' must not be negative");
		}
	}

	private static long nanos(Duration time) {
		return Math.min(TimeUnit.NANOSECONDS.convert(time), MAX_NANOS);
	}

	private Usage usageOf(BudgetKey key) {
		Account account = findAccount(key);
		return (account != null) ? account.usage() : new Usage(key, 0, 0);
	}

	/**
	 * Returns the account of a key. An account that was restored without the type of its
	 * scope belongs to the first key that has it.
	 */
	private @Nullable Account findAccount(BudgetKey key) {
		Account account = this.accounts.get(key);
		if (account != null || !this.restoredWithoutType || key.scopeType() == null) {
			return account;
		}
		Account restored = this.accounts.remove(new BudgetKey(key.budget(), key.scope(), key.period()));
		if (restored != null) {
			restored.key = key;
			this.accounts.put(key, restored);
		}
		return restored;
	}

	private Account getOrCreateAccount(BudgetKey key) {
		Account account = findAccount(key);
		if (account == null) {
			account = new Account(key);
			this.accounts.put(key, account);
		}
		return account;
	}

	static MemoryLease requireOwn(Lease lease) {
		if (lease instanceof MemoryLease held) {
			return held;
		}
		throw new IllegalArgumentException("The lease " + lease.id() + " is of another store");
	}

	private static List<Usage> usage(Account[] accounts) {
		Usage[] usage = new Usage[accounts.length];
		for (int i = 0; i < accounts.length; i++) {
			usage[i] = accounts[i].usage();
		}
		return List.of(usage);
	}

	/**
	 * Amounts under a key. Guarded by the lock of the store.
	 */
	static final class Account {

		private BudgetKey key;

		private long used;

		private long reserved;

		/**
		 * Amount of expired leases.
		 */
		private long expired;

		/**
		 * Whether the period had ended at the last cleanup.
		 */
		private boolean ended;

		private long endedSince;

		/**
		 * Whether the account was removed from the store, so that nothing may be added.
		 */
		private boolean removed;

		Account(BudgetKey key) {
			this.key = key;
		}

		BudgetKey key() {
			return this.key;
		}

		private static boolean hasRoom(@Nullable Account account, long ticks, long limit) {
			long taken = (account != null) ? Ticks.plus(account.used(), account.reserved) : 0;
			return limit == Long.MAX_VALUE || (taken <= limit && ticks <= limit - taken);
		}

		/**
		 * Reserves an amount, or as much of it as fits into a {@code long}.
		 * @return the reserved amount
		 */
		private long reserve(long ticks) {
			long taken = Math.min(ticks, Long.MAX_VALUE - this.reserved);
			this.reserved += taken;
			return taken;
		}

		/**
		 * Counts an amount as spent temporarily, or as much of it as fits into a
		 * {@code long}.
		 * @return the counted amount
		 */
		private long expire(long ticks) {
			long counted = Math.min(ticks, Long.MAX_VALUE - this.expired);
			this.expired += counted;
			return counted;
		}

		private long used() {
			return Ticks.plus(this.used, this.expired);
		}

		private void use(long ticks) {
			this.used = Ticks.plus(this.used, ticks);
		}

		private boolean isEmpty() {
			return this.used == 0 && this.expired == 0 && this.reserved == 0;
		}

		/**
		 * Marks this account as removed if its period ended long ago, also at the
		 * previous reading of the clock, so that a single wrong reading removes nothing.
		 */
		private boolean markRemovedIfOld(Instant now, long nanos) {
			Instant end = this.key.period().end();
			if (end == null || now.isBefore(end)) {
				this.ended = false;
				return false;
			}
			if (!this.ended) {
				this.ended = true;
				this.endedSince = nanos;
			}
			this.removed = this.reserved == 0 && now.isAfter(end.plus(RETENTION))
					&& nanos - this.endedSince >= CLEANUP_INTERVAL.toNanos();
			return this.removed;
		}

		private Usage usage() {
			return new Usage(this.key, used(), this.reserved);
		}

	}

	/**
	 * Reserved amounts, as an element of a linked list. Guarded by the lock of the store.
	 */
	static final class MemoryLease implements Lease {

		private final long number;

		private final Account[] accounts;

		private final long[] amounts;

		/**
		 * The counted parts of the amounts, without the parts that did not fit into a
		 * sum.
		 */
		private final long[] counted;

		private long deadline;

		private State state = State.HELD;

		@Nullable MemoryLease before;

		@Nullable MemoryLease after;

		MemoryLease(long number, Account[] accounts, long[] amounts) {
			this.number = number;
			this.accounts = accounts;
			this.amounts = amounts;
			this.counted = new long[amounts.length];
		}

		boolean isAfter(MemoryLease other) {
			return this.deadline - other.deadline > 0;
		}

		long number() {
			return this.number;
		}

		long ticks(int index) {
			return (this.state == State.EXPIRED) ? this.counted[index] : this.amounts[index];
		}

		@Override
		public String id() {
			return Long.toString(this.number);
		}

		@Override
		public List<BudgetKey> keys() {
			List<BudgetKey> keys = new ArrayList<>(this.accounts.length);
			for (Account account : this.accounts) {
				keys.add(account.key());
			}
			return keys;
		}

		@Override
		public long ticks() {
			long most = 0;
			for (long amount : this.amounts) {
				most = Math.max(most, amount);
			}
			return most;
		}

		/**
		 * State of a lease.
		 */
		enum State {

			HELD, EXPIRED, ENDED

		}

	}

}
