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
 * Tests of what {@link RateLimiter} learns from xAI, in virtual time.
 */
class LearningTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final Limits limits = new Limits().learning().patience(Duration.ofDays(1));

	@Test
	void headersLimitWhatIsNotConfigured() {
		answers(10, 2, 1_000, 900);
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, 10L, 1_000L));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(2);
		assertThat(this.limits.status().remainingTokens()).isEqualTo(900);
		this.limits.take();
		this.limits.take();
		Permit third = this.limits.ask();
		this.limits.pass(Duration.ofMillis(5_999));
		assertThat(third.isWaiting()).isTrue();
		this.limits.pass(Duration.ofMillis(1));
		assertThat(third.use()).isTrue();
	}

	@Test
	void nothingLeftMakesCallersWaitForWhatComesBack() {
		answers(60, 0, 0, 0);
		Permit next = this.limits.ask();
		assertThat(next.isWaiting()).isTrue();
		this.limits.pass(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void noTokensLeftMakeCallersWaitForThoseThatComeBack() {
		answers(0, 0, 1_000, 0);
		Permit next = this.limits.ask(500);
		this.limits.pass(Duration.ofSeconds(29));
		assertThat(next.isWaiting()).isTrue();
		this.limits.pass(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void aCounterThatSeesNothingKeepsNobody() {
		for (int i = 0; i < 1_000; i++) {
			answers(10, 10, 100, 100);
		}
		assertThat(this.limits.status().remainingRequests()).isEqualTo(10);
	}

	@Test
	void aCounterThatLagsBehindKeepsNoMoreThanItCanKnow() {
		answers(60, 0, 0, 0);
		this.limits.pass(SECOND);
		Permit slow = this.limits.take();
		this.limits.pass(Duration.ofSeconds(30));
		slow.end(new UsageReport(true, 1, 0, told(60, 0, 0, 0), null));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(30);
	}

	@Test
	void whatIsUnderWayIsNotThereTwice() {
		answers(10, 10, 0, 0);
		Permit first = this.limits.take();
		for (int i = 0; i < 4; i++) {
			this.limits.take();
		}
		first.end(new UsageReport(true, 1, 0, told(10, 10, 0, 0), null));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(6);
	}

	@Test
	void learnedLimitsNeverRaiseConfiguredOnes() {
		this.limits.requests(2).tokens(100);
		answers(1_000, 1_000, 1_000_000, 1_000_000);
		answers(1_000, 1_000, 1_000_000, 1_000_000);
		assertThat(this.limits.ask().isWaiting()).isTrue();
		assertThat(this.limits.status().remainingRequests()).isZero();
		assertThat(this.limits.status().configured()).isEqualTo(new ModelRateLimits.Rates(null, 2L, 100L));
	}

	@Test
	void learnedLimitsLowerConfiguredOnes() {
		this.limits.requests(100);
		answers(10, 1, 0, 0);
		this.limits.take();
		assertThat(this.limits.ask().isWaiting()).isTrue();
	}

	@Test
	void learnedLimitsGrowWithTheHeaders() {
		answers(10, 0, 0, 0);
		Permit waiting = this.limits.ask();
		assertThat(waiting.isWaiting()).isTrue();
		this.limits.pass(Duration.ofSeconds(6));
		waiting.use();
		waiting.end(new UsageReport(true, 1, 0, told(100, 100, 0, 0), null));
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(100);
		assertThat(this.limits.status().remainingRequests()).isEqualTo(100);
	}

	@Test
	void noLimitIsNoLimit() {
		answers(10, 10, 1_000, 1_000);
		answers(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, null));
		assertThat(this.limits.take().isFree()).isTrue();
	}

	@Test
	void headersThatTellNothingChangeNothing() {
		answers(10, 3, 1_000, 1_000);
		answers(0, 0, 0, 0);
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, 10L, 1_000L));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(2);
	}

	@Test
	void withoutLearningNothingIsLearned() {
		Limits deaf = new Limits();
		Permit permit = deaf.take();
		permit.end(new UsageReport(true, 1, 0, told(1, 0, 1, 0), null));
		deaf.take().end(UsageReport.refused(refusal("Requests per Minute", 2, 1).build()));
		assertThat(deaf.take().isFree()).isTrue();
		assertThat(deaf.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, null));
	}

	@Test
	void aRefusalPausesTheModelForAsLongAsXaiAsks() {
		refused(refusal("Requests per Second", 2, 2).retryAfter(Duration.ofSeconds(7)));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTiming.START.plusSeconds(7));
		Permit next = this.limits.ask();
		assertThat(this.limits.ask("grok-4.5", 1).use()).isTrue();
		this.limits.pass(Duration.ofMillis(6_999));
		assertThat(next.isWaiting()).isTrue();
		this.limits.pass(Duration.ofMillis(1));
		assertThat(next.use()).isTrue();
		assertThat(this.limits.status().pausedUntil()).isNull();
	}

	@Test
	void aShorterPauseDoesNotReplaceALongerOne() {
		Permit one = this.limits.take();
		Permit two = this.limits.take();
		Permit three = this.limits.take();
		one.end(UsageReport.refused(refusal("Requests per Minute", 2, 2).retryAfter(Duration.ofSeconds(60)).build()));
		two.end(UsageReport.refused(refusal("Requests per Second", 2, 2).retryAfter(Duration.ofSeconds(5)).build()));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTiming.START.plusSeconds(60));
		three.end(UsageReport.refused(refusal("Requests per Minute", 2, 2).retryAfter(Duration.ofSeconds(70)).build()));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTiming.START.plusSeconds(70));
	}

	@Test
	void whoWouldWaitInVainForTheEndOfAPauseIsToldSoAtOnce() {
		Limits impatient = new Limits().learning().patience(SECOND);
		impatient.take()
			.end(UsageReport.refused(refusal("Tokens per Minute", 2, 1).retryAfter(Duration.ofSeconds(20)).build()));
		Permit next = impatient.ask();
		assertThat(next.refusal()).isNotNull();
		assertThat(next.refusal().limit()).isEqualTo(LimitType.TOKENS);
		assertThat(next.refusal().message()).isEqualTo("A request to model 'grok-4.3' was not sent, to keep the rate "
				+ "limit of xAI: the pause since it refused a request (429) leaves no room for it, probably until "
				+ "2026-11-21T08:00:20Z (in 20 s), and that is longer than 'grok.rate-limit.max-wait' (1000 ms) "
				+ "allows. 'grok.rate-limit.learn: false' sends everything and leaves refusing to xAI.");
		assertThat(retryAfter(next)).isEqualTo(Duration.ofSeconds(20));
		assertThat(impatient.timing().alarms()).isZero();
		impatient.pass(Duration.ofSeconds(19));
		assertThat(impatient.ask().isWaiting()).isTrue();
	}

	@Test
	void aPauseIsSeenWhereThereIsNoPlaceEither() {
		Limits impatient = new Limits().learning().concurrent(1).patience(SECOND);
		Permit refused = impatient.take();
		refused.end(UsageReport.refused(refusal("Requests per Second", 2, 2).retryAfter(SECOND).build()));
		impatient.pass(SECOND);
		Permit stream = impatient.take();
		Permit behind = impatient.ask();
		assertThat(behind.isWaiting()).isTrue();
		stream
			.end(UsageReport.refused(refusal("Requests per Second", 2, 2).retryAfter(SECOND.multipliedBy(9)).build()));
		assertThat(retryAfter(behind)).isEqualTo(Duration.ofSeconds(9));
		assertThat(retryAfter(impatient.ask())).isEqualTo(Duration.ofSeconds(9));
		assertThat(impatient.queue().status().active()).isZero();
	}

	@Test
	void callersBehindAFullHouseDoNotWaitForAPauseInVain() {
		Limits impatient = new Limits().learning().concurrent(2).patience(SECOND);
		impatient.take();
		impatient.take()
			.end(UsageReport.refused(refusal("Requests per Minute", 2, 2).retryAfter(SECOND.multipliedBy(9)).build()));
		Permit other = impatient.ask("grok-4.5", 1);
		assertThat(other.use()).isTrue();
		assertThat(retryAfter(impatient.ask())).isEqualTo(Duration.ofSeconds(9));
		assertThat(impatient.ask("grok-4.5", 1).isWaiting()).isTrue();
	}

	@Test
	void whoWaitsForALearnedRateInVainIsRefusedAsByXai() {
		Limits impatient = new Limits().learning().patience(SECOND);
		impatient.take().end(new UsageReport(true, 1, 0, told(60, 0, 0, 0), null));
		Permit first = impatient.ask();
		Permit second = impatient.ask();
		assertThat(second.isWaiting()).isTrue();
		impatient.pass(SECOND);
		assertThat(first.use()).isTrue();
		assertThat(retryAfter(second)).isEqualTo(SECOND);
		assertThat(second.refusal().message()).contains("xAI's limit of 60 requests per minute");
	}

	@Test
	void whoHasNoRoomToWaitDuringAPauseIsRefusedAsByXai() {
		Limits crowded = new Limits().learning().queued(2);
		crowded.take()
			.end(UsageReport.refused(refusal("Requests per Second", 2, 2).retryAfter(Duration.ofSeconds(20)).build()));
		Permit first = crowded.ask();
		crowded.ask();
		Permit third = crowded.ask();
		assertThat(first.isWaiting()).isTrue();
		assertThat(retryAfter(third)).isEqualTo(Duration.ofSeconds(20));
		assertThat(third.refusal().message()).contains("'grok.rate-limit.max-queued'");
	}

	@Test
	void oldHeadersDoNotGiveBackWhatWasTakenSince() {
		answers(10, 10, 1_000, 1_000);
		Permit slow = this.limits.take();
		for (int i = 0; i < 5; i++) {
			this.limits.take(100).end(Limits.answered(100));
		}
		assertThat(this.limits.status().remainingRequests()).isEqualTo(4);
		slow.end(new UsageReport(true, 1, 0, told(10, 10, 1_000, 1_000), null));
		assertThat(this.limits.status().remainingRequests()).isEqualTo(5);
		assertThat(this.limits.status().remainingTokens()).isEqualTo(500);
	}

	@Test
	void oldHeadersDoNotGiveBackTokensThatNobodyExpected() {
		answers(0, 0, 1_000, 1_000);
		Permit slow = this.limits.take();
		this.limits.take(1).end(Limits.answered(600));
		slow.end(new UsageReport(true, 1, 0, told(0, 0, 1_000, 1_000), null));
		assertThat(this.limits.status().remainingTokens()).isEqualTo(400);
	}

	@Test
	void headersWithoutWhatIsLeftTellTheLimitOnly() {
		answers(10, 3, 1_000, 500);
		answers(10, -1, 1_000, -1);
		assertThat(this.limits.status().remainingRequests()).isEqualTo(2);
		assertThat(this.limits.status().remainingTokens()).isEqualTo(499);
		answers(20, -1, 0, 0);
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(20);
	}

	@Test
	void aPauseThatWouldNeverEndIsCutShort() {
		refused(refusal("Requests per Second", 2, 2).retryAfter(Duration.ofDays(3)));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTiming.START.plusSeconds(300));
	}

	@ParameterizedTest
	@CsvSource({ "Requests per Second, 2, 2, 1", "Requests per Minute, 61, 60, 1", "Requests per Minute, 70, 60, 10",
			"Tokens per Minute, 65605, 16000, 15", "Cows per Fortnight, 3, 2, 1" })
	void withoutRetryAfterThePauseFollowsFromTheNumbers(String bucket, long actual, long limit, long seconds) {
		refused(refusal(bucket, actual, limit));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTiming.START.plusSeconds(seconds));
	}

	@Test
	void withoutNumbersThePauseIsShort() {
		refused(GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many").status(429));
		assertThat(this.limits.status().pausedUntil()).isEqualTo(VirtualTiming.START.plusSeconds(1));
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, null));
	}

	@Test
	void pausesGrowWhileXaiKeepsRefusingAndRefusalsOfOneMomentCountOnce() {
		GrokApiException refusal = GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many").status(429).build();
		Permit one = this.limits.take();
		Permit two = this.limits.take();
		one.end(UsageReport.refused(refusal));
		this.limits.pass(Duration.ofMillis(500));
		two.end(UsageReport.refused(refusal));
		assertThat(pause()).isEqualTo(SECOND);
		this.limits.pass(SECOND);
		this.limits.take().end(UsageReport.refused(refusal));
		assertThat(pause()).isEqualTo(Duration.ofSeconds(2));
		this.limits.pass(Duration.ofSeconds(2));
		this.limits.take().end(UsageReport.refused(refusal));
		assertThat(pause()).isEqualTo(Duration.ofSeconds(4));
		this.limits.pass(Duration.ofSeconds(4));
		this.limits.pass(SECOND);
		this.limits.take().end(Limits.answered(1));
		this.limits.take().end(UsageReport.refused(refusal));
		assertThat(pause()).isEqualTo(SECOND);
	}

	@Test
	void requestsPerSecondAreSpreadOverTheSecond() {
		refused(refusal("Requests per Second", 5, 4));
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(4L, null, null));
		this.limits.pass(SECOND);
		for (int i = 0; i < 8; i++) {
			Permit permit = this.limits.ask();
			this.limits.pass(Duration.ofMillis(250));
			assertThat(permit.use()).as("request " + i).isTrue();
		}
		this.limits.take();
		Permit tooSoon = this.limits.ask();
		this.limits.pass(Duration.ofMillis(249));
		assertThat(tooSoon.isWaiting()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Tokens per Minute", "tokens per minute" })
	void aRefusalProvesItsLimitAndNothingIsLeftOfIt(String bucket) {
		refused(refusal(bucket, 1_200, 1_000).retryAfter(SECOND));
		assertThat(this.limits.status().learned()).isEqualTo(new ModelRateLimits.Rates(null, null, 1_000L));
		assertThat(this.limits.status().remainingTokens()).isZero();
		Permit next = this.limits.ask(500);
		this.limits.pass(Duration.ofSeconds(29));
		assertThat(next.isWaiting()).isTrue();
		this.limits.pass(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void whenAPauseIsOverOneRequestFindsOutForAll() {
		refused(refusal("Requests per Minute", 30, 30).retryAfter(Duration.ofSeconds(20)));
		Permit first = this.limits.ask();
		Permit second = this.limits.ask();
		this.limits.pass(Duration.ofSeconds(20));
		assertThat(first.isWaiting()).isFalse();
		assertThat(second.isWaiting()).isTrue();
		this.limits.pass(Duration.ofSeconds(2));
		assertThat(second.isWaiting()).isFalse();
	}

	@Test
	void whatARefusalProvedIsCountedHereThoughHeadersSayOtherwise() {
		answers(60, 60, 0, 0);
		refused(refusal("Requests per Minute", 11, 10).retryAfter(SECOND));
		this.limits.pass(Duration.ofSeconds(60));
		for (int i = 0; i < 10; i++) {
			answers(60, 60, 0, 0);
		}
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(10);
		assertThat(this.limits.ask().isWaiting()).isTrue();
	}

	@Test
	void whatARefusalProvedIsForgottenWhenHeadersTellAnotherLimit() {
		refused(refusal("Requests per Minute", 11, 10).retryAfter(SECOND));
		this.limits.pass(Duration.ofSeconds(60));
		answers(20, 20, 0, 0);
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(20);
	}

	@Test
	void anAnswerToAnOlderRequestDoesNotDisproveARefusal() {
		Permit old = this.limits.take();
		this.limits.pass(SECOND);
		refused(refusal("Requests per Minute", 11, 10).retryAfter(SECOND));
		old.end(new UsageReport(true, 1, 0, told(1_000, 1_000, 0, 0), null));
		assertThat(this.limits.status().learned().requestsPerMinute()).isEqualTo(10);
	}

	@Test
	void whatARefusalProvedIsForgottenAfterAWhile() {
		refused(refusal("Requests per Second", 5, 4));
		this.limits.pass(Duration.ofMinutes(10));
		this.limits.take().end(Limits.answered(1));
		assertThat(this.limits.status().learned().requestsPerSecond()).isEqualTo(4);
		this.limits.pass(SECOND);
		this.limits.take().end(Limits.answered(1));
		assertThat(this.limits.status().learned().requestsPerSecond()).isNull();
		assertThat(this.limits.take().isFree()).isTrue();
	}

	@Test
	void aHigherTierHasMoreRequestsPerSecond() {
		answers(100, 100, 0, 0);
		refused(refusal("Requests per Second", 5, 4));
		this.limits.pass(SECOND);
		answers(100, 100, 0, 0);
		assertThat(this.limits.status().learned().requestsPerSecond()).isEqualTo(4);
		this.limits.pass(SECOND);
		answers(200, 200, 0, 0);
		assertThat(this.limits.status().learned().requestsPerSecond()).isNull();
	}

	@Test
	void otherRefusalsTeachNothing() {
		refused(GrokApiException.builder(ErrorKind.INVALID_REQUEST, "bad").status(400));
		assertThat(this.limits.status().pausedUntil()).isNull();
		assertThat(this.limits.take().isFree()).isTrue();
	}

	private void answers(long requests, long requestsLeft, long tokens, long tokensLeft) {
		Permit permit = this.limits.take();
		permit.end(new UsageReport(true, 1, 0, told(requests, requestsLeft, tokens, tokensLeft), null));
	}

	private void refused(GrokApiException.Builder refusal) {
		this.limits.take().end(UsageReport.refused(refusal.build()));
	}

	private static Duration retryAfter(Permit refused) {
		assertThat(refused.refusal()).isNotNull();
		RuntimeException failure = refused.refusal().toException();
		assertThat(failure).isInstanceOf(GrokApiException.class);
		GrokApiException asByXai = (GrokApiException) failure;
		assertThat(asByXai.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(asByXai.status()).isZero();
		assertThat(asByXai.isRetryable()).isTrue();
		return asByXai.retryAfter();
	}

	private Duration pause() {
		return Duration.between(this.limits.timing().instant(), this.limits.status().pausedUntil());
	}

	private static GrokApiException.Builder refusal(String bucket, long actual, long limit) {
		return GrokApiException.builder(ErrorKind.RATE_LIMITED, "too many")
			.status(429)
			.limit(new ReachedLimit(bucket, actual, limit));
	}

	static RateLimit told(long requests, long requestsLeft, long tokens, long tokensLeft) {
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
