package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Keeps accounts in memory, under one lock: with one for each key, a call that is refused
 * by its last budget would for a moment take the room of another in its first. The lock
 * is held for a fraction of a microsecond, never while something is waited for.
 */
final class MemoryBudgetStore implements BudgetStore {

	/** How long an account is kept after its period is over. */
	private static final Duration RETENTION = Duration.ofHours(1);

	private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(1);

	private final InstantSource clock;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<BudgetKey, Account> accounts = new HashMap<>();

	private final LeasesByExpiry leases = new LeasesByExpiry();

	private Instant nextCleaning = Instant.MIN;

	private long lastId;

	MemoryBudgetStore(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public Decision reserve(List<Claim> claims, Instant expires) {
		if (claims.stream().anyMatch((claim) -> claim.ticks() < 0)) {
			throw new IllegalArgumentException("'ticks' must not be negative");
		}
		Instant now = this.clock.instant();
		Account[] accounts = new Account[claims.size()];
		long[] amounts = new long[accounts.length];
		this.lock.lock();
		try {
			clean(now);
			int refused = -1;
			for (int i = 0; i < accounts.length; i++) {
				Claim claim = claims.get(i);
				accounts[i] = account(claim.key());
				amounts[i] = claim.ticks();
				if (refused < 0 && !accounts[i].hasRoom(claim.ticks(), claim.limit())) {
					refused = i;
				}
			}
			if (refused >= 0) {
				return new Decision(null, refused, usage(accounts));
			}
			MemoryLease lease = new MemoryLease(++this.lastId, accounts, amounts, expires);
			for (int i = 0; i < accounts.length; i++) {
				accounts[i].reserved += amounts[i];
			}
			this.leases.add(lease);
			return new Decision(lease, -1, usage(accounts));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Usage> settle(Lease lease, long ticks) {
		if (ticks < 0) {
			throw new IllegalArgumentException("'ticks' must not be negative");
		}
		MemoryLease held = own(lease);
		this.lock.lock();
		try {
			if (!end(held)) {
				return List.of();
			}
			for (Account account : held.accounts) {
				account.use(ticks);
			}
			return usage(held.accounts);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void release(Lease lease) {
		MemoryLease held = own(lease);
		this.lock.lock();
		try {
			end(held);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Usage> usage(Collection<BudgetKey> keys) {
		Instant now = this.clock.instant();
		this.lock.lock();
		try {
			clean(now);
			List<Usage> usage = new ArrayList<>(keys.size());
			for (BudgetKey key : keys) {
				Account account = this.accounts.get(key);
				usage.add((account != null) ? account.usage() : new Usage(key, 0, 0));
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
			clean(now);
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

	/**
	 * Note what was spent before this store was made.
	 * @param key under which key
	 * @param ticks how much
	 */
	void restore(BudgetKey key, long ticks) {
		this.lock.lock();
		try {
			account(key).use(ticks);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What was spent in the periods that are not over for long.
	 * @return the amounts under each key that has any
	 */
	List<Usage> spent() {
		Instant now = this.clock.instant();
		this.lock.lock();
		try {
			List<Usage> spent = new ArrayList<>();
			for (Account account : this.accounts.values()) {
				if (account.used > 0 && !account.isForgettable(now)) {
					spent.add(account.usage());
				}
			}
			return spent;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether a lease has been settled or released.
	 */
	boolean hasEnded(Lease lease) {
		MemoryLease held = own(lease);
		this.lock.lock();
		try {
			return held.state == MemoryLease.State.ENDED;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean end(MemoryLease lease) {
		if (lease.state == MemoryLease.State.ENDED) {
			return false;
		}
		giveBack(lease);
		lease.state = MemoryLease.State.ENDED;
		return true;
	}

	private void giveBack(MemoryLease lease) {
		if (lease.state == MemoryLease.State.HELD) {
			this.leases.remove(lease);
			for (int i = 0; i < lease.accounts.length; i++) {
				lease.accounts[i].reserved -= lease.amounts[i];
			}
		}
	}

	private void clean(Instant now) {
		for (MemoryLease lease = this.leases.first(); lease != null
				&& !now.isBefore(lease.expires()); lease = this.leases.first()) {
			giveBack(lease);
			lease.state = MemoryLease.State.EXPIRED;
		}
		if (!now.isBefore(this.nextCleaning)) {
			this.nextCleaning = now.plus(BETWEEN_CLEANINGS);
			this.accounts.values().removeIf((account) -> account.reserved == 0 && account.isForgettable(now));
		}
	}

	private Account account(BudgetKey key) {
		Account account = this.accounts.get(key);
		if (account == null) {
			account = new Account(key);
			this.accounts.put(key, account);
		}
		return account;
	}

	private static MemoryLease own(Lease lease) {
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
	 * The amounts under one key, to be touched under the lock.
	 */
	static final class Account {

		private final BudgetKey key;

		private long used;

		private long reserved;

		Account(BudgetKey key) {
			this.key = key;
		}

		BudgetKey key() {
			return this.key;
		}

		private boolean hasRoom(long ticks, long limit) {
			// Neither amount is negative, but their sum may be too much for a long.
			long taken = this.used + this.reserved;
			return limit == Long.MAX_VALUE || (taken >= 0 && taken <= limit && ticks <= limit - taken);
		}

		private void use(long ticks) {
			long sum = this.used + ticks;
			this.used = (sum >= 0) ? sum : Long.MAX_VALUE;
		}

		private boolean isEmpty() {
			return this.used == 0 && this.reserved == 0;
		}

		private boolean isForgettable(Instant now) {
			Instant end = this.key.period().end();
			return end != null && now.isAfter(end.plus(RETENTION));
		}

		private Usage usage() {
			return new Usage(this.key, this.used, this.reserved);
		}

	}

	/**
	 * An amount that is reserved, in a list of all that are. What changes is to be
	 * touched under the lock.
	 */
	static final class MemoryLease implements Lease {

		private final long number;

		private final Account[] accounts;

		private final long[] amounts;

		private final Instant expires;

		private State state = State.HELD;

		@Nullable MemoryLease before;

		@Nullable MemoryLease after;

		MemoryLease(long number, Account[] accounts, long[] amounts, Instant expires) {
			this.number = number;
			this.accounts = accounts;
			this.amounts = amounts;
			this.expires = expires;
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

		@Override
		public Instant expires() {
			return this.expires;
		}

		/**
		 * What has become of a lease.
		 */
		enum State {

			HELD, EXPIRED, ENDED

		}

	}

}
