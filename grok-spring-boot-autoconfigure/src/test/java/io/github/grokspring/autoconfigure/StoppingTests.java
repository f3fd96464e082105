package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever does not want to wait any longer need not, wherever a call or a stream is, and
 * nothing is sent or held after it.
 */
class StoppingTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final Duration AT_ONCE = Duration.ofSeconds(5);

	private static final Prompt PROMPT = new Prompt("hi");

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(GrokEventListener.class, () -> this.events::add)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.retry.jitter=none",
				"grok.retry.initial-interval=1h", "grok.retry.max-interval=1h", "grok.retry.max-total-wait=2h",
				"grok.rate-limit.max-wait=1h", "grok.fallback.models=grok-4.5", "grok.budgets.all.limit=1000");

	static Stream<Arguments> places() {
		return Stream.of("native", "spring-ai")
			.flatMap((transport) -> Stream.of(Place.values())
				.filter((place) -> place != Place.CONNECTION || transport.equals("native"))
				.map((place) -> Arguments.of(transport, place)));
	}

	@ParameterizedTest
	@MethodSource("places")
	void aThreadThatIsInterruptedStopsAtOnce(String transport, Place place) {
		this.application.withPropertyValues("grok.chat.transport=" + transport)
			.withPropertyValues(place.properties())
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				int others = place.prepare(xai, model);
				CompletableFuture<Throwable> end = new CompletableFuture<>();
				AtomicBoolean interrupted = new AtomicBoolean();
				Thread caller = new Thread(() -> {
					try {
						model.call(PROMPT);
						end.complete(new AssertionError("There was an answer"));
					}
					catch (Throwable ex) {
						interrupted.set(Thread.currentThread().isInterrupted());
						end.complete(ex);
					}
				});
				caller.start();
				place.await(context, this.events, others);
				caller.interrupt();
				assertThat(end.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(GrokException.class)
					.isNotInstanceOf(GrokApiException.class)
					.hasMessageContaining("Interrupted");
				assertThat(interrupted).isTrue();
				assertNothingComesAfter(context, others, place);
			});
	}

	@ParameterizedTest
	@MethodSource("places")
	void aStreamThatIsDisposedOfStopsAtOnce(String transport, Place place) {
		this.application.withPropertyValues("grok.chat.transport=" + transport)
			.withPropertyValues(place.properties())
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				int others = place.prepare(xai, model);
				List<Object> signals = new CopyOnWriteArrayList<>();
				Disposable stream = model.stream(PROMPT)
					.subscribe(signals::add, signals::add, () -> signals.add("complete"));
				place.await(context, this.events, others);
				long start = System.nanoTime();
				stream.dispose();
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
				assertThat(signals).isEmpty();
				assertNothingComesAfter(context, others, place);
				assertThat(signals).isEmpty();
			});
	}

	private void assertNothingComesAfter(ApplicationContext context, int others, Place place) {
		Awaitility.await().atMost(TransportInvocation.PATIENCE).untilAsserted(() -> {
			assertThat(context.getBean(ReactorXaiHttpClient.class).inFlight()).isLessThanOrEqualTo(others);
			assertThat(context.getBean(RateLimits.class).status().queued()).isZero();
			assertThat(context.getBean(RateLimits.class).status().active()).isEqualTo(others);
		});
		long reserving = context.getBean(Budgets.class)
			.status()
			.stream()
			.filter((status) -> status.reservedTicks() > 0)
			.count();
		assertThat(reserving).isEqualTo((others > 0) ? 1 : 0);
		place.release();
		Awaitility.await()
			.atMost(TransportInvocation.PATIENCE)
			.untilAsserted(() -> assertThat(context.getBean(RateLimits.class).status().active()).isZero());
		long sent = xai.requestCount();
		assertThat(sent).isEqualTo(others + ((place.sends()) ? 1 : 0));
		xai.reset();
		assertThat(context.getBean(GrokChatModel.class).call(PROMPT).getResult().getOutput().getText()).isNotEmpty();
		assertThat(xai.requestCount()).isOne();
		assertThat(this.events).noneMatch(FallbackTaken.class::isInstance);
		assertThat(context.getBean(Budgets.class).status()).extracting(BudgetStatus::reservedTicks).containsOnly(0L);
	}

	/**
	 * Where a call or a stream may be.
	 */
	enum Place {

		/** Between two attempts. */
		RETRY {

			@Override
			int prepare(XaiServer xai, GrokChatModel model) {
				xai.failsWith(503).byDefault();
				return 0;
			}

			@Override
			void await(ApplicationContext context, List<GrokEvent> events, int others) {
				Awaitility.await()
					.atMost(TransportInvocation.PATIENCE)
					.until(() -> events.stream().anyMatch(AttemptFailed.class::isInstance));
			}

		},

		/** In the queue of a limit of the application. */
		RATE_LIMIT {

			@Override
			String[] properties() {
				return new String[] { "grok.rate-limit.max-concurrent=1" };
			}

			@Override
			int prepare(XaiServer xai, GrokChatModel model) {
				return occupy(xai, model);
			}

			@Override
			void await(ApplicationContext context, List<GrokEvent> events, int others) {
				Awaitility.await()
					.atMost(TransportInvocation.PATIENCE)
					.until(() -> context.getBean(RateLimits.class).status().queued() == 1);
			}

			@Override
			boolean sends() {
				return false;
			}

		},

		/** In the queue for a connection. */
		CONNECTION {

			@Override
			String[] properties() {
				return new String[] { "grok.http.max-connections=1" };
			}

			@Override
			int prepare(XaiServer xai, GrokChatModel model) {
				return occupy(xai, model);
			}

			@Override
			void await(ApplicationContext context, List<GrokEvent> events, int others) {
				Awaitility.await()
					.atMost(TransportInvocation.PATIENCE)
					.until(() -> context.getBean(ReactorXaiHttpClient.class).inFlight() == 2);
			}

			@Override
			boolean sends() {
				return false;
			}

		},

		/** Before the answer. */
		ANSWER {

			@Override
			int prepare(XaiServer xai, GrokChatModel model) {
				xai.answers("late").silentFor(LONG);
				return 0;
			}

			@Override
			void await(ApplicationContext context, List<GrokEvent> events, int others) {
				Awaitility.await()
					.atMost(TransportInvocation.PATIENCE)
					.until(() -> StoppingTests.xai.requestCount() == 1);
			}

		};

		private Disposable other = () -> {
		};

		int occupy(XaiServer xai, GrokChatModel model) {
			xai.answers("late").silentFor(LONG);
			this.other = model.stream(PROMPT).subscribe();
			Awaitility.await().atMost(TransportInvocation.PATIENCE).until(() -> xai.requestCount() == 1);
			return 1;
		}

		String[] properties() {
			return new String[0];
		}

		/**
		 * Make sure that whoever comes next gets to this place.
		 * @return how many others are under way
		 */
		abstract int prepare(XaiServer xai, GrokChatModel model);

		/**
		 * Wait until somebody is there.
		 */
		abstract void await(ApplicationContext context, List<GrokEvent> events, int others);

		/**
		 * Whether a request has been sent before.
		 */
		boolean sends() {
			return true;
		}

		/**
		 * Let others go.
		 */
		void release() {
			this.other.dispose();
		}

	}

}
