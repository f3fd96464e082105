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
	void requestsBeyondAMinuteWaitUntilOneHasComeBack() {
		Limits limits = new Limits().requests(6);
		for (int i = 0; i < 6; i++) {
			limits.take();
		}
		Permit seventh = limits.ask();
		Permit eighth = limits.ask();
		limits.pass(Duration.ofMillis(9_999));
		assertThat(seventh.isWaiting()).isTrue();
		limits.pass(Duration.ofMillis(1));
		assertThat(seventh.use()).isTrue();
		assertThat(eighth.isWaiting()).isTrue();
		limits.pass(Duration.ofSeconds(10));
		assertThat(eighth.use()).isTrue();
	}

	@Test
	void tokensAreTakenBeforeTheCallAndCorrectedAfterIt() {
		Limits limits = new Limits().tokens(1_000);
		Permit tooMuch = limits.take(600);
		assertThat(limits.status().remainingTokens()).isEqualTo(400);
		tooMuch.end(Limits.answered(100));
		assertThat(limits.status().remainingTokens()).isEqualTo(900);
		Permit tooLittle = limits.take(100);
		tooLittle.end(Limits.answered(900));
		assertThat(limits.status().remainingTokens()).isZero();
		Permit next = limits.ask(100);
		assertThat(next.isWaiting()).isTrue();
		limits.pass(Duration.ofSeconds(6));
		assertThat(next.use()).isTrue();
	}

	@Test
	void whatAnAnswerUsedBeyondTheMinuteIsOwedForAMinuteAtMost() {
		Limits limits = new Limits().tokens(1_000).patience(NEVER);
		limits.take(10).end(Limits.answered(1_000_000));
		Permit next = limits.ask(1_000);
		limits.pass(Duration.ofSeconds(119));
		assertThat(next.isWaiting()).isTrue();
		limits.pass(SECOND);
		assertThat(next.use()).isTrue();
	}

	@Test
	void anAnswerOfUnknownLengthIsExpectedToBeAsLongAsThoseBefore() {
		Limits limits = new Limits().tokens(100_000);
		Prompt prompt = new Prompt("100", GrokChatOptions.builder().model(Limits.MODEL).build());
		Permit first = limits.queue().acquire("default", prompt);
		assertThat(first.tokens()).isEqualTo(600);
		first.use();
		first.end(new UsageReport(true, 4_600, 4_500, null, null));
		assertThat(limits.queue().acquire("default", prompt).tokens()).isEqualTo(1_100);
	}

	@Test
	void noMoreIsSetAsideForAnAnswerThanItsMostTokensNorMoreThanIsSensible() {
		Limits limits = new Limits().tokens(1_000_000);
		GrokChatOptions.Builder options = GrokChatOptions.builder().model(Limits.MODEL);
		assertThat(limits.queue().acquire("default", new Prompt("100", options.maxTokens(50).build())).tokens())
			.isEqualTo(150);
		assertThat(limits.queue().acquire("default", new Prompt("100", options.maxTokens(100_000).build())).tokens())
			.isEqualTo(4_196);
	}

	@Test
	void aBigRequestIsNotOvertakenBySmallOnes() {
		Limits limits = new Limits().tokens(1_000).patience(NEVER);
		limits.take(900);
		Permit big = limits.ask(800);
		List<Permit> small = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			small.add(limits.ask(50));
			limits.pass(SECOND);
		}
		assertThat(small).allMatch(Permit::isWaiting);
		limits.pass(Duration.ofSeconds(32));
		assertThat(big.use()).isTrue();
		limits.pass(Duration.ofSeconds(30));
		assertThat(small).allMatch(Permit::use);
	}

	@Test
	void aRequestThatNeverFitsPassesWhenTheMinuteIsAllThere() {
		Limits limits = new Limits().tokens(1_000).patience(NEVER);
		limits.take(1);
		Permit huge = limits.ask(5_000);
		assertThat(huge.isWaiting()).isTrue();
		limits.pass(Duration.ofMillis(60));
		assertThat(huge.use()).isTrue();
		huge.end(Limits.answered(5_000));
		Permit next = limits.ask(1);
		limits.pass(Duration.ofSeconds(60));
		assertThat(next.isWaiting()).isTrue();
		limits.pass(Duration.ofMillis(60));
		assertThat(next.use()).isTrue();
	}

	@Test
	void placesAreTakenInTheOrderOfArrival() {
		Limits limits = new Limits().concurrent(2).patience(NEVER);
		Permit one = limits.take();
		Permit two = limits.take();
		Permit three = limits.ask("grok-4.5", 1);
		Permit four = limits.ask();
		Permit five = limits.ask("grok-4.5", 1);
		assertThat(List.of(three, four, five)).allMatch(Permit::isWaiting);
		two.end(Limits.answered(1));
		assertThat(three.use()).isTrue();
		assertThat(four.isWaiting()).isTrue();
		one.end(Limits.answered(1));
		assertThat(four.use()).isTrue();
		three.end(Limits.answered(1));
		assertThat(five.use()).isTrue();
		assertThat(limits.queue().status().active()).isEqualTo(2);
	}

	@Test
	void modelsDoNotWaitForTheRatesOfOneAnotherButAliasesDo() {
		Limits limits = new Limits().requests(1).concurrent(2);
		limits.take();
		assertThat(limits.ask("grok-latest", 1).isWaiting()).isTrue();
		assertThat(limits.ask("grok-4.5", 1).use()).isTrue();
		assertThat(limits.queue().status().models()).extracting(ModelRateLimits::model)
			.containsExactly("grok-4.3", "grok-4.5");
	}

	@Test
	void whoWaitsForARateKeepsNoPlaceFromOthers() {
		Limits limits = new Limits().requests(1).concurrent(1).patience(NEVER);
		limits.take().end(Limits.answered(1));
		Permit first = limits.ask();
		Permit other = limits.ask("grok-4.5", 1);
		assertThat(first.isWaiting()).isTrue();
		assertThat(other.use()).isTrue();
		limits.pass(Duration.ofSeconds(60));
		assertThat(first.isWaiting()).isTrue();
		other.end(Limits.answered(1));
		assertThat(first.use()).isTrue();
	}

	@Test
	void aRequestThatNeverReachedXaiGivesEverythingBack() {
		Limits limits = new Limits().requests(2).tokens(100).concurrent(1);
		limits.take(60).end(UsageReport.unsent());
		assertThat(limits.status().remainingRequests()).isEqualTo(2);
		assertThat(limits.status().remainingTokens()).isEqualTo(100);
		assertThat(limits.queue().status().active()).isZero();
	}

	@Test
	void aPermitEndsOnce() {
		Limits limits = new Limits().requests(2).tokens(100).concurrent(2);
		Permit permit = limits.take(60);
		limits.take(10);
		permit.end(Limits.answered(50));
		permit.end(UsageReport.unsent());
		permit.cancel();
		assertThat(limits.status().remainingRequests()).isZero();
		assertThat(limits.status().remainingTokens()).isEqualTo(40);
		assertThat(limits.status().active()).isEqualTo(1);
	}

	@Test
	void whoLeavesTheQueueMakesRoomForTheNext() {
		Limits limits = new Limits().tokens(100).patience(NEVER);
		limits.take(90);
		Permit big = limits.ask(80);
		Permit small = limits.ask(5);
		assertThat(small.isWaiting()).isTrue();
		assertThat(big.cancel()).isTrue();
		assertThat(small.use()).isTrue();
		assertThat(big.cancel()).isFalse();
		assertThat(limits.queue().status().queued()).isZero();
	}

	@Test
	void whatAnAnswerDidNotUseLetsTheNextPassAtOnce() {
		Limits limits = new Limits().tokens(1_000).patience(NEVER);
		Permit generous = limits.take(900);
		Permit next = limits.ask(500);
		Permit other = limits.ask(300);
		assertThat(next.isWaiting()).isTrue();
		generous.end(Limits.answered(100));
		assertThat(next.use()).isTrue();
		assertThat(other.use()).isTrue();
	}

	@Test
	void aRequestThatWasNotSentLetsTheNextPassAtOnce() {
		Limits limits = new Limits().requests(1).patience(NEVER);
		Permit first = limits.take();
		Permit next = limits.ask();
		assertThat(next.isWaiting()).isTrue();
		first.end(UsageReport.unsent());
		assertThat(next.use()).isTrue();
	}

	@Test
	void whatWasGrantedAndNotUsedIsGivenBack() {
		Limits limits = new Limits().requests(1).tokens(100).concurrent(1);
		Permit permit = limits.ask(100);
		assertThat(permit.cancel()).isTrue();
		assertThat(permit.use()).isFalse();
		assertThat(limits.take(100).tokens()).isEqualTo(100);
	}

	@Test
	void theLastToComeIsRefusedWhenTooManyWait() {
		Limits limits = new Limits().concurrent(1).queued(2);
		Permit running = limits.take();
		Permit first = limits.ask();
		Permit second = limits.ask();
		Permit third = limits.ask();
		assertThat(third.isWaiting()).isFalse();
		assertThat(third.refusal()).isEqualTo(new RateLimitRejection(LimitType.CONCURRENCY, Duration.ZERO,
				"A request to model 'grok-4.3' was not sent: 'grok.rate-limit.max-concurrent' (1) left no room for it, "
						+ "and 2 others wait already ('grok.rate-limit.max-queued'). "
						+ "Send less at once, or change one of these properties.",
				false));
		assertThat(first.isWaiting()).isTrue();
		assertThat(second.isWaiting()).isTrue();
		running.end(Limits.answered(1));
		assertThat(first.use()).isTrue();
	}

	@Test
	void nobodyWaitsWhereNobodyMay() {
		Limits limits = new Limits().requests(1).queued(0);
		limits.take();
		assertThat(limits.ask().refusal()).isNotNull();
		assertThat(limits.timing().alarms()).isZero();
	}

	@Test
	void whoHasWaitedLongEnoughIsToldWhenThereIsRoom() {
		Limits limits = new Limits().requests(1).patience(Duration.ofSeconds(12));
		limits.take();
		Permit first = limits.ask();
		Permit second = limits.ask();
		limits.pass(Duration.ofSeconds(11));
		assertThat(first.isWaiting()).isTrue();
		limits.pass(SECOND);
		assertThat(first.refusal()).isEqualTo(new RateLimitRejection(LimitType.REQUESTS, Duration.ofSeconds(48),
				"A request to model 'grok-4.3' was not sent: 'grok.rate-limit.requests-per-minute' (1) left no room "
						+ "for it, and 'grok.rate-limit.max-wait' (12 s) is over. There probably is room in 48 s. "
						+ "Send less at once, or change one of these properties.",
				false));
		assertThat(second.refusal()).isNotNull();
		assertThat(limits.queue().status().queued()).isZero();
		assertThat(limits.timing().alarms()).isZero();
	}

	@Test
	void roomIsExpectedAfterThoseWhoCameBefore() {
		Limits limits = new Limits().tokens(60).queued(2).patience(NEVER);
		limits.take(60);
		limits.ask(10);
		limits.ask(20);
		RateLimitRejection refusal = limits.ask(30).refusal();
		assertThat(refusal.limit()).isEqualTo(LimitType.TOKENS);
		assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(60));
	}

	@Test
	void whatWasWaitedForIsTold() {
		Limits limits = new Limits().requests(60).concurrent(1).patience(NEVER);
		for (int i = 0; i < 59; i++) {
			limits.take().end(Limits.answered(1));
		}
		Permit running = limits.take();
		assertThat(running.waits()).isEmpty();
		Permit next = limits.ask();
		limits.pass(Duration.ofMillis(200));
		running.end(Limits.answered(1));
		assertThat(next.isWaiting()).isTrue();
		limits.pass(Duration.ofMillis(800));
		assertThat(next.waits()).containsExactly(
				new RateLimitWaited("default", "grok-4.3", "requests", Duration.ofMillis(800)),
				new RateLimitWaited("default", "grok-4.3", "concurrency", Duration.ofMillis(200)));
	}

	@Test
	void aRefusalIsToldEvenWhenNothingWasWaited() {
		Limits limits = new Limits().concurrent(1).queued(0);
		limits.take();
		assertThat(limits.ask().waits())
			.containsExactly(new RateLimitWaited("default", "grok-4.3", "concurrency", Duration.ZERO));
	}

	@Test
	void withoutLimitsNothingIsEstimatedOrHeld() {
		Limits limits = new Limits().learning();
		Permit permit = limits.queue()
			.acquire("default", new Prompt("no number", GrokChatOptions.builder().model(Limits.MODEL).build()));
		assertThat(permit.use()).isTrue();
		assertThat(permit.isFree()).isTrue();
		assertThat(limits.queue().status().active()).isEqualTo(1);
		permit.end(Limits.answered(10));
		assertThat(limits.queue().status().active()).isZero();
	}

	@Test
	void namesBeyondAllReasonShareTheirLimits() {
		Limits limits = new Limits().requests(1);
		for (int i = 0; i < 200; i++) {
			limits.ask("model-" + i, 1);
		}
		assertThat(limits.ask("model-200", 1).use()).isTrue();
		assertThat(limits.ask("model-201", 1).isWaiting()).isTrue();
		assertThat(limits.ask("model-7", 1).isWaiting()).isTrue();
		assertThat(limits.queue().status().models()).hasSize(201);
	}

	@Test
	void theStatusShowsLimitsAndRoom() {
		Limits limits = new Limits().requests(10).tokens(1_000).concurrent(3).learning();
		limits.take(100);
		limits.take(200);
		assertThat(limits.queue().status()).isEqualTo(new RateLimitStatus(3, 2, 0,
				List.of(new ModelRateLimits("grok-4.3", new ModelRateLimits.Rates(null, 10L, 1_000L),
						new ModelRateLimits.Rates(null, null, null), 8L, 700L, 2, 0, null))));
	}

}
