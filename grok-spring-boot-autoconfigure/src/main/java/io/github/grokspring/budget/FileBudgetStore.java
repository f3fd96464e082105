package io.github.grokspring.budget;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import io.github.grokspring.budget.BudgetLedger.Fsync;
import io.github.grokspring.budget.BudgetLedger.OnFailure;
import io.github.grokspring.error.BudgetStoreException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps accounts in memory and notes every settlement in a ledger, before it counts.
 * Reservations wait for no disk.
 * <p>
 * While the ledger cannot be written, settlements count in memory alone. Every second it
 * is tried to replace the ledger by what memory knows, in which they are contained.
 */
final class FileBudgetStore implements BudgetStore {

	private static final Log logger = LogFactory.getLog(FileBudgetStore.class);

	private static final int FEWEST_RECORDS_TO_COMPACT = 10_000;

	private static final int RECORDS_FOR_EACH_ACCOUNT = 4;

	private final MemoryBudgetStore memory;

	private final BudgetLedger settings;

	private final InstantSource clock;

	private final Scheduler scheduler;

	private final Ledger ledger;

	/** Whoever holds it may write; nothing but settlements, releases and repairs do. */
	private final ReentrantLock writing = new ReentrantLock();

	private final AtomicBoolean taskIsDue = new AtomicBoolean();

	private volatile @Nullable IOException failure;

	private volatile boolean closed;

	private int compactAt = FEWEST_RECORDS_TO_COMPACT;

	private FileBudgetStore(MemoryBudgetStore memory, BudgetLedger settings, InstantSource clock, Scheduler scheduler,
			Ledger ledger) {
		this.memory = memory;
		this.settings = settings;
		this.clock = clock;
		this.scheduler = scheduler;
		this.ledger = ledger;
	}

	static FileBudgetStore open(BudgetLedger settings, InstantSource clock) throws IOException {
		Scheduler scheduler = Schedulers.newSingle("grok-ledger", true);
		try {
			return open(settings, clock, scheduler, Ledger.Opener.DISK);
		}
		catch (IOException | RuntimeException | Error ex) {
			scheduler.dispose();
			throw ex;
		}
	}

	static FileBudgetStore open(BudgetLedger settings, InstantSource clock, Scheduler scheduler, Ledger.Opener opener)
			throws IOException {
		MemoryBudgetStore memory = new MemoryBudgetStore(clock);
		Ledger ledger = Ledger.open(settings.file(), opener, (records) -> restore(records, memory, clock.instant()));
		FileBudgetStore store = new FileBudgetStore(memory, settings, clock, scheduler, ledger);
		try {
			store.compactWhenDue();
		}
		catch (IOException ex) {
			ledger.close();
			throw ex;
		}
		return store;
	}

	private static void restore(List<LedgerRecord> records, MemoryBudgetStore memory, Instant now) {
		for (LedgerRecord record : records) {
			for (BudgetKey key : record.keys()) {
				if (!key.period().isOver(now)) {
					memory.restore(key, record.ticks());
				}
			}
		}
	}

	@Override
	public Decision reserve(List<Claim> claims, Instant expires) {
		IOException failure = this.failure;
		if (failure != null && this.settings.onFailure() == OnFailure.REFUSE) {
			throw new BudgetStoreException("The ledger of budgets '" + this.ledger.file() + "' cannot be written ("
					+ failure.getMessage() + "), so the request was not sent. Calls go on within a second after it can;"
					+ " set 'grok.budget.on-write-failure: continue' to let them go on meanwhile.", failure);
		}
		return this.memory.reserve(claims, expires);
	}

	@Override
	public List<Usage> settle(Lease lease, long ticks) {
		long number = 0;
		List<Usage> usage;
		this.writing.lock();
		try {
			if (this.memory.hasEnded(lease)) {
				return List.of();
			}
			if (this.failure == null && ticks > 0) {
				try {
					number = this.ledger.append(new LedgerRecord(ticks, this.clock.instant(), lease.keys()));
				}
				catch (IOException ex) {
					failed(ex);
				}
			}
			if (this.closed && ticks > 0) {
				logger.error("A call ended after the ledger of budgets '" + this.ledger.file()
						+ "' was closed. What it cost is missing in it: $" + Budget.usd(ticks).toPlainString());
			}
			usage = this.memory.settle(lease, ticks);
			compactOrFail();
		}
		finally {
			this.writing.unlock();
		}
		if (number > 0) {
			sync(number);
		}
		return usage;
	}

	@Override
	public void release(Lease lease) {
		this.writing.lock();
		try {
			this.memory.release(lease);
		}
		finally {
			this.writing.unlock();
		}
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
		this.writing.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			if (this.failure != null) {
				this.ledger.replace(spent());
			}
			this.ledger.close();
		}
		catch (IOException ex) {
			logger.error("What was spent may be missing in the ledger '" + this.ledger.file()
					+ "', because it could not be written when it was closed", ex);
		}
		finally {
			this.failure = new IOException("it is closed");
			this.scheduler.dispose();
			this.writing.unlock();
		}
	}

	private void sync(long number) {
		if (this.settings.fsync() == Fsync.INTERVAL) {
			taskIsDue();
			return;
		}
		try {
			this.ledger.sync(number);
		}
		catch (IOException ex) {
			failed(ex);
		}
	}

	private void failed(IOException ex) {
		if (this.failure == null) {
			this.failure = ex;
			logger.error("The ledger of budgets '" + this.ledger.file() + "' cannot be written. "
					+ ((this.settings.onFailure() == OnFailure.REFUSE)
							? "Calls are refused until it can, so that nothing is spent that is not noted"
							: "Calls go on, and what they cost is lost if the process ends before it can"),
					ex);
		}
		taskIsDue();
	}

	/**
	 * Have the disk taken care of within a second.
	 */
	private void taskIsDue() {
		if (!this.closed && this.taskIsDue.compareAndSet(false, true)) {
			try {
				this.scheduler.schedule(this::careForDisk, 1, TimeUnit.SECONDS);
			}
			catch (RejectedExecutionException ex) {
				this.taskIsDue.set(false);
				logger.debug("The ledger of budgets '" + this.ledger.file() + "' is being closed", ex);
			}
		}
	}

	private void careForDisk() {
		this.taskIsDue.set(false);
		this.writing.lock();
		try {
			if (this.closed) {
				return;
			}
			if (this.failure != null) {
				this.ledger.replace(spent());
				this.failure = null;
				logger.info("The ledger of budgets '" + this.ledger.file() + "' can be written again");
			}
		}
		catch (IOException ex) {
			taskIsDue();
			return;
		}
		catch (RuntimeException ex) {
			logger.error("The ledger of budgets '" + this.ledger.file() + "' could not be replaced", ex);
			taskIsDue();
			return;
		}
		finally {
			this.writing.unlock();
		}
		try {
			this.ledger.sync();
		}
		catch (IOException ex) {
			failed(ex);
		}
	}

	private void compactOrFail() {
		try {
			compactWhenDue();
		}
		catch (IOException ex) {
			failed(ex);
		}
	}

	private void compactWhenDue() throws IOException {
		if (this.failure == null && this.ledger.records() >= this.compactAt) {
			List<LedgerRecord> spent = spent();
			this.ledger.replace(spent);
			this.compactAt = Math.max(FEWEST_RECORDS_TO_COMPACT, spent.size() * RECORDS_FOR_EACH_ACCOUNT);
		}
	}

	private List<LedgerRecord> spent() {
		Instant now = this.clock.instant();
		List<LedgerRecord> records = new ArrayList<>();
		for (Usage usage : this.memory.spent()) {
			records.add(new LedgerRecord(usage.used(), now, List.of(usage.key())));
		}
		return records;
	}

}
