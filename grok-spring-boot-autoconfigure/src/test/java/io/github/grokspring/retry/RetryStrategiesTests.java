package io.github.grokspring.retry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryRule}, {@link Backoff} and {@link RetryBudget}.
 */
class RetryStrategiesTests {

	private static final GrokApiException LIMITED = failure(ErrorKind.RATE_LIMITED);

	@Test
	void retryableFailuresAreRetriedUpToALimit() {
		RetryRule rule = RetryRule.retryable().atMost(3);
		assertThat(rule.allows(LIMITED, 2)).isTrue();
		assertThat(rule.allows(LIMITED, 3)).isFalse();
		assertThat(rule.allows(failure(ErrorKind.INVALID_API_KEY), 1)).isFalse();
		assertThat(RetryRule.never().allows(LIMITED, 1)).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> rule.atMost(0));
	}

	@Test
	void kindCanHaveALowerLimit() {
		RetryRule rule = RetryRule.retryable().atMost(2, ErrorKind.TIMEOUT).atMost(4, ErrorKind.CONNECTION).atMost(3);
		assertThat(rule.allows(failure(ErrorKind.TIMEOUT), 1)).isTrue();
		assertThat(rule.allows(failure(ErrorKind.TIMEOUT), 2)).isFalse();
		assertThat(rule.allows(failure(ErrorKind.CONNECTION), 2)).isTrue();
		assertThat(rule.allows(failure(ErrorKind.CONNECTION), 3)).isFalse();
	}

	@Test
	void lostConnectionDiffersFromUnestablishedConnection() {
		RetryRule rule = RetryRule.retryable().atMost(2, RetryRule.lostConnection()).atMost(4);
		GrokApiException unsent = GrokApiException.builder(ErrorKind.CONNECTION, "Refused").sent(false).build();
		assertThat(rule.allows(failure(ErrorKind.CONNECTION), 1)).isTrue();
		assertThat(rule.allows(failure(ErrorKind.CONNECTION), 2)).isFalse();
		assertThat(rule.allows(unsent, 3)).isTrue();
		assertThat(rule.allows(unsent.mutate("Again").build(), 3)).isTrue();
		assertThat(rule.allows(unsent, 4)).isFalse();
		assertThat(rule.allows(LIMITED, 3)).isTrue();
	}

	@Test
	void rulesCombine() {
		RetryRule timeouts = (failure, attempts) -> failure.kind() == ErrorKind.TIMEOUT;
		GrokApiException timeout = failure(ErrorKind.TIMEOUT);
		assertThat(RetryRule.never().or(timeouts).allows(timeout, 1)).isTrue();
		assertThat(RetryRule.retryable().and(timeouts).allows(timeout, 1)).isTrue();
		assertThat(RetryRule.retryable().and(timeouts).allows(LIMITED, 1)).isFalse();
	}

	@Test
	void delaysGrowUpToTheMaximum() {
		Backoff backoff = Backoff.exponential(Duration.ofSeconds(2), 3, Duration.ofSeconds(20));
		assertThat(IntStream.rangeClosed(1, 5).mapToObj((wait) -> backoff.delay(LIMITED, wait).toSeconds()))
			.containsExactly(2L, 6L, 18L, 20L, 20L);
		assertThat(backoff.delay(LIMITED, 100_000)).isEqualTo(Duration.ofSeconds(20));
		assertThat(backoff.minimum(LIMITED)).isZero();
	}

	@Test
	void invalidBackoffIsRejected() {
		Duration second = Duration.ofSeconds(1);
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.exponential(second, 0.5, second));
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.exponential(second, Double.NaN, second));
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.exponential(second, 2, Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.exponential(second.negated(), 2, second));
	}

	@Test
	void fullJitterIsBetweenZeroAndTheDelay() {
		Backoff backoff = Backoff.fixed(Duration.ofSeconds(8));
		assertThat(backoff.withFullJitter(() -> 0L).delay(LIMITED, 1)).isZero();
		assertThat(backoff.withFullJitter(() -> Long.MIN_VALUE).delay(LIMITED, 1)).isEqualTo(Duration.ofSeconds(4));
		RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
		Backoff jittered = backoff.withFullJitter(random);
		List<Duration> delays = IntStream.range(0, 1000).mapToObj((i) -> jittered.delay(LIMITED, 1)).toList();
		assertThat(delays).allSatisfy((delay) -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofSeconds(8)));
		assertThat(delays.stream().mapToLong(Duration::toMillis).average().orElseThrow()).isBetween(3500.0, 4500.0);
	}

	@Test
	void jitterDoesNotChangeRetryAfter() {
		GrokApiException failure = GrokApiException.builder(ErrorKind.RATE_LIMITED, "Too many")
			.retryAfter(Duration.ofSeconds(3))
			.build();
		Backoff own = Backoff.fixed(Duration.ofSeconds(8));
		for (Backoff backoff : List.of(own.withFullJitter(() -> 0L).respectingRetryAfter(),
				own.respectingRetryAfter().withFullJitter(() -> 0L))) {
			assertThat(backoff.minimum(failure)).isEqualTo(Duration.ofSeconds(3));
			assertThat(backoff.minimum(LIMITED)).isZero();
			assertThat(backoff.delay(failure, 1)).isZero();
		}
		assertThat(Backoff.none().respectingRetryAfter().minimum(failure)).isEqualTo(Duration.ofSeconds(3));
		assertThat(own.minimum(failure)).isZero();
	}

	@Test
	void budgetStartsFullAndDoesNotExceedItsCapacity() {
		RetryBudget budget = RetryBudget.ofTokens(12, 5, 4);
		budget.onSuccess();
		assertThat(budget.tryAcquireRetry()).isTrue();
		assertThat(budget.tryAcquireRetry()).isTrue();
		assertThat(budget.tryAcquireRetry()).isFalse();
		budget.onSuccess();
		assertThat(budget.tryAcquireRetry()).isTrue();
		assertThat(budget).hasToString("1 of 12 tokens");
		IntStream.range(0, 100).forEach((i) -> budget.onSuccess());
		assertThat(budget).hasToString("12 of 12 tokens");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryBudget.ofTokens(-1, 1, 1));
	}

	@Test
	void concurrentRetriesDoNotOverdrawTheBudget() throws Exception {
		RetryBudget budget = RetryBudget.ofTokens(500, 5, 1);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			Callable<Boolean> retry = budget::tryAcquireRetry;
			int taken = 0;
			for (Future<Boolean> result : threads.invokeAll(java.util.Collections.nCopies(400, retry))) {
				taken += result.get() ? 1 : 0;
			}
			assertThat(taken).isEqualTo(100);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static GrokApiException failure(ErrorKind kind) {
		return GrokApiException.builder(kind, "Failed").build();
	}

}
