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
 * Tests with many callers and an unknown limit of xAI, in virtual time.
 */
class RateLimiterStressTests {

	private static final int CALLERS = 64;

	private static final int LIMIT = 30;

	private static final Duration STEP = Duration.ofMillis(250);

	private static final Log logger = LogFactory.getLog(RateLimiterStressTests.class);

	private final Limits limits = new Limits().learning().maxWait(Duration.ofMinutes(30));

	private final VirtualSleeper sleeper = new VirtualSleeper(this.limits.time());

	private final LongAdder rejections = new LongAdder();

	@ParameterizedTest
	@EnumSource
	void learnedLimitPreventsMostRejections(Invocation invocation) throws Exception {
		try (XaiServer xai = XaiServer.builder().clock(this.limits.time()::instant).start();
				RateLimitedChain chain = new RateLimitedChain(xai, this.limits.limiter(),
						RetryingChatModel.decorator(retries(), (event) -> count((AttemptFailed) event)))) {
			xai.allowing(LIMIT).requestsPerMinute();
			callRepeatedly(chain, invocation, 1, () -> {
				assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(LIMIT);
				assertThat(this.rejections.sum()).isLessThanOrEqualTo(CALLERS - LIMIT);
			});
			report(invocation, "learning", xai, 0, 0);
			long requests = xai.requestCount();
			long rejected = this.rejections.sum();
			callRepeatedly(chain, invocation, 5, () -> {
			});
			report(invocation, "learned", xai, requests, rejected);
			assertThat(this.rejections.sum() - rejected).isLessThan((xai.requestCount() - requests) / 20);
			this.limits.advance(Duration.ofMinutes(3));
			requests = xai.requestCount();
			rejected = this.rejections.sum();
			callRepeatedly(chain, invocation, 5, () -> {
			});
			report(invocation, "after a pause", xai, requests, rejected);
			// The bucket is full again, so a whole minute can be sent at once
			assertThat(this.rejections.sum() - rejected).isLessThan((xai.requestCount() - requests) / 10);
		}
		assertThat(this.limits.limiter().status().active()).isZero();
		assertThat(this.limits.limiter().status().queued()).isZero();
	}

	private void count(AttemptFailed attempt) {
		assertThat(attempt.reason()).isEqualTo("rate_limited");
		this.rejections.increment();
	}

	private void report(Invocation invocation, String what, XaiServer xai, long requests, long rejected) {
		logger.info(invocation + " " + what + ": " + (xai.requestCount() - requests) + " requests, "
				+ (this.rejections.sum() - rejected) + " rejected, at " + this.limits.time().instant());
	}

	/**
	 * Lets every caller make several consecutive calls.
	 */
	private void callRepeatedly(RateLimitedChain chain, Invocation invocation, int calls, Runnable afterFirstCalls)
			throws Exception {
		AtomicInteger done = new AtomicInteger();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			List<Future<?>> asking = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				asking.add(callers.submit(() -> {
					try {
						for (int call = 0; call < calls; call++) {
							chain.ask(invocation, "1");
						}
					}
					finally {
						done.incrementAndGet();
					}
				}));
			}
			awaitIdleCallers(done);
			afterFirstCalls.run();
			while (done.get() < CALLERS) {
				this.limits.advance(STEP);
				awaitIdleCallers(done);
			}
			for (Future<?> caller : asking) {
				caller.get(RateLimitedChain.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	/**
	 * Waits until all callers are done or delayed.
	 */
	private void awaitIdleCallers(AtomicInteger done) {
		long end = System.nanoTime() + RateLimitedChain.TIMEOUT.toNanos();
		while (done.get() + this.sleeper.count.get() + this.limits.limiter().status().queued() < CALLERS) {
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
				RetryBudget.unlimited(), Duration.ofMinutes(5), this.sleeper);
	}

	/**
	 * {@link Sleeper} in virtual time.
	 */
	private static final class VirtualSleeper implements Sleeper {

		private final VirtualTime time;

		private final AtomicInteger count = new AtomicInteger();

		VirtualSleeper(VirtualTime time) {
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
