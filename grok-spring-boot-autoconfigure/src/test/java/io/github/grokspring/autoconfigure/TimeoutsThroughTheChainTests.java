package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * From {@code grok.http.*-timeout} to a caller who does not wait for ever. Every limit is
 * tested where all others are far away.
 */
class TimeoutsThroughTheChainTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<Duration> waits = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(Sleeper.class, () -> new RecordedWaits(this.waits))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.retry.jitter=none",
				"grok.http.read-timeout=1h", "grok.http.reasoning-read-timeout=1h", "grok.http.stream-idle-timeout=1h",
				"grok.http.call-timeout=1h");

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void aModelThatDoesNotThinkIsExpectedToSpeakSoon(TransportInvocation way) {
		xai.answers("late").silentFor(LONG).byDefault();
		GrokApiException failure = failure(way, "grok.http.read-timeout=300ms", "grok.chat.reasoning-effort=none");
		assertThat(failure).hasMessageContaining("PT0.3S").hasMessageContaining("grok.http.read-timeout");
		assertThat(xai.requestCount()).isEqualTo(2);
		assertThat(this.waits).containsExactly(Duration.ofSeconds(2));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void aModelThatThinksMayBeSilentForATimeOfItsOwn(TransportInvocation way) {
		xai.answers("late").silentFor(LONG).byDefault();
		GrokApiException failure = failure(way, "grok.http.reasoning-read-timeout=300ms");
		assertThat(failure).hasMessageContaining("PT0.3S").hasMessageContaining("grok.http.reasoning-read-timeout");
		assertThat(xai.requestCount()).isEqualTo(2);
		assertThat(this.waits).containsExactly(Duration.ofSeconds(2));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void headersAreNoAnswer(TransportInvocation way) {
		xai.answers("late").silentAfterHeaders(LONG).byDefault();
		failure(way, "grok.http.reasoning-read-timeout=300ms");
		assertThat(xai.requestCount()).isEqualTo(2);
	}

	@Test
	void aStreamThatHasBegunToWriteMayPauseForATimeOfItsOwn() {
		TransportInvocation way = new TransportInvocation("native", true);
		xai.answersInChunks(10).pace(Duration.ofMillis(20)).stallsAfter(3, LONG).byDefault();
		GrokApiException failure = failure(way, "grok.http.stream-idle-timeout=300ms");
		assertThat(failure).hasMessageContaining("PT0.3S").hasMessageContaining("grok.http.stream-idle-timeout");
		assertThat(xai.requestCount()).isOne();
		assertThat(this.waits).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void aCallMustComeToAnEndHoweverMuchIsSaid(TransportInvocation way) {
		xai.answersInChunks(5_000).pace(Duration.ofMillis(50)).byDefault();
		GrokApiException failure = failure(way, "grok.http.call-timeout=500ms");
		assertThat(failure).hasMessageContaining("PT0.5S").hasMessageContaining("grok.http.call-timeout");
		assertThat(xai.requestCount()).isEqualTo(way.stream() ? 1 : 2);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void aTimeoutOfTheRequestGoesFirst(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answers("late").silentFor(LONG).byDefault();
			GrokApiException failure = way.failure(model,
					new Prompt("hi", model.getOptions().mutate().timeout(Duration.ofMillis(300)).build()));
			assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
			assertThat(failure).hasMessageContaining("PT0.3S");
		});
	}

	private GrokApiException failure(TransportInvocation way, String... properties) {
		GrokApiException[] failure = new GrokApiException[1];
		this.application.withPropertyValues(way.property())
			.withPropertyValues(properties)
			.run((context) -> failure[0] = way.failure(context.getBean(GrokChatModel.class), new Prompt("hi")));
		assertThat(failure[0].kind()).isEqualTo(ErrorKind.TIMEOUT);
		return failure[0];
	}

	/**
	 * Takes note of waits and lets nobody wait.
	 */
	private record RecordedWaits(List<Duration> all) implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			this.all.add(duration);
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.fromRunnable(() -> this.all.add(duration));
		}

	}

}
