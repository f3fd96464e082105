package io.github.grokspring.chain;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads on which streams reach their subscribers, which may block there, even until
 * another stream ends. Blocking calls that wait for a stream to end elsewhere, such as on
 * {@link Schedulers#boundedElastic()}, do not keep it from ending.
 *
 * @since 0.1.0
 */
public final class StreamScheduler {

	/**
	 * The first version of Java whose virtual threads let go of their carriers in
	 * monitors.
	 */
	private static final int JAVA_WITH_VIRTUAL_THREADS = 24;

	private StreamScheduler() {
	}

	/**
	 * The threads: virtual ones where they may block anywhere, else platform threads that
	 * become more while some of them are blocked.
	 * @return a scheduler that is never to be disposed
	 */
	public static Scheduler scheduler() {
		return Shared.SCHEDULER;
	}

	/**
	 * Keep idle threads for a while. To be called for each connection that is created.
	 */
	public static void acquire() {
		if (Shared.EXECUTOR instanceof StreamThreadPool pool) {
			pool.acquire();
		}
	}

	/**
	 * End threads as soon as they are idle when no connection needs them any more. To be
	 * called for each connection that is closed.
	 */
	public static void release() {
		if (Shared.EXECUTOR instanceof StreamThreadPool pool) {
			pool.release();
		}
	}

	private static ExecutorService create() {
		ExecutorService virtual = (Runtime.version().feature() >= JAVA_WITH_VIRTUAL_THREADS) ? virtual() : null;
		return (virtual != null) ? virtual
				: new StreamThreadPool("grok-stream", Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE);
	}

	// Found by its name, because this is compiled for a JDK that has none.
	private static @Nullable ExecutorService virtual() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Made when the first stream needs it.
	 */
	private static final class Shared {

		private static final ExecutorService EXECUTOR = create();

		private static final Scheduler SCHEDULER = Schedulers.fromExecutorService(EXECUTOR, "grok-stream");

	}

}
