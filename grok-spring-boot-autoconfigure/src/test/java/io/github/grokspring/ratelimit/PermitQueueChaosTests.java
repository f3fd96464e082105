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
 * Whatever happens to requests in whatever order, no limit is exceeded and nothing is
 * held in the end.
 */
class PermitQueueChaosTests {

	private static final int STEPS = 400;

	private static final int REQUESTS = 20;

	private static final int TOKENS = 2_000;

	private static final int CONCURRENT = 4;

	private static final int QUEUED = 6;

	static List<Long> seeds() {
		return new Random(20261121).longs(60).boxed().toList();
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void nothingIsExceededAndNothingIsHeldInTheEnd(long seed) {
		Random random = new Random(seed);
		Limits limits = new Limits().requests(REQUESTS)
			.tokens(TOKENS)
			.concurrent(CONCURRENT)
			.queued(QUEUED)
			.patience(Duration.ofSeconds(20));
		if (random.nextBoolean()) {
			limits.learning();
		}
		List<Permit> waiting = new ArrayList<>();
		List<Permit> running = new ArrayList<>();
		long asked = 0;
		long decided = 0;
		for (int step = 0; step < STEPS; step++) {
			switch (random.nextInt(6)) {
				case 0, 1 -> {
					String model = (random.nextInt(3) == 0) ? "grok-4.5" : Limits.MODEL;
					waiting.add(limits.ask(model, 1 + random.nextInt((random.nextInt(20) == 0) ? 5_000 : 300)));
					asked++;
				}
				case 2 -> limits.pass(Duration.ofMillis(random.nextInt(4_000)));
				case 3, 4 -> {
					if (!running.isEmpty()) {
						running.remove(random.nextInt(running.size())).end(settlement(random));
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
					}
				}
			}
			RateLimitStatus status = limits.queue().status();
			assertThat(status.active()).isEqualTo(running.size()).isLessThanOrEqualTo(CONCURRENT);
			assertThat(status.queued()).isEqualTo(waiting.size()).isLessThanOrEqualTo(QUEUED);
			inOrder(waiting, Limits.MODEL);
			inOrder(waiting, "grok-4.5");
		}
		running.forEach((permit) -> permit.end(settlement(random)));
		for (int minute = 0; minute < 10; minute++) {
			limits.pass(Duration.ofMinutes(1));
			for (Permit permit : List.copyOf(waiting)) {
				if (!permit.isWaiting()) {
					waiting.remove(permit);
					decided++;
					permit.use();
					permit.end(Limits.answered(1));
				}
			}
		}
		assertThat(decided).isEqualTo(asked);
		limits.pass(Duration.ofMinutes(10));
		RateLimitStatus status = limits.queue().status();
		assertThat(status.active()).isZero();
		assertThat(status.queued()).isZero();
		assertThat(limits.timing().alarms()).isZero();
		assertThat(status.models()).allSatisfy((model) -> {
			assertThat(model.remainingRequests()).isEqualTo(REQUESTS);
			assertThat(model.remainingTokens()).isEqualTo(TOKENS);
		});
		for (int i = 0; i < CONCURRENT; i++) {
			assertThat(limits.ask(1).use()).isTrue();
		}
	}

	private static void inOrder(List<Permit> waiting, String model) {
		assertThat(waiting.stream().filter((permit) -> permit.model().model().equals(model)).map(Permit::number))
			.isSorted();
	}

	private static Settlement settlement(Random random) {
		return switch (random.nextInt(5)) {
			case 0 -> Settlement.unsent();
			case 1 -> Settlement.cutShort(random.nextInt(100));
			case 2 -> Settlement.refused(GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many")
				.status(429)
				.retryAfter(Duration.ofMillis(random.nextInt(3_000)))
				.build());
			default -> Limits.answered(random.nextInt(500));
		};
	}

}
