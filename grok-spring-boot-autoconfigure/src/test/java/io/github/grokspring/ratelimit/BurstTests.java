package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

import io.github.grokspring.token.PromptTokenEstimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the burst of {@link RateLimitSettings}.
 */
class BurstTests {

	@ParameterizedTest
	@CsvSource({ "60, 10, 10", "60, 50, 30", "60, 100, 60", "60, 0, 10", "600, 10, 60", "1000, 12.5, 125",
			"1800, 10, 180", "5, 10, 5", "1, 10, 1", "10, 100, 10", "99, 33.3, 32" })
	void burstIsAPercentageOfTheLimitAndAtLeastTenRequests(long requestsPerMinute, String burst, int atOnce) {
		Limits limits = new Limits().requests(requestsPerMinute).burst(burst).queued(0);
		assertThat(granted(limits, 2 * requestsPerMinute)).isEqualTo(atOnce);
		assertThat(limits.status().remainingRequests()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "60, 10, 70", "60, 100, 120", "600, 10, 660", "12, 50, 22" })
	void requestsPerMinuteNeverExceedBurstPlusLimit(long requestsPerMinute, String burst, int mostInAMinute) {
		Limits limits = new Limits().requests(requestsPerMinute).burst(burst).queued(0);
		Deque<Long> sent = new ArrayDeque<>();
		int most = 0;
		for (long millis = 0; millis < 180_000; millis += 100) {
			// Pauses refill the burst
			if (millis % 90_000 < 65_000) {
				for (long i = granted(limits, requestsPerMinute); i > 0; i--) {
					sent.add(millis);
				}
			}
			while (!sent.isEmpty() && sent.element() <= millis - 60_000) {
				sent.remove();
			}
			most = Math.max(most, sent.size());
			limits.advance(Duration.ofMillis(100));
		}
		assertThat(most).isBetween(mostInAMinute - 1, mostInAMinute);
	}

	@Test
	void rateIsConstantAfterBurst() {
		Limits limits = new Limits().requests(60).burst("10").queued(0);
		assertThat(granted(limits, 100)).isEqualTo(10);
		limits.advance(Duration.ofSeconds(1));
		assertThat(granted(limits, 100)).isEqualTo(1);
		limits.advance(Duration.ofSeconds(4));
		assertThat(granted(limits, 100)).isEqualTo(4);
		limits.advance(Duration.ofMinutes(5));
		assertThat(granted(limits, 100)).isEqualTo(10);
	}

	@Test
	void tokensOfAMinuteCanBeUsedAtOnce() {
		Limits limits = new Limits().tokens(1_000).burst("10").queued(0);
		assertThat(limits.acquire(1_000).use()).isTrue();
		assertThat(limits.acquire(1).rejection()).isNotNull();
	}

	@Test
	void burstDoesNotApplyToLearnedLimits() {
		Limits limits = new Limits().learning().burst("10").queued(0);
		Permit first = limits.start();
		first.release(new UsageReport(true, 1, 0, LearningTests.headers(60, 59, 0, 0), null));
		assertThat(granted(limits, 100)).isEqualTo(59);
	}

	@Test
	void defaultBurstIsTenPercent() {
		RateLimitSettings settings = new RateLimitSettings(200L, null, 0, 0, Duration.ZERO, false);
		RateLimiter limits = (RateLimiter) RateLimits.local(settings, UnaryOperator.identity(),
				PromptTokenEstimator.approximate());
		int granted = 0;
		while (limits.acquire("default", new Prompt("hi")).use()) {
			granted++;
		}
		assertThat(granted).isBetween(20, 40);
	}

	@ParameterizedTest
	@CsvSource({ "-1", "100.1", "1000" })
	void burstOutOfRangeIsRejected(String burst) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Limits().requests(60).burst(burst).limiter())
			.withMessageContaining("'burst'");
	}

	private static int granted(Limits limits, long requests) {
		int granted = 0;
		for (long i = 0; i < requests; i++) {
			Permit permit = limits.acquire();
			if (permit.rejection() != null) {
				break;
			}
			assertThat(permit.use()).isTrue();
			permit.release(Limits.completed(1));
			granted++;
		}
		return granted;
	}

}
