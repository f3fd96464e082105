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
 * Does once, in the background and when the application is ready, what the first call
 * would otherwise wait for. Neither start nor shutdown wait for it; a failure concerns
 * nobody.
 */
final class WarmUp implements DisposableBean {

	static final String THREAD = "grok-warm-up";

	private static final Log logger = LogFactory.getLog(WarmUp.class);

	private final Exercise exercise;

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	/**
	 * Create a warm-up.
	 * @param exercise what is to be done
	 */
	WarmUp(Exercise exercise) {
		this.exercise = exercise;
	}

	@EventListener(ApplicationReadyEvent.class)
	void start() {
		Thread thread = new Thread(this::run, THREAD);
		thread.setDaemon(true);
		// Contexts below this one become ready too; in a native image there is nothing to
		// load
		if (!NativeDetector.inNativeImage() && this.thread.compareAndSet(null, thread)) {
			thread.start();
		}
	}

	private void run() {
		long start = System.nanoTime();
		try {
			this.exercise.run();
			logger.debug("Warmed up in " + (System.nanoTime() - start) / 1_000_000 + " ms");
		}
		catch (Exception | LinkageError ex) {
			logger.debug("The warm-up was given up; the first call will take longer", ex);
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
	 * What is to be done.
	 */
	@FunctionalInterface
	interface Exercise {

		/**
		 * Do it.
		 * @throws Exception if something is in the way
		 */
		void run() throws Exception;

	}

}
