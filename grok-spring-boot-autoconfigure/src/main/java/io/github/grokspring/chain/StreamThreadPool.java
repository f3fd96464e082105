package io.github.grokspring.chain;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * Thread pool for tasks that may block until other tasks of the pool have completed. The
 * number of threads is fixed, except that one is added per blocked thread while queued
 * tasks make no progress.
 */
final class StreamThreadPool extends ThreadPoolExecutor {

	private static final long KEEP_ALIVE_MILLIS = 5_000;

	private static final long CHECK_MILLIS = 10;

	// Threads blocked in native code appear as running, so a thread is added after this
	// number of checks without progress
	private static final int STALLED_CHECKS_BEFORE_GROWTH = 5;

	private static final Executor TIMER = CompletableFuture.delayedExecutor(CHECK_MILLIS, TimeUnit.MILLISECONDS,
			Runnable::run);

	private static final AtomicLongFieldUpdater<StreamThread> STEPS = AtomicLongFieldUpdater
		.newUpdater(StreamThread.class, "steps");

	private final int size;

	private final Set<StreamThread> threads = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean checking = new AtomicBoolean();

	// Guarded by this
	private int connections;

	// Accessed by one check at a time

	private @Nullable Runnable lastHead;

	private int stalledChecks;

	/**
	 * Creates a pool.
	 * @param name the thread name prefix
	 * @param size the number of threads while none is blocked
	 */
	StreamThreadPool(String name, int size) {
		super(size, Integer.MAX_VALUE, KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>());
		this.size = size;
		AtomicInteger count = new AtomicInteger();
		setThreadFactory((worker) -> new StreamThread(this.threads, worker, name + "-" + count.incrementAndGet()));
		allowCoreThreadTimeOut(true);
	}

	@Override
	protected void beforeExecute(Thread thread, Runnable task) {
		((StreamThread) thread).begin();
	}

	@Override
	protected void afterExecute(Runnable task, @Nullable Throwable failure) {
		((StreamThread) Thread.currentThread()).end();
	}

	@Override
	public void execute(Runnable task) {
		super.execute(task);
		checkLater();
	}

	synchronized void acquire() {
		this.connections++;
		setKeepAliveTime(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Unregisters a connection. After the last one, idle threads end immediately and busy
	 * ones when they become idle. The pool remains usable.
	 */
	synchronized void release() {
		this.connections--;
		if (this.connections == 0) {
			setKeepAliveTime(1, TimeUnit.NANOSECONDS);
		}
	}

	private void checkLater() {
		if (!getQueue().isEmpty() && this.checking.compareAndSet(false, true)) {
			TIMER.execute(this::check);
		}
	}

	private void check() {
		try {
			Runnable first = getQueue().peek();
			this.stalledChecks = (first != null && first == this.lastHead) ? this.stalledChecks + 1 : 0;
			this.lastHead = first;
			if (first == null) {
				shrink();
			}
			else if (this.stalledChecks > 0) {
				grow();
			}
		}
		finally {
			this.checking.set(false);
			checkLater();
		}
	}

	// Surplus threads end after the keep-alive time
	private void shrink() {
		if (getCorePoolSize() > this.size) {
			setCorePoolSize(this.size);
		}
	}

	private void grow() {
		int blocked = 0;
		for (StreamThread thread : this.threads) {
			if (!thread.isWorking()) {
				// An idle thread is about to take the task
				return;
			}
			blocked += thread.isStillBlocked() ? 1 : 0;
		}
		int current = getPoolSize();
		int wanted = this.size + blocked;
		if (wanted <= current && this.stalledChecks % STALLED_CHECKS_BEFORE_GROWTH == 0) {
			wanted = current + 1;
		}
		if (wanted > current) {
			setCorePoolSize(wanted);
		}
	}

	/**
	 * Thread that tracks whether it is working and has been blocked since the last check.
	 */
	private static final class StreamThread extends Thread {

		private final Set<StreamThread> threads;

		private final Runnable worker;

		// Incremented at the start and end of each task, so odd while one is running
		private volatile long steps;

		private long stepsWhenBlocked;

		StreamThread(Set<StreamThread> threads, Runnable worker, String name) {
			super(name);
			this.threads = threads;
			this.worker = worker;
			setDaemon(true);
		}

		@Override
		public void run() {
			this.threads.add(this);
			try {
				this.worker.run();
			}
			finally {
				this.threads.remove(this);
			}
		}

		void begin() {
			STEPS.lazySet(this, this.steps + 1);
		}

		void end() {
			STEPS.lazySet(this, this.steps + 1);
		}

		boolean isWorking() {
			return this.steps % 2 == 1;
		}

		boolean isStillBlocked() {
			long current = this.steps;
			boolean still = current == this.stepsWhenBlocked;
			boolean blocked = switch (getState()) {
				case BLOCKED, WAITING, TIMED_WAITING -> true;
				case NEW, RUNNABLE, TERMINATED -> false;
			};
			this.stepsWhenBlocked = blocked ? current : 0;
			return blocked && still;
		}

	}

}
