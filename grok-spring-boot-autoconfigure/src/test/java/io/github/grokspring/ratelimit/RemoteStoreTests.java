package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimiter} over a store that takes its time, as one beyond a network
 * does.
 */
@ExtendWith(OutputCaptureExtension.class)
class RemoteStoreTests {

	private final VirtualTiming timing = new VirtualTiming();

	private final Deque<CompletableFuture<Long>> asked = new ArrayDeque<>();

	private long takenRequests;

	@Test
	void whoIsAskedForWaitsAndOthersStandBehind() {
		RateLimiter queue = queue(5);
		Permit first = ask(queue);
		Permit second = ask(queue);
		assertThat(first.isWaiting()).isTrue();
		assertThat(this.asked).hasSize(1);
		assertThat(queue.status().queued()).isEqualTo(1);
		this.asked.remove().complete(0L);
		assertThat(first.use()).isTrue();
		assertThat(second.isWaiting()).isTrue();
		this.asked.remove().complete(Duration.ofSeconds(3).toNanos());
		assertThat(second.isWaiting()).isTrue();
		this.timing.pass(Duration.ofSeconds(3));
		this.asked.remove().complete(0L);
		assertThat(second.use()).isTrue();
	}

	@Test
	void beingAskedForIsNotWaiting() {
		RateLimiter queue = queue(0);
		Permit first = ask(queue);
		Permit second = ask(queue);
		assertThat(second.refusal()).isNotNull();
		assertThat(first.isWaiting()).isTrue();
		this.asked.remove().complete(1_000L);
		assertThat(first.refusal()).isNotNull();
		assertThat(queue.status().queued()).isZero();
	}

	@Test
	void whoHasLeftMeanwhileGivesBackWhatComes() {
		RateLimiter queue = queue(5);
		Permit first = ask(queue);
		Permit second = ask(queue);
		assertThat(first.cancel()).isTrue();
		assertThat(this.asked).hasSize(1);
		this.takenRequests++;
		this.asked.remove().complete(0L);
		assertThat(this.takenRequests).isZero();
		this.asked.remove().complete(0L);
		assertThat(second.use()).isTrue();
		second.end(Limits.answered(1));
		assertThat(queue.status().active()).isZero();
	}

	@Test
	void aStoreThatFailsKeepsNobodyAndIsComplainedAboutOnce(CapturedOutput output) {
		RateLimiter queue = queue(5);
		for (int i = 0; i < 3; i++) {
			Permit permit = ask(queue);
			this.asked.remove().completeExceptionally(new IllegalStateException("no route"));
			assertThat(permit.use()).isTrue();
			permit.end(Limits.answered(1));
		}
		assertThat(output.toString().split("The store of the rate limits does not answer", -1)).hasSize(2);
	}

	private RateLimiter queue(int queued) {
		RateLimitSettings settings = new RateLimitSettings(60L, null, 1_000, queued, Duration.ofMinutes(1), false);
		return new RateLimiter(settings, (name) -> name, (prompt) -> 1, (name, rate) -> new Remote(), this.timing,
				this.timing);
	}

	private static Permit ask(RateLimiter queue) {
		return queue.acquire("default", new Prompt("hi", GrokChatOptions.builder().model(Limits.MODEL).build()));
	}

	/**
	 * Answers when the test does.
	 */
	private final class Remote implements RateBucket {

		@Override
		public CompletableFuture<Long> tryTake(long amount) {
			CompletableFuture<Long> answer = new CompletableFuture<>();
			RemoteStoreTests.this.asked.add(answer);
			return answer;
		}

		@Override
		public void take(long amount) {
			RemoteStoreTests.this.takenRequests += amount;
		}

		@Override
		public void giveBack(long amount) {
			RemoteStoreTests.this.takenRequests -= amount;
		}

		@Override
		public void replace(Rate rate) {
			throw new AssertionError("Nothing is learned here");
		}

		@Override
		public long left() {
			return 0;
		}

	}

}
