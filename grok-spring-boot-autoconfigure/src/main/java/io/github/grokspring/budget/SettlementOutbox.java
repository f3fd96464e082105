package io.github.grokspring.budget;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import io.github.grokspring.chain.Ticks;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Executes settlements and retries those that fail until the store accepts them, which is
 * safe because a store counts each lease once. Thread-safe.
 */
final class SettlementOutbox implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(SettlementOutbox.class);

	static final int CAPACITY = 10_000;

	private static final Duration FIRST_DELAY = Duration.ofMillis(100);

	private static final Duration MAX_DELAY = Duration.ofSeconds(10);

	private static final int ATTEMPTS_AT_CLOSE = 6;

	private final Timer timer;

	private final Queue<Settlement> pending = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicLong ticks = new AtomicLong();

	/**
	 * Held by the thread that processes the queue.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private Duration delay = FIRST_DELAY;

	private boolean scheduled;

	private boolean closed;

	SettlementOutbox(Timer timer) {
		this.timer = timer;
	}

	/**
	 * Executes a settlement, or queues it if that fails. Does not throw.
	 */
	void settle(Settlement settlement) {
		Throwable failure = attempt(settlement);
		if (failure == null) {
			return;
		}
		this.lock.lock();
		try {
			boolean kept = !this.closed && this.count.get() < CAPACITY;
			log(settlement, failure, kept);
			if (kept) {
				this.count.incrementAndGet();
				this.ticks.accumulateAndGet(settlement.ticks(), Ticks::plus);
				this.pending.add(settlement);
				schedule();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void log(Settlement settlement, Throwable failure, boolean kept) {
		String consequence = kept ? "It is tried again until the budget store accepts it."
				: "It is not tried again, because "
						+ (this.closed ? "the application ends." : CAPACITY + " others wait for that already.");
		String message = settlement.failureMessage() + ". " + consequence;
		if (this.pending.isEmpty()) {
			logger.error(message, failure);
		}
		else {
			// The first failure was logged with its stack trace.
			logger.error(message + " The cause is " + failure.getClass().getName() + ".");
		}
	}

	/**
	 * Returns the cost of the calls whose settlements are pending.
	 */
	long ticks() {
		return this.ticks.get();
	}

	private void schedule() {
		if (this.scheduled || this.closed) {
			return;
		}
		try {
			this.timer.scheduler().schedule(this::retry, this.delay.toMillis(), TimeUnit.MILLISECONDS);
			this.scheduled = true;
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Pending settlements are retried when the budgets are closed", ex);
		}
	}

	private void retry() {
		this.lock.lock();
		try {
			this.scheduled = false;
			boolean progress = retryPending(false);
			if (this.pending.isEmpty()) {
				this.delay = FIRST_DELAY;
				logger.info("All pending settlements have been recorded");
				return;
			}
			this.delay = progress ? FIRST_DELAY : doubled(this.delay);
			schedule();
		}
		finally {
			this.lock.unlock();
		}
	}

	private static Duration doubled(Duration delay) {
		Duration twice = delay.multipliedBy(2);
		return (twice.compareTo(MAX_DELAY) < 0) ? twice : MAX_DELAY;
	}

	/**
	 * Retries pending settlements.
	 * @param evenAfterFailure whether to continue after a failure
	 * @return whether any succeeded
	 */
	private boolean retryPending(boolean evenAfterFailure) {
		boolean progress = false;
		for (int i = this.pending.size(); i > 0; i--) {
			Settlement settlement = this.pending.element();
			Throwable failure = attempt(settlement);
			this.pending.remove();
			if (failure == null) {
				progress = true;
				this.count.decrementAndGet();
				this.ticks.addAndGet(-settlement.ticks());
			}
			else {
				logger.debug(settlement.failureMessage() + " again", failure);
				this.pending.add(settlement);
				if (!evenAfterFailure) {
					return progress;
				}
			}
		}
		return progress;
	}

	private static @Nullable Throwable attempt(Settlement settlement) {
		try {
			settlement.task().run();
			return null;
		}
		catch (Throwable ex) {
			// The response is complete and billed and must not be lost as well.
			return ex;
		}
	}

	/**
	 * Retries pending settlements a few more times.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			Duration pause = FIRST_DELAY;
			for (int i = 0; i < ATTEMPTS_AT_CLOSE && !this.pending.isEmpty(); i++) {
				if (i > 0) {
					this.timer.sleep(pause);
					pause = pause.multipliedBy(2);
				}
				retryPending(i == 0 || i == ATTEMPTS_AT_CLOSE - 1);
			}
			if (!this.pending.isEmpty()) {
				logger.error("The budget store did not accept " + this.pending.size()
						+ " settlements before the application ended: $" + Ticks.toUsd(this.ticks.get()).toPlainString()
						+ " are not noted. A store that outlives it counts what those calls had reserved.");
			}
		}
		finally {
			this.lock.unlock();
			this.timer.scheduler().dispose();
		}
	}

	/**
	 * Settlement of a lease.
	 *
	 * @param client the client of the call
	 * @param ticks the cost that is not recorded while the settlement fails
	 * @param task records the settlement and can be repeated
	 */
	record Settlement(String client, long ticks, Runnable task) {

		private String failureMessage() {
			return "What a call of client '" + this.client + "' cost could not be noted in its budgets: $"
					+ Ticks.toUsd(this.ticks).toPlainString();
		}

	}

	/**
	 * Timing of retries.
	 *
	 * @param scheduler the scheduler of retries
	 * @param sleeper the sleeper of the closing thread
	 */
	record Timer(Scheduler scheduler, Sleeper sleeper) {

		static Timer system() {
			return new Timer(Schedulers.newSingle("grok-budget-retry", true),
					(pause) -> TimeUnit.MILLISECONDS.sleep(pause.toMillis()));
		}

		private void sleep(Duration pause) {
			try {
				this.sleeper.sleep(pause);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	@FunctionalInterface
	interface Sleeper {

		void sleep(Duration pause) throws InterruptedException;

	}

}
