package io.github.grokspring.budget;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.StreamScheduler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Notes settlements that come from an event loop, which must not wait for a disk. None is
 * lost when the application ends. Safe for use by several threads.
 */
final class SettlementExecutor implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(SettlementExecutor.class);

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);

	private final ThreadPoolExecutor executor;

	SettlementExecutor() {
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "grok-budget");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Have a settlement noted.
	 * @param settlement the settlement, which does not fail
	 * @return completes when it is noted, on a thread that it does not need
	 */
	Mono<Void> execute(Runnable settlement) {
		CompletableFuture<@Nullable Void> noted = new CompletableFuture<>();
		try {
			this.executor.execute(() -> {
				try {
					settlement.run();
				}
				finally {
					// Whatever is thrown, the stream that waits for it must end.
					noted.complete(null);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// The application ends. To wait is better now than to lose what was paid.
			settlement.run();
			return Mono.empty();
		}
		return Mono.fromFuture(noted, true).then().publishOn(StreamScheduler.scheduler());
	}

	/**
	 * Wait a while until what is to be noted is.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.error(
						"What " + (this.executor.getQueue().size() + 1) + " calls cost was not noted in their budgets"
								+ " within " + SHUTDOWN_TIMEOUT.toSeconds() + " s after the end, and may be lost");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
