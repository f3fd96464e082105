package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with random sequences of events: no limit is exceeded, and everything is
 * released.
 */
class RateLimiterChaosTests {

	private static final int STEPS = 400;

	private static final int REQUESTS = 20;

	private static final int TOKENS = 2_000;

	private static final int CONCURRENT = 4;

	private static final int QUEUED = 6;

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	static List<Long> seeds() {
		return new Random(20261121).longs(60).boxed().toList();
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void limitsHoldAndEverythingIsReleased(long seed) {
		Random random = new Random(seed);
		Limits limits = new Limits().requests(REQUESTS)
			.tokens(TOKENS)
			.concurrent(CONCURRENT)
			.queued(QUEUED)
			.maxWait(Duration.ofSeconds(20));
		if (random.nextBoolean()) {
			limits.learning();
		}
		List<Permit> waiting = new ArrayList<>();
		List<Permit> running = new ArrayList<>();
		List<Grant> grants = new ArrayList<>();
		long requested = 0;
		long decided = 0;
		for (int step = 0; step < STEPS; step++) {
			switch (random.nextInt(6)) {
				case 0, 1 -> {
					String model = (random.nextInt(3) == 0) ? "grok-4.5" : Limits.MODEL;
					waiting.add(limits.acquire(model, 1 + random.nextInt((random.nextInt(20) == 0) ? 5_000 : 300)));
					requested++;
				}
				case 2 -> limits.advance(Duration.ofMillis(random.nextInt(4_000)));
				case 3, 4 -> {
					if (!running.isEmpty()) {
						Permit permit = running.remove(random.nextInt(running.size()));
						UsageReport report = randomReport(random);
						permit.release(report);
						grants.stream()
							.filter((grant) -> grant.permit == permit)
							.forEach((grant) -> grant.release(report, limits.time().nanoTime()));
					}
				}
				default -> {
					if (!waiting.isEmpty()) {
						waiting.get(random.nextInt(waiting.size())).cancel();
					}
				}
			}
			for (Permit permit : List.copyOf(waiting)) {
				if (!permit.isWaiting()) {
					waiting.remove(permit);
					decided++;
					if (permit.use()) {
						running.add(permit);
						grants.add(new Grant(permit));
					}
				}
			}
			RateLimitStatus status = limits.limiter().status();
			assertThat(status.active()).isEqualTo(running.size()).isLessThanOrEqualTo(CONCURRENT);
			assertThat(status.queued()).isEqualTo(waiting.size()).isLessThanOrEqualTo(QUEUED);
			inOrder(waiting, Limits.MODEL);
			inOrder(waiting, "grok-4.5");
		}
		running.forEach((permit) -> permit.release(randomReport(random)));
		for (int minute = 0; minute < 10; minute++) {
			limits.advance(Duration.ofMinutes(1));
			for (Permit permit : List.copyOf(waiting)) {
				if (!permit.isWaiting()) {
					waiting.remove(permit);
					decided++;
					permit.use();
					permit.release(Limits.completed(1));
				}
			}
		}
		assertThat(decided).isEqualTo(requested);
		usagePerMinuteIsAtMostTwiceTheLimit(grants, Limits.MODEL);
		usagePerMinuteIsAtMostTwiceTheLimit(grants, "grok-4.5");
		limits.advance(Duration.ofMinutes(10));
		RateLimitStatus status = limits.limiter().status();
		assertThat(status.active()).isZero();
		assertThat(status.queued()).isZero();
		assertThat(limits.time().scheduledTasks()).isZero();
		assertThat(status.models()).allSatisfy((model) -> {
			assertThat(model.remainingRequests()).isEqualTo(REQUESTS);
			assertThat(model.remainingTokens()).isEqualTo(TOKENS);
		});
		for (int i = 0; i < CONCURRENT; i++) {
			assertThat(limits.acquire(1).use()).isTrue();
		}
	}

	/**
	 * A full bucket can be used within a minute, and what is refilled or given back
	 * meanwhile.
	 */
	private static void usagePerMinuteIsAtMostTwiceTheLimit(List<Grant> all, String model) {
		List<Grant> grants = all.stream().filter((grant) -> grant.permit.model().model().equals(model)).toList();
		for (Grant last : grants) {
			long end = last.at();
			long begin = end - MINUTE;
			long requests = 0;
			long tokens = 0;
			for (Grant grant : grants) {
				boolean within = grant.at() > begin && grant.at() <= end;
				boolean returned = grant.at() <= begin && grant.releasedAt > begin && grant.releasedAt <= end;
				requests += within ? grant.requests : (returned ? grant.requests - 1 : 0);
				tokens += within ? grant.tokens : (returned ? grant.tokens - grant.reserved() : 0);
			}
			assertThat(requests).isLessThanOrEqualTo(2 * REQUESTS);
			assertThat(tokens).isLessThanOrEqualTo(2 * TOKENS);
		}
	}

	private static void inOrder(List<Permit> waiting, String model) {
		assertThat(waiting.stream().filter((permit) -> permit.model().model().equals(model)).map(Permit::sequence))
			.isSorted();
	}

	private static UsageReport randomReport(Random random) {
		return switch (random.nextInt(5)) {
			case 0 -> UsageReport.unsent();
			case 1 -> UsageReport.incomplete(random.nextInt(100));
			case 2 -> UsageReport.rejected(GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many")
				.status(429)
				.retryAfter(Duration.ofMillis(random.nextInt(3_000)))
				.build());
			case 3 -> new UsageReport(true, random.nextInt(500), 0, LearningTests.headers(REQUESTS,
					random.nextInt(REQUESTS + 2) - 1, TOKENS, random.nextInt(TOKENS + 1)), null);
			default -> Limits.completed(random.nextInt(500));
		};
	}

	/**
	 * Usage of a granted request.
	 */
	private static final class Grant {

		private final Permit permit;

		private long requests = 1;

		private long tokens;

		private long releasedAt = Long.MAX_VALUE;

		Grant(Permit permit) {
			this.permit = permit;
			this.tokens = reserved();
		}

		long at() {
			return this.permit.grantedAt();
		}

		long reserved() {
			return Math.min(this.permit.tokens(), TOKENS);
		}

		void release(UsageReport report, long now) {
			this.releasedAt = now;
			this.requests = report.sent() ? 1 : 0;
			this.tokens = Math.min(reserved(), report.sent() ? report.tokens() : 0);
		}

	}

}
