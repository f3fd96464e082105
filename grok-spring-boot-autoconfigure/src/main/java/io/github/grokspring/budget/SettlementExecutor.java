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
 * Records settlements from event loops, which must not wait for a disk. Settlements are
 * completed on shutdown. Thread-safe.
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
	 * Records a settlement.
	 * @param settlement the settlement, which must not throw
	 * @return completes when the settlement is recorded
	 */
	Mono<Void> execute(Runnable settlement) {
		CompletableFuture<@Nullable Void> noted = new CompletableFuture<>();
		try {
			this.executor.execute(() -> {
				try {
					settlement.run();
				}
				finally {
					// The stream that waits for the settlement must end in any case.
					noted.complete(null);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// On shutdown, waiting is better than losing the settlement.
			settlement.run();
			return Mono.empty();
		}
		return Mono.fromFuture(noted, true).then().publishOn(StreamScheduler.scheduler());
	}

	/**
	 * Waits for pending settlements for a limited time.
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
