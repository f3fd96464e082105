package io.github.grokspring.chain;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads on which streams reach their subscribers, which may block there. Nothing of
 * this library waits on them: a blocking call that waits for a stream to end can not keep
 * it from ending, as it could on {@link Schedulers#boundedElastic()}, where applications
 * put their blocking calls.
 *
 * @since 0.1.0
 */
public final class StreamThreads {

	private static final int SECONDS_TO_LIVE = 60;

	private StreamThreads() {
	}

	/**
	 * The threads: virtual ones where the JDK has them.
	 * @return a scheduler that is never to be disposed
	 */
	public static Scheduler scheduler() {
		return Shared.SCHEDULER;
	}

	private static Scheduler create() {
		ExecutorService virtual = virtual();
		return (virtual != null) ? Schedulers.fromExecutorService(virtual, "grok-stream")
				: Schedulers.newBoundedElastic(Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE,
						Schedulers.DEFAULT_BOUNDED_ELASTIC_QUEUESIZE, "grok-stream", SECONDS_TO_LIVE, true);
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

		private static final Scheduler SCHEDULER = create();

	}

}
