package io.github.grokspring.autoconfigure;

import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.NativeDetector;

/**
 * Runs a warm-up task once in the background when the application is ready, so that the
 * first call does not have to load classes. Neither startup nor shutdown waits for it,
 * and failures are only logged at DEBUG.
 */
final class WarmUp implements DisposableBean {

	static final String THREAD = "grok-warm-up";

	private static final Log logger = LogFactory.getLog(WarmUp.class);

	private final WarmUpTask task;

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	/**
	 * Creates a warm-up.
	 * @param task the task
	 */
	WarmUp(WarmUpTask task) {
		this.task = task;
	}

	@EventListener(ApplicationReadyEvent.class)
	void start() {
		Thread thread = new Thread(this::run, THREAD);
		thread.setDaemon(true);
		// Child contexts publish the event too; a native image has no classes to load
		if (!NativeDetector.inNativeImage() && this.thread.compareAndSet(null, thread)) {
			thread.start();
		}
	}

	private void run() {
		long start = System.nanoTime();
		try {
			this.task.run();
			logger.debug("Completed warm-up in " + (System.nanoTime() - start) / 1_000_000 + " ms");
		}
		catch (Exception | LinkageError ex) {
			logger.debug("Warm-up failed; the first call will take longer", ex);
		}
	}

	@Override
	public void destroy() {
		Thread thread = this.thread.get();
		if (thread != null) {
			thread.interrupt();
		}
	}

	/**
	 * A warm-up task.
	 */
	@FunctionalInterface
	interface WarmUpTask {

		/**
		 * Runs the task.
		 * @throws Exception if the task fails
		 */
		void run() throws Exception;

	}

}
