package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.github.grokspring.MutableClock;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServerExtension;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An outage that lasts, as xAI sees it and as callers see its end. Time passes with every
 * call.
 */
class LongOutageTests {

	private static final Log logger = LogFactory.getLog(LongOutageTests.class);

	private static final int CALLS = 2_000;

	private static final int CALLERS = 16;

	private static final Duration OPEN = Duration.ofSeconds(30);

	/** An outage of more than three minutes. */
	private static final Duration BETWEEN_CALLS = Duration.ofMillis(100);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final MutableClock clock = new MutableClock();

	private final LongAdder waits = new LongAdder();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(Sleeper.class, () -> new CountedWaits(this.waits))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	private final ApplicationContextRunner withClock = this.application.withBean(CircuitBreakers.class,
			() -> CircuitBreakers.create(
					new Binder().bindOrCreate("grok.circuit-breaker", GrokCircuitBreakerProperties.class).toSettings(),
					this.clock, (registry) -> {
					}));

	@ParameterizedTest
	@CsvSource({ "true, true, 1.2, false", "true, true, 1.2, true", "true, false, 1.2, false",
			"false, true, 1.2, false", "false, false, 3.0, false" })
	void anOutageIsNotAnsweredWithAMultipleOfTheTraffic(boolean budget, boolean breaker, double mostPerCall,
			boolean stream) {
		(breaker ? this.withClock : this.application)
			.withPropertyValues("grok.retry.budget.enabled=" + budget, "grok.circuit-breaker.enabled=" + breaker)
			.run((context) -> {
				xai.failsWith(503).byDefault();
				assertThat(answered(context.getBean(GrokChatModel.class), stream, CALLS)).isZero();
				double perCall = (double) xai.requestCount() / CALLS;
				logger.info("Outage, retry budget " + budget + ", circuit breaker " + breaker + ", streams " + stream
						+ ": " + perCall + " requests per call, " + this.waits + " waits");
				assertThat(perCall).isLessThanOrEqualTo(mostPerCall);
				if (breaker) {
					assertThat(perCall).isLessThan(0.1);
				}
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void trafficRecoversAsSoonAsTheCircuitBreakerLooks(boolean stream) {
		this.withClock.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.failsWith(503).byDefault();
			assertThat(answered(model, stream, 500)).isZero();
			xai.reset();
			Instant back = this.clock.instant();
			while (answered(model, stream, 1) == 0) {
				assertThat(this.clock.instant()).isBefore(back.plus(OPEN).plus(BETWEEN_CALLS));
			}
			logger.info("Outage, streams " + stream + ": the first answer "
					+ Duration.between(back, this.clock.instant()) + " after xAI was back");
			// Two more, and it is closed
			assertThat(answered(model, stream, 1) + answered(model, stream, 1)).isEqualTo(2);
			assertThat(context.getBean(CircuitBreakers.class).statuses()).singleElement()
				.satisfies((status) -> assertThat(status.state()).isEqualTo(CircuitBreakerStatus.State.CLOSED));
			assertThat(answered(model, stream, 200)).isEqualTo(200);
			// What the outage has spent is earned again: retries are there for the next
			// one
			xai.failsWith(503);
			assertThat(answered(model, stream, 1)).isOne();
		});
	}

	private long answered(GrokChatModel model, boolean stream, int calls) throws Exception {
		LongAdder answered = new LongAdder();
		ExecutorService callers = Executors.newFixedThreadPool(Math.min(CALLERS, calls));
		try {
			List<Future<?>> asking = new ArrayList<>();
			for (int i = 0; i < calls; i++) {
				asking.add(callers.submit(() -> {
					this.clock.move(BETWEEN_CALLS);
					try {
						new TransportInvocation("native", stream).ask(model, new Prompt("hi"));
						answered.increment();
					}
					catch (GrokException ex) {
						// What callers are told is shown elsewhere
					}
				}));
			}
			for (Future<?> call : asking) {
				call.get(TransportInvocation.PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
		}
		finally {
			callers.shutdownNow();
		}
		return answered.sum();
	}

	/**
	 * Counts waits and lets nobody wait.
	 */
	private record CountedWaits(LongAdder count) implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			this.count.increment();
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.fromRunnable(this.count::increment);
		}

	}

}
