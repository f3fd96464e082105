package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Attempts that xAI never sees are told from those that it may have seen.
 */
class NeverSentTests {

	private static final Prompt PROMPT = new Prompt("hi");

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(GrokEventListener.class, () -> this.events::add)
		.withBean(Sleeper.class, NoWaiting::new)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whenNobodyListens(TransportInvocation way) {
		this.application.withPropertyValues(way.property(), "grok.base-url=http://127.0.0.1:1/v1").run((context) -> {
			GrokApiException failure = way.failure(context.getBean(GrokChatModel.class), PROMPT);
			assertThat(failure.kind()).isEqualTo(ErrorKind.CONNECTION);
			assertThat(failure.attempts()).isEqualTo(5);
			assertThat(failure.isSent()).isFalse();
			assertThat(failures()).hasSize(5).noneMatch(AttemptFailed::sent);
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whenThereIsNoKeyAnyLonger(TransportInvocation way) {
		this.application.withBean(GrokConnectionDetails.class, LostKey::new)
			.withPropertyValues(way.property())
			.run((context) -> {
				GrokApiException failure = way.failure(context.getBean(GrokChatModel.class), PROMPT);
				assertThat(failure.kind()).isEqualTo(ErrorKind.MISSING_API_KEY);
				assertThat(failure.isSent()).isFalse();
				assertThat(failures()).singleElement().matches((attempt) -> !attempt.sent());
				assertThat(xai.requestCount()).isZero();
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whenTheRequestCanNotBeWritten(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			GrokApiException failure = way.failure(model,
					new Prompt("hi", model.getOptions().mutate().headers(Map.of("x-torn", "in\ntwo")).build()));
			assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
			assertThat(failures()).singleElement().matches((attempt) -> !attempt.sent());
			assertThat(xai.requestCount()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenThereIsNoConnectionInTime(boolean stream) {
		this.application.withPropertyValues("grok.http.max-connections=1").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answers("late").silentFor(Duration.ofMinutes(5));
			Disposable other = model.stream(PROMPT).subscribe();
			Awaitility.await().atMost(TransportInvocation.PATIENCE).until(() -> xai.requestCount() == 1);
			GrokApiException failure = new TransportInvocation("native", stream).failure(model,
					new Prompt("hi", model.getOptions().mutate().timeout(Duration.ofMillis(200)).build()));
			assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
			assertThat(failures()).hasSize(2).noneMatch(AttemptFailed::sent);
			other.dispose();
			assertThat(xai.requestCount()).isOne();
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatMayHaveBeenSeenIsSent(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			xai.failsWith(503);
			xai.resetsConnection();
			way.ask(context.getBean(GrokChatModel.class), PROMPT);
			assertThat(failures()).hasSize(2).allMatch(AttemptFailed::sent);
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatThisApplicationRefusesIsNoAttempt(TransportInvocation way) {
		this.application
			.withPropertyValues(way.property(), "grok.circuit-breaker.minimum-calls=1", "grok.retry.enabled=false",
					"grok.rate-limit.learn=false", "grok.rate-limit.requests-per-minute=2",
					"grok.rate-limit.max-wait=0s", "grok.clients.other.model=grok-4.5")
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				xai.failsWith(503);
				way.failure(model, PROMPT);
				assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> way.ask(model, PROMPT));
				Prompt other = new Prompt("hi", model.getOptions().mutate().model("grok-4.5").build());
				way.ask(model, other);
				way.ask(model, other);
				assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(() -> way.ask(model, other));
				assertThat(this.events).filteredOn(AttemptFinished.class::isInstance).hasSize(3);
				assertThat(failures()).hasSize(1);
				assertThat(xai.requestCount()).isEqualTo(3);
			});
	}

	private List<AttemptFailed> failures() {
		return this.events.stream().filter(AttemptFailed.class::isInstance).map(AttemptFailed.class::cast).toList();
	}

	/**
	 * Knows the way, and has no key.
	 */
	private static final class LostKey implements GrokConnectionDetails {

		@Override
		public String getBaseUrl() {
			return xai.baseUrl();
		}

		@Override
		public String getApiKey() {
			return "";
		}

	}

	/**
	 * Nobody waits.
	 */
	private static final class NoWaiting implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			// Time does not matter here
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.empty();
		}

	}

}
