package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.ratelimit.VirtualRateLimits;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What xAI says of its limits concerns the calls that come after, with retries, fallbacks
 * and everything else as it is by default.
 */
class LearnedLimitsOnTheWireTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final VirtualRateLimits limits = new VirtualRateLimits();

	private final MovingWaits waits = new MovingWaits();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(RateLimits.class, this.limits::rateLimits)
		.withBean(Sleeper.class, () -> this.waits)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.retry.jitter=none");

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void theNextCallerFallsBackAtOnce(boolean stream) {
		// Retries would wait for the end of the pause
		this.runner.withPropertyValues("grok.fallback.models=grok-4.5", "grok.retry.max-total-wait=30s")
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				xai.failsWith(429).retryAfter(45);
				ask(model, stream);
				assertThat(models()).containsExactly("grok-4.3", "grok-4.5");
				ask(model, stream);
				assertThat(models()).containsExactly("grok-4.3", "grok-4.5", "grok-4.5");
				assertThat(this.waits.all).isEmpty();
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void theNextCallerRetriesWhenThePauseIsOver(boolean stream) {
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.failsWith(429).retryAfter(45);
			List<ChatResponse> second = new ArrayList<>();
			this.waits.meanwhile = () -> second.add(ask(model, stream));
			ask(model, stream);
			assertThat(second).singleElement()
				.satisfies((answer) -> assertThat(answer.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2));
			assertThat(this.waits.all).containsExactly(Duration.ofSeconds(47), Duration.ofSeconds(47));
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	@Test
	void withoutRetriesTheNextCallerGetsWhatXaiWouldSay() {
		this.runner.withPropertyValues("grok.retry.enabled=false").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.failsWith(429).retryAfter(45);
			for (int i = 0; i < 2; i++) {
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(model, false))
					.satisfies((ex) -> {
						assertThat(ex.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
						assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(45));
					});
			}
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	@Test
	void callersThatHaveNoRoomToWaitFallBack() {
		this.runner.withPropertyValues("grok.fallback.models=grok-4.5", "grok.retry.enabled=false").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.failsWith(429).retryAfter(20);
			ask(model, false);
			Disposable.Composite callers = Disposables.composite();
			List<ChatResponse> answers = new CopyOnWriteArrayList<>();
			List<Throwable> failures = new CopyOnWriteArrayList<>();
			for (int i = 0; i < 300; i++) {
				callers.add(model.stream(new Prompt("1")).last().subscribe(answers::add, failures::add));
			}
			await().atMost(PATIENCE).until(() -> answers.size() + failures.size() == 44);
			assertThat(failures).isEmpty();
			assertThat(models().subList(1, 46)).containsOnly("grok-4.5");
			assertThat(context.getBean(RateLimits.class).status().queued()).isEqualTo(256);
			callers.dispose();
			assertThat(context.getBean(RateLimits.class).status().queued()).isZero();
		});
	}

	private static ChatResponse ask(GrokChatModel model, boolean stream) {
		Prompt prompt = new Prompt("1");
		return stream ? model.stream(prompt).blockLast(PATIENCE) : model.call(prompt);
	}

	private static List<String> models() {
		return xai.requests().stream().map((request) -> request.parameter("model").stringValue()).toList();
	}

	/**
	 * Waits by moving the time of the limits. Whoever comes meanwhile comes before that.
	 */
	private final class MovingWaits implements Sleeper {

		private final List<Duration> all = new CopyOnWriteArrayList<>();

		private Runnable meanwhile = () -> {
		};

		@Override
		public void sleep(Duration duration) {
			this.all.add(duration);
			Runnable others = this.meanwhile;
			this.meanwhile = () -> {
			};
			others.run();
			LearnedLimitsOnTheWireTests.this.limits.advance(duration);
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.fromRunnable(() -> sleep(duration));
		}

	}

}
