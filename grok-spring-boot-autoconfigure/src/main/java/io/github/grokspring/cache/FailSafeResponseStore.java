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
 * Wrapper for a {@link ResponseStore} that never fails and never exceeds the timeout. If
 * the store is unavailable, calls proceed as if there were no cache. Thread-safe.
 */
final class FailSafeResponseStore implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(FailSafeResponseStore.class);

	private static final int THREADS = 16;

	private static final int QUEUE_CAPACITY = 4096;

	/** Number of consecutive failures after which the store is paused. */
	private static final int MAX_FAILURES = 3;

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

	/** Failures within this time belong to the outage that has been logged. */
	private static final long OUTAGE_WINDOW = TimeUnit.MINUTES.toNanos(1);

	/** Unreadable entry that replaces one that is no longer wanted. */
	private static final String TOMBSTONE = "{}";

	private final ResponseStore store;

	private final Duration timeout;

	private final LongSupplier nanoTime;

	private final Executor executor;

	private int failures;

	private long pausedAt;

	private boolean warned;

	private long failedAt;

	FailSafeResponseStore(ResponseStore store, Duration timeout, LongSupplier nanoTime) {
		this.store = store;
		this.timeout = timeout;
		this.nanoTime = nanoTime;
		this.executor = store.mayBlock() ? createExecutor() : Runnable::run;
	}

	CompletableFuture<@Nullable String> get(String key) {
		return this.<@Nullable String>run(() -> this.store.get(key));
	}

	/**
	 * Stores a text.
	 * @param condition whether to store the text; may change at any time
	 */
	CompletableFuture<@Nullable Void> put(String key, String text, Duration ttl, BooleanSupplier condition) {
		return this.<@Nullable Void>run(() -> {
			if (condition.getAsBoolean()) {
				this.store.put(key, text, ttl);
				if (!condition.getAsBoolean()) {
					this.store.put(key, TOMBSTONE, ttl);
				}
			}
			return null;
		});
	}

	/**
	 * Removes all texts. Unlike the other operations, it propagates failures of the
	 * store.
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
			this.executor.execute(() -> {
				if (!result.isDone()) {
					run(operation, result);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// The queue is full or the executor has been shut down
			return CompletableFuture.completedFuture(null);
		}
		if (result.isDone()) {
			return result;
		}
		result.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		return result.exceptionally((failure) -> {
			if (failure instanceof TimeoutException) {
				recordFailure("did not respond within " + this.timeout.toMillis() + " ms", true);
			}
			return null;
		});
	}

	// Catches everything: a response must not be lost because of the cache
	private <T extends @Nullable Object> void run(Supplier<T> operation, CompletableFuture<@Nullable T> result) {
		try {
			T value = operation.get();
			// A result after the timeout is no success
			if (!result.isDone()) {
				recordSuccess();
			}
			result.complete(value);
		}
		catch (Throwable ex) {
			recordFailure("failed (" + ex.getClass().getName() + ")", false);
			result.complete(null);
		}
	}

	private synchronized boolean isPaused() {
		if (this.failures >= MAX_FAILURES && this.nanoTime.getAsLong() - this.pausedAt < PAUSE) {
			return true;
		}
		if (this.failures >= MAX_FAILURES) {
			// Lets one operation through
			this.pausedAt = this.nanoTime.getAsLong();
		}
		return false;
	}

	private synchronized void recordSuccess() {
		this.failures = 0;
		if (this.warned && this.nanoTime.getAsLong() - this.failedAt > OUTAGE_WINDOW) {
			this.warned = false;
			logger.info("The response cache is available again");
		}
	}

	private void recordFailure(String description, boolean timedOut) {
		boolean firstFailure;
		synchronized (this) {
			firstFailure = !this.warned;
			this.warned = true;
			this.failedAt = this.nanoTime.getAsLong();
			this.pausedAt = this.failedAt;
			this.failures = timedOut ? MAX_FAILURES : Math.min(MAX_FAILURES, this.failures + 1);
		}
		if (firstFailure) {
			logger.warn("The response cache " + description + ". Calls proceed without it and are billed. Check the"
					+ " cache named by 'grok.cache.cache-name'. Further failures of this outage are not logged.");
		}
	}

	@Override
	public void close() {
		if (this.executor instanceof ExecutorService pool) {
			pool.shutdown();
		}
	}

	private static Executor createExecutor() {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(QUEUE_CAPACITY), (task) -> {
					Thread thread = new Thread(task, "grok-cache");
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

}
