package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.retry.Backoff;
import io.github.grokspring.retry.RetryBudget;
import io.github.grokspring.retry.RetryRule;
import io.github.grokspring.retry.RetrySettings;
import io.github.grokspring.retry.RetryingChatModel;
import io.github.grokspring.test.XaiServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many callers who know nothing of a limit of xAI until it refuses them, in virtual time.
 */
class RateLimiterStressTests {

	private static final int CALLERS = 64;

	private static final int LIMIT = 30;

	private static final Duration STEP = Duration.ofMillis(250);

	private static final Log logger = LogFactory.getLog(RateLimiterStressTests.class);

	private final Limits limits = new Limits().learning().maxWait(Duration.ofMinutes(30));

	private final VirtualWaiting waiting = new VirtualWaiting(this.limits.time());

	private final LongAdder refusals = new LongAdder();

	@ParameterizedTest
	@EnumSource
	void whoHasLearnedALimitIsHardlyRefusedAnyLonger(Invocation invocation) throws Exception {
		try (XaiServer xai = XaiServer.builder().clock(this.limits.time()::instant).start();
				RateLimitedChain chain = new RateLimitedChain(xai, this.limits.limiter(),
						RetryingChatModel.decorator(retries(), (event) -> count((AttemptFailed) event)))) {
			xai.allowing(LIMIT).requestsPerMinute();
			storm(chain, invocation, 1, () -> {
				assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(LIMIT);
				assertThat(this.refusals.sum()).isLessThanOrEqualTo(CALLERS - LIMIT);
			});
			report(invocation, "learning", xai, 0, 0);
			long requests = xai.requestCount();
			long refused = this.refusals.sum();
			storm(chain, invocation, 5, () -> {
			});
			report(invocation, "learned", xai, requests, refused);
			assertThat(this.refusals.sum() - refused).isLessThan((xai.requestCount() - requests) / 20);
			this.limits.advance(Duration.ofMinutes(3));
			requests = xai.requestCount();
			refused = this.refusals.sum();
			storm(chain, invocation, 5, () -> {
			});
			report(invocation, "after a silence", xai, requests, refused);
			// A minute that was not used may be sent at once, though the rate goes on
			assertThat(this.refusals.sum() - refused).isLessThan((xai.requestCount() - requests) / 10);
		}
		assertThat(this.limits.limiter().status().active()).isZero();
		assertThat(this.limits.limiter().status().queued()).isZero();
	}

	private void count(AttemptFailed attempt) {
		assertThat(attempt.reason()).isEqualTo("rate_limited");
		this.refusals.increment();
	}

	private void report(Invocation invocation, String what, XaiServer xai, long requests, long refused) {
		logger.info(invocation + " " + what + ": " + (xai.requestCount() - requests) + " requests, "
				+ (this.refusals.sum() - refused) + " refused, at " + this.limits.time().instant());
	}

	/**
	 * Let every caller ask several times, one question after the other.
	 */
	private void storm(RateLimitedChain chain, Invocation invocation, int questions, Runnable afterTheFirstWave)
			throws Exception {
		AtomicInteger done = new AtomicInteger();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			List<Future<?>> asking = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				asking.add(callers.submit(() -> {
					try {
						for (int question = 0; question < questions; question++) {
							chain.ask(invocation, "1");
						}
					}
					finally {
						done.incrementAndGet();
					}
				}));
			}
			awaitStandstill(done);
			afterTheFirstWave.run();
			while (done.get() < CALLERS) {
				this.limits.advance(STEP);
				awaitStandstill(done);
			}
			for (Future<?> caller : asking) {
				caller.get(RateLimitedChain.PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	/**
	 * Until everybody is done or waits for time to pass.
	 */
	private void awaitStandstill(AtomicInteger done) {
		long end = System.nanoTime() + RateLimitedChain.PATIENCE.toNanos();
		while (done.get() + this.waiting.count.get() + this.limits.limiter().status().queued() < CALLERS) {
			assertThat(System.nanoTime()).isLessThan(end);
			Thread.yield();
		}
	}

	private RetrySettings retries() {
		Random random = new Random(1);
		return new RetrySettings(RetryRule.retryable().atMost(5),
				Backoff.exponential(Duration.ofSeconds(2), 2, Duration.ofSeconds(120))
					.withFullJitter(random)
					.respectingRetryAfter(),
				RetryBudget.unlimited(), Duration.ofMinutes(5), this.waiting);
	}

	/**
	 * Waits in virtual time.
	 */
	private static final class VirtualWaiting implements Sleeper {

		private final VirtualTime time;

		private final AtomicInteger count = new AtomicInteger();

		VirtualWaiting(VirtualTime time) {
			this.time = time;
		}

		@Override
		public void sleep(Duration duration) throws InterruptedException {
			CountDownLatch over = new CountDownLatch(1);
			begin(duration, over::countDown);
			over.await();
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.<Void>create((sink) -> {
				Disposable alarm = begin(duration, sink::success);
				sink.onCancel(alarm);
			}).publishOn(Schedulers.boundedElastic());
		}

		private Disposable begin(Duration duration, Runnable end) {
			Disposable alarm = this.time.schedule(() -> {
				this.count.decrementAndGet();
				end.run();
			}, duration.toNanos(), TimeUnit.NANOSECONDS);
			this.count.incrementAndGet();
			return alarm;
		}

	}

}
