package io.github.grokspring.ratelimit;

import java.time.Duration;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.metadata.RateLimit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the learned limits of {@link RateLimiter}, in virtual time.
 */
class LearningTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final Limits limits = new Limits().learning().maxWait(Duration.ofDays(1));

	@Test
	void headersLimitWithoutConfiguration() {
		complete(10, 2, 1_000, 900);
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, 10L, 1_000L));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(2);
		assertThat(this.limits.status().remainingTokens()).isEqualTo(900);
		this.limits.start();
		this.limits.start();
		Permit third = this.limits.acquire();
		this.limits.advance(Duration.ofMillis(5_999));
		assertThat(third.isWaiting()).isTrue();
		this.limits.advance(Duration.ofMillis(1));
		assertThat(third.use()).isTrue();
	}

	@Test
	void exhaustedRequestsAreWaitedFor() {
		complete(60, 0, 0, 0);
		Permit next = this.limits.acquire();
		assertThat(next.isWaiting()).isTrue();
		this.limits.advance(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void exhaustedTokensAreWaitedFor() {
		complete(0, 0, 1_000, 0);
		Permit next = this.limits.acquire(500);
		this.limits.advance(Duration.ofSeconds(29));
		assertThat(next.isWaiting()).isTrue();
		this.limits.advance(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void constantRemainingHeadersDoNotDelayRequests() {
		for (int i = 0; i < 1_000; i++) {
			complete(10, 10, 100, 100);
		}
		assertThat(this.limits.status().remainingRequests()).isEqualTo(10);
	}

	@Test
	void outdatedRemainingHeadersAccountForRefill() {
		complete(60, 0, 0, 0);
		this.limits.advance(SECOND);
		Permit slow = this.limits.start();
		this.limits.advance(Duration.ofSeconds(30));
		slow.release(new UsageReport(true, 1, 0, headers(60, 0, 0, 0), null));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(30);
	}

	@Test
	void requestsInFlightAreSubtractedFromRemainingHeaders() {
		complete(10, 10, 0, 0);
		Permit first = this.limits.start();
		for (int i = 0; i < 4; i++) {
			this.limits.start();
		}
		first.release(new UsageReport(true, 1, 0, headers(10, 10, 0, 0), null));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(6);
	}

	@Test
	void learnedLimitsNeverRaiseConfiguredOnes() {
		this.limits.requests(2).tokens(100);
		complete(1_000, 1_000, 1_000_000, 1_000_000);
		complete(1_000, 1_000, 1_000_000, 1_000_000);
		assertThat(this.limits.acquire().isWaiting()).isTrue();
		assertThat(this.limits.status().remainingRequests()).isZero();
		assertThat(this.limits.status().configured()).isEqualTo(new ModelRateLimits.Rates(null, 2L, 100L));
	}

	@Test
	void learnedLimitsLowerConfiguredOnes() {
		this.limits.requests(100);
		complete(10, 1, 0, 0);
		this.limits.start();
		assertThat(this.limits.acquire().isWaiting()).isTrue();
	}

	@Test
	void learnedLimitsGrowWithTheHeaders() {
		complete(10, 0, 0, 0);
		Permit waiting = this.limits.acquire();
		assertThat(waiting.isWaiting()).isTrue();
		this.limits.advance(Duration.ofSeconds(6));
		waiting.use();
		waiting.release(new UsageReport(true, 1, 0, headers(100, 100, 0, 0), null));
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(100);
		assertThat(this.limits.status().remainingRequests()).isEqualTo(100);
	}

	@Test
	void hugeLimitsCountAsUnlimited() {
		complete(10, 10, 1_000, 1_000);
		complete(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, null));
		assertThat(this.limits.start().isUnlimited()).isTrue();
	}

	@Test
	void emptyHeadersChangeNothing() {
		complete(10, 3, 1_000, 1_000);
		complete(0, 0, 0, 0);
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, 10L, 1_000L));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(2);
	}

	@Test
	void disabledLearningIgnoresHeadersAndRejections() {
		Limits notLearning = new Limits();
		Permit permit = notLearning.start();
		permit.release(new UsageReport(true, 1, 0, headers(1, 0, 1, 0), null));
		notLearning.start().release(UsageReport.rejected(rejection("Requests per Minute", 2, 1).build()));
		assertThat(notLearning.start().isUnlimited()).isTrue();
		assertThat(notLearning.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, null));
	}

	@Test
	void rejectionStartsCooldownForRetryAfter() {
		reject(rejection("Requests per Second", 2, 2).retryAfter(Duration.ofSeconds(7)));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTime.START.plusSeconds(7));
		Permit next = this.limits.acquire();
		assertThat(this.limits.acquire("grok-4.5", 1).use()).isTrue();
		this.limits.advance(Duration.ofMillis(6_999));
		assertThat(next.isWaiting()).isTrue();
		this.limits.advance(Duration.ofMillis(1));
		assertThat(next.use()).isTrue();
		assertThat(this.limits.status().pausedUntil()).isNull();
	}

	@Test
	void shorterCooldownDoesNotReplaceLongerOne() {
		Permit one = this.limits.start();
		Permit two = this.limits.start();
		Permit three = this.limits.start();
		one.release(UsageReport
			.rejected(rejection("Requests per Minute", 2, 2).retryAfter(Duration.ofSeconds(60)).build()));
		two.release(
				UsageReport.rejected(rejection("Requests per Second", 2, 2).retryAfter(Duration.ofSeconds(5)).build()));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTime.START.plusSeconds(60));
		three.release(UsageReport
			.rejected(rejection("Requests per Minute", 2, 2).retryAfter(Duration.ofSeconds(70)).build()));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTime.START.plusSeconds(70));
	}

	@Test
	void requestIsRejectedAtOnceIfCooldownExceedsMaxWait() {
		Limits strict = new Limits().learning().maxWait(SECOND);
		strict.start()
			.release(UsageReport
				.rejected(rejection("Tokens per Minute", 2, 1).retryAfter(Duration.ofSeconds(20)).build()));
		Permit next = strict.acquire();
		assertThat(next.rejection()).isNotNull();
		assertThat(next.rejection().limit()).isEqualTo(LimitType.TOKENS_PER_MINUTE);
		assertThat(next.rejection().message()).isEqualTo(
				"Request to model 'grok-4.3' was not sent because xAI would reject it: the cooldown after xAI rejected a "
						+ "request (429) probably allows the next request at 2026-11-21T08:00:20Z (in 20 s), and waiting that "
						+ "long exceeds 'grok.rate-limit.max-wait' (1000 ms). Set 'grok.rate-limit.learn' to 'false' to leave "
						+ "rejections to xAI.");
		assertThat(retryAfter(next)).isEqualTo(Duration.ofSeconds(20));
		assertThat(strict.time().scheduledTasks()).isZero();
		strict.advance(Duration.ofSeconds(19));
		assertThat(strict.acquire().isWaiting()).isTrue();
	}

	@Test
	void cooldownRejectsRequestsAtTheConcurrencyLimit() {
		Limits strict = new Limits().learning().concurrent(1).maxWait(SECOND);
		Permit rejected = strict.start();
		rejected.release(UsageReport.rejected(rejection("Requests per Second", 2, 2).retryAfter(SECOND).build()));
		strict.advance(SECOND);
		Permit stream = strict.start();
		Permit behind = strict.acquire();
		assertThat(behind.isWaiting()).isTrue();
		stream.release(UsageReport
			.rejected(rejection("Requests per Second", 2, 2).retryAfter(SECOND.multipliedBy(9)).build()));
		assertThat(retryAfter(behind)).isEqualTo(Duration.ofSeconds(9));
		assertThat(retryAfter(strict.acquire())).isEqualTo(Duration.ofSeconds(9));
		assertThat(strict.limiter().status().active()).isZero();
	}

	@Test
	void cooldownRejectsRequestsThatWaitForConcurrency() {
		Limits strict = new Limits().learning().concurrent(2).maxWait(SECOND);
		strict.start();
		strict.start()
			.release(UsageReport
				.rejected(rejection("Requests per Minute", 2, 2).retryAfter(SECOND.multipliedBy(9)).build()));
		Permit other = strict.acquire("grok-4.5", 1);
		assertThat(other.use()).isTrue();
		assertThat(retryAfter(strict.acquire())).isEqualTo(Duration.ofSeconds(9));
		assertThat(strict.acquire("grok-4.5", 1).isWaiting()).isTrue();
	}

	@Test
	void timeoutOfLearnedRateIsRejectedLikeByXai() {
		Limits strict = new Limits().learning().maxWait(SECOND);
		strict.start().release(new UsageReport(true, 1, 0, headers(60, 0, 0, 0), null));
		Permit first = strict.acquire();
		Permit second = strict.acquire();
		assertThat(second.isWaiting()).isTrue();
		strict.advance(SECOND);
		assertThat(first.use()).isTrue();
		assertThat(retryAfter(second)).isEqualTo(SECOND);
		assertThat(second.rejection().message()).contains("xAI's limit of 60 requests per minute");
	}

	@Test
	void fullQueueDuringCooldownIsRejectedLikeByXai() {
		Limits strict = new Limits().learning().queued(2);
		strict.start()
			.release(UsageReport
				.rejected(rejection("Requests per Second", 2, 2).retryAfter(Duration.ofSeconds(20)).build()));
		Permit first = strict.acquire();
		strict.acquire();
		Permit third = strict.acquire();
		assertThat(first.isWaiting()).isTrue();
		assertThat(retryAfter(third)).isEqualTo(Duration.ofSeconds(20));
		assertThat(third.rejection().message()).contains("'grok.rate-limit.max-queued'");
	}

	@Test
	void oldHeadersDoNotGiveBackLaterRequests() {
		complete(10, 10, 1_000, 1_000);
		Permit slow = this.limits.start();
		for (int i = 0; i < 5; i++) {
			this.limits.start(100).release(Limits.completed(100));
		}
		assertThat(this.limits.status().remainingRequests()).isEqualTo(4);
		slow.release(new UsageReport(true, 1, 0, headers(10, 10, 1_000, 1_000), null));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(5);
		assertThat(this.limits.status().remainingTokens()).isEqualTo(500);
	}

	@Test
	void oldHeadersDoNotGiveBackUnexpectedTokens() {
		complete(0, 0, 1_000, 1_000);
		Permit slow = this.limits.start();
		this.limits.start(1).release(Limits.completed(600));
		slow.release(new UsageReport(true, 1, 0, headers(0, 0, 1_000, 1_000), null));
		assertThat(this.limits.status().remainingTokens()).isEqualTo(400);
	}

	@Test
	void headersWithoutRemainingUpdateTheLimitOnly() {
		complete(10, 3, 1_000, 500);
		complete(10, -1, 1_000, -1);
		assertThat(this.limits.status().remainingRequests()).isEqualTo(2);
		assertThat(this.limits.status().remainingTokens()).isEqualTo(499);
		complete(20, -1, 0, 0);
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(20);
	}

	@Test
	void longCooldownIsCapped() {
		reject(rejection("Requests per Second", 2, 2).retryAfter(Duration.ofDays(3)));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTime.START.plusSeconds(300));
	}

	@ParameterizedTest
	@CsvSource({ "Requests per Second, 2, 2, 1", "Requests per Minute, 61, 60, 1", "Requests per Minute, 70, 60, 10",
			"Tokens per Minute, 65605, 16000, 15", "Cows per Fortnight, 3, 2, 1" })
	void cooldownWithoutRetryAfterDependsOnReportedExcess(String bucket, long actual, long limit, long seconds) {
		reject(rejection(bucket, actual, limit));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTime.START.plusSeconds(seconds));
	}

	@Test
	void cooldownWithoutDetailsIsShort() {
		reject(GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many").status(429));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTime.START.plusSeconds(1));
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, null));
	}

	@Test
	void cooldownDoublesWithConsecutiveRejectionsAndConcurrentOnesCountOnce() {
		GrokApiException rejection = GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many").status(429).build();
		Permit one = this.limits.start();
		Permit two = this.limits.start();
		one.release(UsageReport.rejected(rejection));
		this.limits.advance(Duration.ofMillis(500));
		two.release(UsageReport.rejected(rejection));
		assertThat(cooldown()).isEqualTo(SECOND);
		this.limits.advance(SECOND);
		this.limits.start().release(UsageReport.rejected(rejection));
		assertThat(cooldown()).isEqualTo(Duration.ofSeconds(2));
		this.limits.advance(Duration.ofSeconds(2));
		this.limits.start().release(UsageReport.rejected(rejection));
		assertThat(cooldown()).isEqualTo(Duration.ofSeconds(4));
		this.limits.advance(Duration.ofSeconds(4));
		this.limits.advance(SECOND);
		this.limits.start().release(Limits.completed(1));
		this.limits.start().release(UsageReport.rejected(rejection));
		assertThat(cooldown()).isEqualTo(SECOND);
	}

	@Test
	void requestsPerSecondAreEvenlySpread() {
		reject(rejection("Requests per Second", 5, 4));
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(4L, null, null));
		this.limits.advance(SECOND);
		for (int i = 0; i < 8; i++) {
			Permit permit = this.limits.acquire();
			this.limits.advance(Duration.ofMillis(250));
			assertThat(permit.use()).as("request " + i).isTrue();
		}
		this.limits.start();
		Permit tooSoon = this.limits.acquire();
		this.limits.advance(Duration.ofMillis(249));
		assertThat(tooSoon.isWaiting()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Tokens per Minute", "tokens per minute" })
	void rejectionSetsTheLimitAndExhaustsIt(String bucket) {
		reject(rejection(bucket, 1_200, 1_000).retryAfter(SECOND));
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, 1_000L));
		assertThat(this.limits.status().remainingTokens()).isZero();
		Permit next = this.limits.acquire(500);
		this.limits.advance(Duration.ofSeconds(29));
		assertThat(next.isWaiting()).isTrue();
		this.limits.advance(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void oneRequestIsSentAfterCooldown() {
		reject(rejection("Requests per Minute", 30, 30).retryAfter(Duration.ofSeconds(20)));
		Permit first = this.limits.acquire();
		Permit second = this.limits.acquire();
		this.limits.advance(Duration.ofSeconds(20));
		assertThat(first.isWaiting()).isFalse();
		assertThat(second.isWaiting()).isTrue();
		this.limits.advance(Duration.ofSeconds(2));
		assertThat(second.isWaiting()).isFalse();
	}

	@Test
	void limitOfRejectionTakesPrecedenceOverHeaders() {
		complete(60, 60, 0, 0);
		reject(rejection("Requests per Minute", 11, 10).retryAfter(SECOND));
		this.limits.advance(Duration.ofSeconds(60));
		for (int i = 0; i < 10; i++) {
			complete(60, 60, 0, 0);
		}
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(10);
		assertThat(this.limits.acquire().isWaiting()).isTrue();
	}

	@Test
	void limitOfRejectionIsReplacedByOtherLimitInHeaders() {
		reject(rejection("Requests per Minute", 11, 10).retryAfter(SECOND));
		this.limits.advance(Duration.ofSeconds(60));
		complete(20, 20, 0, 0);
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(20);
	}

	@Test
	void responseOfOlderRequestDoesNotReplaceLimitOfRejection() {
		Permit old = this.limits.start();
		this.limits.advance(SECOND);
		reject(rejection("Requests per Minute", 11, 10).retryAfter(SECOND));
		old.release(new UsageReport(true, 1, 0, headers(1_000, 1_000, 0, 0), null));
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(10);
	}

	@Test
	void limitOfRejectionExpires() {
		reject(rejection("Requests per Second", 5, 4));
		this.limits.advance(Duration.ofMinutes(10));
		this.limits.start().release(Limits.completed(1));
		assertThat(this.limits.status().learned().requestsPerSecond()).isEqualTo(4);
		this.limits.advance(SECOND);
		this.limits.start().release(Limits.completed(1));
		assertThat(this.limits.status().learned().requestsPerSecond()).isNull();
		assertThat(this.limits.start().isUnlimited()).isTrue();
	}

	@Test
	void raisedLimitInHeadersDiscardsLimitPerSecond() {
		complete(100, 100, 0, 0);
		reject(rejection("Requests per Second", 5, 4));
		this.limits.advance(SECOND);
		complete(100, 100, 0, 0);
		assertThat(this.limits.status().learned().requestsPerSecond()).isEqualTo(4);
		this.limits.advance(SECOND);
		complete(200, 200, 0, 0);
		assertThat(this.limits.status().learned().requestsPerSecond()).isNull();
	}

	@Test
	void otherRejectionsAreNotLearned() {
		reject(GrokApiException.builder(ErrorKind.INVALID_REQUEST, "bad").status(400));
		assertThat(this.limits.status().pausedUntil()).isNull();
		assertThat(this.limits.start().isUnlimited()).isTrue();
	}

	private void complete(long requests, long requestsLeft, long tokens, long tokensLeft) {
		Permit permit = this.limits.start();
		permit.release(new UsageReport(true, 1, 0, headers(requests, requestsLeft, tokens, tokensLeft), null));
	}

	private void reject(GrokApiException.Builder rejection) {
		this.limits.start().release(UsageReport.rejected(rejection.build()));
	}

	private static Duration retryAfter(Permit rejected) {
		assertThat(rejected.rejection()).isNotNull();
		RuntimeException failure = rejected.rejection().toException();
		assertThat(failure).isInstanceOf(GrokApiException.class);
		GrokApiException asByXai = (GrokApiException) failure;
		assertThat(asByXai.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(asByXai.status()).isZero();
		assertThat(asByXai.isRetryable()).isTrue();
		return asByXai.retryAfter();
	}

	private Duration cooldown() {
		return Duration.between(this.limits.time().instant(), this.limits.status().pausedUntil());
	}

	private static GrokApiException.Builder rejection(String bucket, long actual, long limit) {
		return GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many")
			.status(429)
			.limit(new ReachedLimit(bucket, actual, limit));
	}

	static RateLimit headers(long requests, long requestsLeft, long tokens, long tokensLeft) {
		return new RateLimit() {

			@Override
			public Long getRequestsLimit() {
				return requests;
			}

			@Override
			public Long getRequestsRemaining() {
				return requestsLeft;
			}

			@Override
			public Duration getRequestsReset() {
				return Duration.ZERO;
			}

			@Override
			public Long getTokensLimit() {
				return tokens;
			}

			@Override
			public Long getTokensRemaining() {
				return tokensLeft;
			}

			@Override
			public Duration getTokensReset() {
				return Duration.ZERO;
			}

		};
	}

}
