package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Whatever listeners of events, application events and meters throw, callers get the
 * responses that were paid for and nothing stays held.
 */
class ListenersThatThrowTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(Sleeper.class, NoWaiting::new)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.rate-limit.max-concurrent=1", "grok.rate-limit.max-wait=0s", "grok.budgets.daily.limit=0.01",
				"grok.budgets.daily.warn-at=1%", "grok.cache.enabled=true", "grok.redaction.enabled=true",
				"grok.fallback.models=grok-4.5");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static Stream<Arguments> failures() {
		return TransportInvocation.all()
			.stream()
			.flatMap((way) -> Stream
				.of(new IOException("disk full"), new AssertionError("no"), new NoClassDefFoundError("gone"))
				.map((failure) -> Arguments.of(way, failure)));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void nothingIsLostOrHeld(TransportInvocation way, Throwable failure) {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				if (id.getName().startsWith("grok.client.") && id.getType() != Meter.Type.GAUGE) {
					ListenersThatThrowTests.sneak(failure);
				}
				return id;
			}

		});
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withBean(GrokEventListener.class, () -> (event) -> sneak(failure))
			.withBean(Listening.class, () -> new Listening(failure))
			.withPropertyValues(way.property())
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				xai.failsWith(503);
				xai.answers("paid").usage(200, 100);
				assertThat(way.text(model, new Prompt("Write to jane.doe@example.org"))).isEqualTo("paid");
				xai.answers("paid again");
				Prompt scrubbed = new Prompt("hi", GrokChatOptions.builder().presencePenalty(0.5).build());
				assertThat(way.text(model, scrubbed)).isEqualTo("paid again");
				xai.failsWith(400);
				way.failure(model, new Prompt("bad"));
				assertThat(catchThrowable(() -> way.ask(model, new Prompt("word ".repeat(100_000))))).isNotNull();
				xai.answers("paid at last");
				assertThat(way.text(model, new Prompt("last"))).isEqualTo("paid at last");
				assertThat(context.getBean(RateLimits.class).status().active()).isZero();
				BudgetStatus status = context.getBean(Budgets.class).status().get(0);
				assertThat(status.usedTicks()).isPositive();
				assertThat(status.reservedTicks()).isZero();
			});
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	/**
	 * Listens to application events.
	 *
	 * @param failure what it throws
	 */
	record Listening(Throwable failure) {

		@EventListener
		void on(CostRecorded event) {
			sneak(this.failure);
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
