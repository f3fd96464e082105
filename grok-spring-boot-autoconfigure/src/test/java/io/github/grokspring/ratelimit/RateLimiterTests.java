package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.RateLimitWaited;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimiter} in virtual time.
 */
class RateLimiterTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration NEVER = Duration.ofDays(1);

	@Test
	void requestsBeyondTheLimitWaitForRefill() {
		Limits limits = new Limits().requests(6);
		for (int i = 0; i < 6; i++) {
			limits.start();
		}
		Permit seventh = limits.acquire();
		Permit eighth = limits.acquire();
		limits.advance(Duration.ofMillis(9_999));
		assertThat(seventh.isWaiting()).isTrue();
		limits.advance(Duration.ofMillis(1));
		assertThat(seventh.use()).isTrue();
		assertThat(eighth.isWaiting()).isTrue();
		limits.advance(Duration.ofSeconds(10));
		assertThat(eighth.use()).isTrue();
	}

	@Test
	void tokensAreReservedAndSettled() {
		Limits limits = new Limits().tokens(1_000);
		Permit tooMuch = limits.start(600);
		assertThat(limits.status().remainingTokens()).isEqualTo(400);
		tooMuch.release(Limits.completed(100));
		assertThat(limits.status().remainingTokens()).isEqualTo(900);
		Permit tooLittle = limits.start(100);
		tooLittle.release(Limits.completed(900));
		assertThat(limits.status().remainingTokens()).isZero();
		Permit next = limits.acquire(100);
		assertThat(next.isWaiting()).isTrue();
		limits.advance(Duration.ofSeconds(6));
		assertThat(next.use()).isTrue();
	}

	@Test
	void tokenDebtIsLimitedToOneMinute() {
		Limits limits = new Limits().tokens(1_000).maxWait(NEVER);
		limits.start(10).release(Limits.completed(1_000_000));
		Permit next = limits.acquire(1_000);
		limits.advance(Duration.ofSeconds(119));
		assertThat(next.isWaiting()).isTrue();
		limits.advance(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void expectedOutputFollowsEarlierResponses() {
		Limits limits = new Limits().tokens(100_000);
		Prompt prompt = new Prompt("100", GrokChatOptions.builder().model(Limits.MODEL).build());
		Permit first = limits.limiter().acquire("default", prompt);
		assertThat(first.tokens()).isEqualTo(600);
		first.use();
		first.release(new UsageReport(true, 4_600, 4_500, null, null));
		assertThat(limits.limiter().acquire("default", prompt).tokens()).isEqualTo(1_100);
	}

	@Test
	void reservedOutputIsCappedByMaxTokensAndGlobally() {
		Limits limits = new Limits().tokens(1_000_000);
		GrokChatOptions.Builder options = GrokChatOptions.builder().model(Limits.MODEL);
		assertThat(limits.limiter().acquire("default", new Prompt("100", options.maxTokens(50).build())).tokens())
			.isEqualTo(150);
		assertThat(limits.limiter().acquire("default", new Prompt("100", options.maxTokens(100_000).build())).tokens())
			.isEqualTo(4_196);
	}

	@Test
	void largeRequestIsNotOvertakenBySmallOnes() {
		Limits limits = new Limits().tokens(1_000).maxWait(NEVER);
		limits.start(900);
		Permit big = limits.acquire(800);
		List<Permit> small = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			small.add(limits.acquire(50));
			limits.advance(SECOND);
		}
		assertThat(small).allMatch(Permit::isWaiting);
		limits.advance(Duration.ofSeconds(32));
		assertThat(big.use()).isTrue();
		limits.advance(Duration.ofSeconds(30));
		assertThat(small).allMatch(Permit::use);
	}

	@Test
	void oversizedRequestIsGrantedByAFullBucket() {
		Limits limits = new Limits().tokens(1_000).maxWait(NEVER);
		limits.start(1);
		Permit huge = limits.acquire(5_000);
		assertThat(huge.isWaiting()).isTrue();
		limits.advance(Duration.ofMillis(60));
		assertThat(huge.use()).isTrue();
		huge.release(Limits.completed(5_000));
		Permit next = limits.acquire(1);
		limits.advance(Duration.ofSeconds(60));
		assertThat(next.isWaiting()).isTrue();
		limits.advance(Duration.ofMillis(60));
		assertThat(next.use()).isTrue();
	}

	@Test
	void concurrencyIsGrantedInOrderOfArrival() {
		Limits limits = new Limits().concurrent(2).maxWait(NEVER);
		Permit one = limits.start();
		Permit two = limits.start();
		Permit three = limits.acquire("grok-4.5", 1);
		Permit four = limits.acquire();
		Permit five = limits.acquire("grok-4.5", 1);
		assertThat(List.of(three, four, five)).allMatch(Permit::isWaiting);
		two.release(Limits.completed(1));
		assertThat(three.use()).isTrue();
		assertThat(four.isWaiting()).isTrue();
		one.release(Limits.completed(1));
		assertThat(four.use()).isTrue();
		three.release(Limits.completed(1));
		assertThat(five.use()).isTrue();
		assertThat(limits.limiter().status().active()).isEqualTo(2);
	}

	@Test
	void modelsHaveSeparateRatesAndAliasesShareThem() {
		Limits limits = new Limits().requests(1).concurrent(2);
		limits.start();
		assertThat(limits.acquire("grok-latest", 1).isWaiting()).isTrue();
		assertThat(limits.acquire("grok-4.5", 1).use()).isTrue();
		assertThat(limits.limiter().status().models()).extracting(ModelRateLimits::model)
			.containsExactly("grok-4.3", "grok-4.5");
	}

	@Test
	void requestWaitingForARateDoesNotOccupyConcurrency() {
		Limits limits = new Limits().requests(1).concurrent(1).maxWait(NEVER);
		limits.start().release(Limits.completed(1));
		Permit first = limits.acquire();
		Permit other = limits.acquire("grok-4.5", 1);
		assertThat(first.isWaiting()).isTrue();
		assertThat(other.use()).isTrue();
		limits.advance(Duration.ofSeconds(60));
		assertThat(first.isWaiting()).isTrue();
		other.release(Limits.completed(1));
		assertThat(first.use()).isTrue();
	}

	@Test
	void unsentRequestGivesEverythingBack() {
		Limits limits = new Limits().requests(2).tokens(100).concurrent(1);
		limits.start(60).release(UsageReport.unsent());
		assertThat(limits.status().remainingRequests()).isEqualTo(2);
		assertThat(limits.status().remainingTokens()).isEqualTo(100);
		assertThat(limits.limiter().status().active()).isZero();
	}

	@Test
	void permitIsReleasedOnce() {
		Limits limits = new Limits().requests(2).tokens(100).concurrent(2);
		Permit permit = limits.start(60);
		limits.start(10);
		permit.release(Limits.completed(50));
		permit.release(UsageReport.unsent());
		permit.cancel();
		assertThat(limits.status().remainingRequests()).isZero();
		assertThat(limits.status().remainingTokens()).isEqualTo(40);
		assertThat(limits.status().active()).isEqualTo(1);
	}

	@Test
	void cancelledRequestLetsTheNextOneProceed() {
		Limits limits = new Limits().tokens(100).maxWait(NEVER);
		limits.start(90);
		Permit big = limits.acquire(80);
		Permit small = limits.acquire(5);
		assertThat(small.isWaiting()).isTrue();
		assertThat(big.cancel()).isTrue();
		assertThat(small.use()).isTrue();
		assertThat(big.cancel()).isFalse();
		assertThat(limits.limiter().status().queued()).isZero();
	}

	@Test
	void unusedTokensLetTheNextRequestProceed() {
		Limits limits = new Limits().tokens(1_000).maxWait(NEVER);
		Permit generous = limits.start(900);
		Permit next = limits.acquire(500);
		Permit other = limits.acquire(300);
		assertThat(next.isWaiting()).isTrue();
		generous.release(Limits.completed(100));
		assertThat(next.use()).isTrue();
		assertThat(other.use()).isTrue();
	}

	@Test
	void unsentRequestLetsTheNextOneProceed() {
		Limits limits = new Limits().requests(1).maxWait(NEVER);
		Permit first = limits.start();
		Permit next = limits.acquire();
		assertThat(next.isWaiting()).isTrue();
		first.release(UsageReport.unsent());
		assertThat(next.use()).isTrue();
	}

	@Test
	void cancelledUnusedPermitIsGivenBack() {
		Limits limits = new Limits().requests(1).tokens(100).concurrent(1);
		Permit permit = limits.acquire(100);
		assertThat(permit.cancel()).isTrue();
		assertThat(permit.use()).isFalse();
		assertThat(limits.start(100).tokens()).isEqualTo(100);
	}

	@Test
	void newestRequestIsRejectedWhenTheQueueIsFull() {
		Limits limits = new Limits().concurrent(1).queued(2);
		Permit running = limits.start();
		Permit first = limits.acquire();
		Permit second = limits.acquire();
		Permit third = limits.acquire();
		assertThat(third.isWaiting()).isFalse();
		assertThat(third.rejection()).isEqualTo(new RateLimitRejection(LimitType.CONCURRENCY, Duration.ZERO,
				"Request to model 'grok-4.3' was not sent: 'grok.rate-limit.max-concurrent' (1) is exhausted, "
						+ "and 2 requests are already waiting ('grok.rate-limit.max-queued'). "
						+ "Send fewer requests at once, or increase one of these properties.",
				false));
		assertThat(first.isWaiting()).isTrue();
		assertThat(second.isWaiting()).isTrue();
		running.release(Limits.completed(1));
		assertThat(first.use()).isTrue();
	}

	@Test
	void maxQueuedOfZeroRejectsAtOnce() {
		Limits limits = new Limits().requests(1).queued(0);
		limits.start();
		assertThat(limits.acquire().rejection()).isNotNull();
		assertThat(limits.time().scheduledTasks()).isZero();
	}

	@Test
	void timedOutRequestIsRejectedWithRetryAfter() {
		Limits limits = new Limits().requests(1).maxWait(Duration.ofSeconds(12));
		limits.start();
		Permit first = limits.acquire();
		Permit second = limits.acquire();
		limits.advance(Duration.ofSeconds(11));
		assertThat(first.isWaiting()).isTrue();
		limits.advance(SECOND);
		assertThat(first.rejection())
			.isEqualTo(new RateLimitRejection(LimitType.REQUESTS_PER_MINUTE, Duration.ofSeconds(48),
					"Request to model 'grok-4.3' was not sent: 'grok.rate-limit.requests-per-minute' (1) is exhausted, "
							+ "and 'grok.rate-limit.max-wait' (12 s) has elapsed. Capacity is expected in 48 s. "
							+ "Send fewer requests at once, or increase one of these properties.",
					false));
		assertThat(second.rejection()).isNotNull();
		assertThat(limits.limiter().status().queued()).isZero();
		assertThat(limits.time().scheduledTasks()).isZero();
	}

	@Test
	void retryAfterIncludesRequestsAhead() {
		Limits limits = new Limits().tokens(60).queued(2).maxWait(NEVER);
		limits.start(60);
		limits.acquire(10);
		limits.acquire(20);
		RateLimitRejection rejection = limits.acquire(30).rejection();
		assertThat(rejection.limit()).isEqualTo(LimitType.TOKENS_PER_MINUTE);
		assertThat(rejection.retryAfter()).isEqualTo(Duration.ofSeconds(60));
	}

	@Test
	void waitsArePublishedByLimit() {
		Limits limits = new Limits().requests(60).concurrent(1).maxWait(NEVER);
		for (int i = 0; i < 59; i++) {
			limits.start().release(Limits.completed(1));
		}
		Permit running = limits.start();
		assertThat(running.waits()).isEmpty();
		Permit next = limits.acquire();
		limits.advance(Duration.ofMillis(200));
		running.release(Limits.completed(1));
		assertThat(next.isWaiting()).isTrue();
		limits.advance(Duration.ofMillis(800));
		assertThat(next.waits()).containsExactly(
				new RateLimitWaited("default", "grok-4.3", "requests", Duration.ofMillis(800)),
				new RateLimitWaited("default", "grok-4.3", "concurrency", Duration.ofMillis(200)));
	}

	@Test
	void rejectionIsPublishedWithoutAWait() {
		Limits limits = new Limits().concurrent(1).queued(0);
		limits.start();
		assertThat(limits.acquire().waits())
			.containsExactly(new RateLimitWaited("default", "grok-4.3", "concurrency", Duration.ZERO));
	}

	@Test
	void unlimitedRequestIsNotEstimatedOrReserved() {
		Limits limits = new Limits().learning();
		Permit permit = limits.limiter()
			.acquire("default", new Prompt("no number", GrokChatOptions.builder().model(Limits.MODEL).build()));
		assertThat(permit.use()).isTrue();
		assertThat(permit.isUnlimited()).isTrue();
		assertThat(limits.limiter().status().active()).isEqualTo(1);
		permit.release(Limits.completed(10));
		assertThat(limits.limiter().status().active()).isZero();
	}

	@Test
	void modelsBeyondTheMaximumShareLimits() {
		Limits limits = new Limits().requests(1);
		for (int i = 0; i < 200; i++) {
			limits.acquire("model-" + i, 1);
		}
		assertThat(limits.acquire("model-200", 1).use()).isTrue();
		assertThat(limits.acquire("model-201", 1).isWaiting()).isTrue();
		assertThat(limits.acquire("model-7", 1).isWaiting()).isTrue();
		assertThat(limits.limiter().status().models()).hasSize(201);
	}

	@Test
	void statusHasLimitsAndRemainingAmounts() {
		Limits limits = new Limits().requests(10).tokens(1_000).concurrent(3).learning();
		limits.start(100);
		limits.start(200);
		assertThat(limits.limiter().status()).isEqualTo(new RateLimitStatus(3, 2, 0,
				List.of(new ModelRateLimits("grok-4.3", new ModelRateLimits.Rates(null, 10L, 1_000L),
						new ModelRateLimits.Rates(null, null, null), 8L, 700L, 2, 0, null))));
	}

}
