package io.github.grokspring.budget;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.github.grokspring.budget.LedgerRecord.Amount;
import io.github.grokspring.budget.LedgerSettings.Fsync;
import io.github.grokspring.budget.LedgerSettings.OnFailure;
import io.github.grokspring.budget.MemoryBudgetStore.MemoryLease;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.error.BudgetStoreException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * {@link BudgetStore} with accounts in memory and a ledger of all reservations and
 * settlements. A settlement counts after it has been written to disk. A reservation is
 * handed to the operating system and reaches the disk with the next settlement, or within
 * a second.
 * <p>
 * While the ledger cannot be written, settlements count in memory only. Every second, the
 * store tries to replace the ledger by the state in memory, which contains them.
 */
final class FileBudgetStore implements BudgetStore {

	private static final Log logger = LogFactory.getLog(FileBudgetStore.class);

	private static final int MIN_RECORDS_TO_COMPACT = 10_000;

	private static final int RECORDS_PER_ACCOUNT = 4;

	private final MemoryBudgetStore memory;

	private final LedgerSettings settings;

	private final InstantSource clock;

	private final Scheduler scheduler;

	private final LedgerFile ledger;

	/**
	 * Guards writes.
	 */
	private final ReentrantLock writeLock = new ReentrantLock();

	private final AtomicBoolean flushScheduled = new AtomicBoolean();

	private volatile @Nullable IOException failure;

	private volatile boolean closed;

	private int compactAt = MIN_RECORDS_TO_COMPACT;

	private FileBudgetStore(MemoryBudgetStore memory, LedgerSettings settings, InstantSource clock, Scheduler scheduler,
			LedgerFile ledger) {
		this.memory = memory;
		this.settings = settings;
		this.clock = clock;
		this.scheduler = scheduler;
		this.ledger = ledger;
	}

	static FileBudgetStore open(LedgerSettings settings, InstantSource clock, LongSupplier nanoTime)
			throws IOException {
		Scheduler scheduler = Schedulers.newSingle("grok-ledger", true);
		try {
			return open(settings, clock, nanoTime, scheduler, LedgerFile.Opener.DISK);
		}
		catch (Throwable ex) {
			scheduler.dispose();
			throw ex;
		}
	}

	static FileBudgetStore open(LedgerSettings settings, InstantSource clock, LongSupplier nanoTime,
			Scheduler scheduler, LedgerFile.Opener opener) throws IOException {
		MemoryBudgetStore memory = new MemoryBudgetStore(clock, nanoTime);
		List<LedgerRecord> open = new ArrayList<>();
		LedgerFile ledger = LedgerFile.open(settings.file(), opener,
				(records) -> open.addAll(restore(records, memory, clock.instant())));
		FileBudgetStore store = new FileBudgetStore(memory, settings, clock, scheduler, ledger);
		try {
			if (open.isEmpty()) {
				store.compactIfDue();
			}
			else {
				store.logOpenReservations(open);
				store.settleOpenReservations();
			}
		}
		catch (Throwable ex) {
			ledger.close();
			throw ex;
		}
		return store;
	}

	/**
	 * Restores usage and open reservations.
	 * @return the open reservations
	 */
	private static Collection<LedgerRecord> restore(List<LedgerRecord> records, MemoryBudgetStore memory, Instant now) {
		Map<Long, LedgerRecord> held = new LinkedHashMap<>();
		for (LedgerRecord record : records) {
			if (record.kind() == LedgerRecord.Kind.HELD) {
				held.put(record.lease(), record);
			}
			else {
				held.remove(record.lease());
				restore(record, memory, now);
			}
		}
		held.values().forEach((record) -> restore(record, memory, now));
		return held.values();
	}

	private static void restore(LedgerRecord record, MemoryBudgetStore memory, Instant now) {
		for (Amount amount : record.amounts()) {
			if (!amount.key().period().isOver(now)) {
				memory.restore(amount.key(), amount.ticks());
			}
		}
	}

	/**
	 * Replaces the ledger, so that open reservations are not counted again at the next
	 * start.
	 */
	private void settleOpenReservations() {
		this.writeLock.lock();
		try {
			this.ledger.replace(content());
		}
		catch (IOException ex) {
			onWriteFailure(ex);
		}
		finally {
			this.writeLock.unlock();
		}
	}

	private void logOpenReservations(List<LedgerRecord> open) {
		BigDecimal sum = open.stream()
			.map((record) -> Ticks.toUsd(record.amounts().stream().mapToLong(Amount::ticks).max().orElse(0)))
			.reduce(BigDecimal.ZERO, BigDecimal::add);
		logger.warn("The budget ledger '" + this.ledger.file() + "' contains " + open.size()
				+ " calls that were in progress when the previous process ended. Their cost is unknown, so their"
				+ " reservations count as spent: $" + sum.stripTrailingZeros().toPlainString());
	}

	@Override
	public Decision reserve(List<Claim> claims, Duration time) {
		this.writeLock.lock();
		try {
			if (claims.stream().anyMatch((claim) -> claim.ticks() > 0)) {
				requireWritable();
			}
			Decision decision = this.memory.reserve(claims, time);
			if (decision.lease() instanceof MemoryLease lease) {
				append(held(lease));
				if (lease.ticks() > 0 && this.failure != null && this.settings.onFailure() == OnFailure.REFUSE) {
					this.memory.release(lease);
					requireWritable();
				}
				compactSafely();
			}
			return decision;
		}
		finally {
			this.writeLock.unlock();
		}
	}

	private void requireWritable() {
		IOException failure = this.failure;
		if (failure != null && this.settings.onFailure() == OnFailure.REFUSE) {
			throw new BudgetStoreException("The budget ledger '" + this.ledger.file() + "' cannot be written ("
					+ failure.getMessage() + "), so the request was not sent. Calls go on within a second after it can;"
					+ " set 'grok.budget.on-write-failure: continue' to let them go on meanwhile.", failure);
		}
	}

	@Override
	public void renew(Lease lease, List<Long> ticks, Duration time) {
		this.writeLock.lock();
		try {
			if (this.memory.renewLease(lease, ticks, time) && lease instanceof MemoryLease held) {
				append(held(held));
				compactSafely();
			}
		}
		finally {
			this.writeLock.unlock();
		}
	}

	@Override
	public List<Usage> settle(Lease lease, List<Long> ticks) {
		MemoryBudgetStore.requireAmounts(MemoryBudgetStore.requireOwn(lease), ticks);
		long number = 0;
		List<Usage> usage;
		this.writeLock.lock();
		try {
			if (this.memory.stateOf(lease) == MemoryLease.State.ENDED) {
				return List.of();
			}
			number = append(LedgerRecord.spent(number(lease), this.clock.instant(), amounts(ticks, lease.keys())));
			long most = ticks.stream().mapToLong(Long::longValue).max().orElse(0);
			if (this.closed && most > 0) {
				logger.error("A call ended after the budget ledger '" + this.ledger.file()
						+ "' was closed. At the next start what it had reserved counts, and not what it cost: $"
						+ Ticks.toUsd(most).toPlainString());
			}
			usage = this.memory.settle(lease, ticks);
			compactSafely();
		}
		finally {
			this.writeLock.unlock();
		}
		if (number > 0) {
			sync(number);
		}
		return usage;
	}

	@Override
	public void release(Lease lease) {
		this.writeLock.lock();
		try {
			if (this.memory.stateOf(lease) == MemoryLease.State.ENDED) {
				return;
			}
			append(LedgerRecord.released(number(lease), this.clock.instant()));
			this.memory.release(lease);
			compactSafely();
		}
		finally {
			this.writeLock.unlock();
		}
	}

	/**
	 * Replaces the ledger, because a record can only add to the usage.
	 */
	@Override
	public Usage adjust(BudgetKey key, long ticks) {
		this.writeLock.lock();
		try {
			if (this.closed) {
				throw adjustmentFailed(new IOException("the store is closed"));
			}
			long before = this.memory.usage(List.of(key)).get(0).used();
			Usage after = this.memory.adjust(key, ticks);
			try {
				this.ledger.replace(content());
			}
			catch (IOException ex) {
				this.memory.adjust(key, before - after.used());
				onWriteFailure(ex);
				throw adjustmentFailed(ex);
			}
			return after;
		}
		finally {
			this.writeLock.unlock();
		}
	}

	private BudgetStoreException adjustmentFailed(IOException ex) {
		return new BudgetStoreException("The budget ledger '" + this.ledger.file() + "' cannot be written ("
				+ ex.getMessage() + "), so the budget was not adjusted. Try again when it can.", ex);
	}

	@Override
	public List<Usage> usage(Collection<BudgetKey> keys) {
		return this.memory.usage(keys);
	}

	@Override
	public List<Usage> usage(String budget) {
		return this.memory.usage(budget);
	}

	@Override
	public boolean mayWait() {
		return true;
	}

	@Override
	public void close() {
		this.writeLock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			writePending();
		}
		catch (IOException ex) {
			logger.error("Settlements may be missing in the budget ledger '" + this.ledger.file()
					+ "', because it could not be written when it was closed", ex);
		}
		finally {
			this.failure = new IOException("the store is closed");
			this.scheduler.dispose();
			this.writeLock.unlock();
		}
	}

	/**
	 * Releases the file even if the write fails.
	 */
	private void writePending() throws IOException {
		try (this.ledger) {
			if (this.failure != null || !this.ledger.isInPlace()) {
				this.ledger.replace(content());
			}
		}
	}

	/**
	 * Writes the ledger again if its file was deleted or replaced. Otherwise, later
	 * records would be lost at the next start.
	 */
	private void rewriteIfMissing() {
		if (this.closed || this.failure != null || this.ledger.isInPlace()) {
			return;
		}
		logger.warn("The budget ledger '" + this.ledger.file()
				+ "' was deleted or replaced. It is written again with the state of this process");
		try {
			this.ledger.replace(content());
		}
		catch (IOException ex) {
			onWriteFailure(ex);
		}
	}

	/**
	 * Appends a record, unless the ledger cannot be written.
	 * @return the number of the record, or 0 if it was not written
	 */
	private long append(LedgerRecord record) {
		rewriteIfMissing();
		if (this.failure != null) {
			return 0;
		}
		try {
			long number = this.ledger.append(record);
			scheduleFlush();
			return number;
		}
		catch (IOException ex) {
			onWriteFailure(ex);
			return 0;
		}
	}

	private void sync(long number) {
		if (this.settings.fsync() == Fsync.INTERVAL) {
			return;
		}
		try {
			this.ledger.sync(number);
		}
		catch (IOException ex) {
			onWriteFailure(ex);
		}
	}

	private void onWriteFailure(IOException ex) {
		if (this.failure == null) {
			this.failure = ex;
			logger.error("The budget ledger '" + this.ledger.file() + "' cannot be written. "
					+ ((this.settings.onFailure() == OnFailure.REFUSE)
							? "Calls are refused until it can, so that nothing is spent that is not noted"
							: "Calls go on, and what they cost is lost if the process ends before it can"),
					ex);
		}
		scheduleFlush();
	}

	/**
	 * Schedules a flush within a second.
	 */
	private void scheduleFlush() {
		if (!this.closed && this.flushScheduled.compareAndSet(false, true)) {
			try {
				this.scheduler.schedule(this::flushOrRecover, 1, TimeUnit.SECONDS);
			}
			catch (RejectedExecutionException ex) {
				this.flushScheduled.set(false);
				logger.debug("The budget ledger '" + this.ledger.file() + "' is being closed", ex);
			}
		}
	}

	private void flushOrRecover() {
		this.flushScheduled.set(false);
		this.writeLock.lock();
		try {
			if (this.closed) {
				return;
			}
			rewriteIfMissing();
			if (this.failure != null) {
				this.ledger.replace(content());
				this.failure = null;
				logger.info("The budget ledger '" + this.ledger.file() + "' can be written again");
			}
		}
		catch (IOException ex) {
			scheduleFlush();
			return;
		}
		catch (Throwable ex) {
			logger.error("The budget ledger '" + this.ledger.file() + "' could not be replaced", ex);
			scheduleFlush();
			return;
		}
		finally {
			this.writeLock.unlock();
		}
		try {
			this.ledger.sync();
		}
		catch (IOException ex) {
			onWriteFailure(ex);
		}
	}

	private void compactSafely() {
		try {
			compactIfDue();
		}
		catch (IOException ex) {
			onWriteFailure(ex);
		}
	}

	private void compactIfDue() throws IOException {
		if (this.failure == null && this.ledger.records() >= this.compactAt) {
			List<LedgerRecord> content = content();
			this.ledger.replace(content);
			this.compactAt = Math.max(MIN_RECORDS_TO_COMPACT, content.size() * RECORDS_PER_ACCOUNT);
		}
	}

	/**
	 * Returns the content of a compacted ledger: the sums, and the reservations that are
	 * open or expired, which a settlement can still replace.
	 */
	private List<LedgerRecord> content() {
		Instant now = this.clock.instant();
		List<LedgerRecord> records = new ArrayList<>();
		for (Usage usage : this.memory.spent()) {
			records.add(LedgerRecord.spent(LedgerRecord.NO_LEASE, now, List.of(new Amount(usage.used(), usage.key()))));
		}
		for (MemoryLease lease : this.memory.activeLeases()) {
			records.add(held(lease));
		}
		return records;
	}

	private LedgerRecord held(MemoryLease lease) {
		List<BudgetKey> keys = lease.keys();
		List<Long> ticks = new ArrayList<>(keys.size());
		for (int i = 0; i < keys.size(); i++) {
			ticks.add(lease.ticks(i));
		}
		return LedgerRecord.held(lease.number(), this.clock.instant(), amounts(ticks, keys));
	}

	private static List<Amount> amounts(List<Long> ticks, List<BudgetKey> keys) {
		List<Amount> amounts = new ArrayList<>(keys.size());
		for (int i = 0; i < keys.size(); i++) {
			amounts.add(new Amount(ticks.get(i), keys.get(i)));
		}
		return amounts;
	}

	private static long number(Lease lease) {
		return MemoryBudgetStore.requireOwn(lease).number();
	}

}
