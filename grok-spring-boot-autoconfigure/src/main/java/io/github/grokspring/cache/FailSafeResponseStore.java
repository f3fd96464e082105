package io.github.grokspring.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ResponseStore} that never fails and is never waited for longer than is
 * allowed: without it, calls go on as if there was no cache. Safe for use by several
 * threads.
 */
final class FailSafeResponseStore implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(FailSafeResponseStore.class);

	private static final int THREADS = 16;

	private static final int WAITING = 4096;

	/** After so many failures in a row a store is left alone for a while. */
	private static final int PATIENCE = 3;

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

	/** Within this time, a failure belongs to the outage that was warned about. */
	private static final long OUTAGE = TimeUnit.MINUTES.toNanos(1);

	/** What nobody can read, in place of what nobody is to read. */
	private static final String NOTHING = "{}";

	private final ResponseStore store;

	private final Duration timeout;

	private final LongSupplier nanoTime;

	private final Executor threads;

	private int failures;

	private long pausedAt;

	private boolean warned;

	private long failedAt;

	FailSafeResponseStore(ResponseStore store, Duration timeout, LongSupplier nanoTime) {
		this.store = store;
		this.timeout = timeout;
		this.nanoTime = nanoTime;
		this.threads = store.mayBlock() ? threads() : Runnable::run;
	}

	/**
	 * Look for a text. Ends within the time that is allowed.
	 * @param key its key
	 * @return the text, or {@code null} if there is none or the store is out of order
	 */
	CompletableFuture<@Nullable String> get(String key) {
		return this.<@Nullable String>run(() -> this.store.get(key));
	}

	/**
	 * Keep a text.
	 * @param wanted whether it is still to be kept, which may change at any time
	 * @return ends when it is kept, or the time is up
	 */
	CompletableFuture<@Nullable Void> put(String key, String text, Duration ttl, BooleanSupplier wanted) {
		return this.<@Nullable Void>run(() -> {
			if (wanted.getAsBoolean()) {
				this.store.put(key, text, ttl);
				if (!wanted.getAsBoolean()) {
					this.store.put(key, NOTHING, ttl);
				}
			}
			return null;
		});
	}

	/**
	 * Forget all texts. Fails as the store does, because whoever wants it should know.
	 */
	void clear() {
		this.store.clear();
	}

	private <T extends @Nullable Object> CompletableFuture<@Nullable T> run(Supplier<T> operation) {
		if (isPaused()) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<@Nullable T> result = new CompletableFuture<>();
		try {
			this.threads.execute(() -> {
				if (!result.isDone()) {
					run(operation, result);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// Too many are waiting already, who will find out what is wrong, or it is
			// closed
			return CompletableFuture.completedFuture(null);
		}
		if (result.isDone()) {
			return result;
		}
		result.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		return result.exceptionally((failure) -> {
			if (failure instanceof TimeoutException) {
				failed("did not answer within " + this.timeout.toMillis() + " ms", true);
			}
			return null;
		});
	}

	// Whatever a library throws, an answer must not be lost for it
	private <T extends @Nullable Object> void run(Supplier<T> operation, CompletableFuture<@Nullable T> result) {
		try {
			T value = operation.get();
			// Who comes too late is no better than who does not come
			if (!result.isDone()) {
				succeeded();
			}
			result.complete(value);
		}
		catch (Throwable ex) {
			failed("failed (" + ex.getClass().getName() + ")", false);
			result.complete(null);
		}
	}

	private synchronized boolean isPaused() {
		if (this.failures >= PATIENCE && this.nanoTime.getAsLong() - this.pausedAt < PAUSE) {
			return true;
		}
		if (this.failures >= PATIENCE) {
			// One may try, the others go on without
			this.pausedAt = this.nanoTime.getAsLong();
		}
		return false;
	}

	private synchronized void succeeded() {
		this.failures = 0;
		if (this.warned && this.nanoTime.getAsLong() - this.failedAt > OUTAGE) {
			this.warned = false;
			logger.info("The cache of responses works again");
		}
	}

	private void failed(String how, boolean hangs) {
		boolean news;
		synchronized (this) {
			news = !this.warned;
			this.warned = true;
			this.failedAt = this.nanoTime.getAsLong();
			this.pausedAt = this.failedAt;
			this.failures = hangs ? PATIENCE : Math.min(PATIENCE, this.failures + 1);
		}
		if (news) {
			logger.warn("The cache of responses " + how + ". Calls go on without it, and are paid for. Check the cache"
					+ " behind 'grok.cache.cache-name'; further failures of this outage are not logged.");
		}
	}

	/**
	 * End the threads when they have done what was begun. The store is not used any more.
	 */
	@Override
	public void close() {
		if (this.threads instanceof ExecutorService pool) {
			pool.shutdown();
		}
	}

	private static Executor threads() {
		ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(WAITING), (task) -> {
					Thread thread = new Thread(task, "grok-cache");
					thread.setDaemon(true);
					return thread;
				});
		threads.allowCoreThreadTimeOut(true);
		return threads;
	}

}
