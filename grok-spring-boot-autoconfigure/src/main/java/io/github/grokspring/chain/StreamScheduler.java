package io.github.grokspring.chain;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Scheduler on which streams emit their elements. Subscribers may block, even until
 * another stream ends. Streams also end if blocking calls occupy other schedulers, such
 * as {@link Schedulers#boundedElastic()}.
 *
 * @since 0.1.0
 */
public final class StreamScheduler {

	// First Java version whose virtual threads do not pin their carrier in monitors
	private static final int MIN_VIRTUAL_THREADS_VERSION = 24;

	private StreamScheduler() {
	}

	/**
	 * Returns the scheduler, with virtual threads where they can block without pinning,
	 * or else a pool that grows while its threads are blocked.
	 * @return the shared scheduler, which must not be disposed
	 */
	public static Scheduler scheduler() {
		return Shared.SCHEDULER;
	}

	/**
	 * Registers a connection, for which idle threads are kept alive for a while.
	 */
	public static void acquire() {
		if (Shared.EXECUTOR instanceof StreamThreadPool pool) {
			pool.acquire();
		}
	}

	/**
	 * Unregisters a connection. Without connections, idle threads end immediately.
	 */
	public static void release() {
		if (Shared.EXECUTOR instanceof StreamThreadPool pool) {
			pool.release();
		}
	}

	private static ExecutorService create() {
		ExecutorService virtual = (Runtime.version().feature() >= MIN_VIRTUAL_THREADS_VERSION) ? virtual() : null;
		return (virtual != null) ? virtual
				: new StreamThreadPool("grok-stream", Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE);
	}

	// Reflection, because the code is compiled for Java 17
	private static @Nullable ExecutorService virtual() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private static final class Shared {

		private static final ExecutorService EXECUTOR = create();

		private static final Scheduler SCHEDULER = Schedulers.fromExecutorService(EXECUTOR, "grok-stream");

	}

}
