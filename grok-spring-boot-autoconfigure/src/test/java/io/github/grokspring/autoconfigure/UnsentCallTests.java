package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call that is given up while it waits for a connection costs nothing and gives
 * everything back.
 */
class UnsentCallTests {

	private static final int WAITING = 5;

	private static final Prompt LARGE = new Prompt("four letters each ".repeat(10_000));

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(GrokEventListener.class, () -> this.events::add)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.http.max-connections=1", "grok.rate-limit.tokens-per-minute=1000000",
				"grok.rate-limit.requests-per-minute=1000", "grok.budgets.always.limit=100",
				"grok.budgets.always.window=total");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static List<TransportInvocation> wishes() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void callThatIsGivenUpBeforeItIsSentCostsNothing(TransportInvocation wish) {
		this.runner.withPropertyValues(wish.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			Disposable other = occupyTheConnection(model);
			long reserved = status(context).reservedTicks();
			long tokens = remainingTokens(context);
			List<Runnable> calls = new ArrayList<>();
			for (int i = 0; i < WAITING; i++) {
				calls.add(begin(model, wish));
			}
			Awaitility.await()
				.atMost(TransportInvocation.PATIENCE)
				.until(() -> context.getBean(RateLimits.class).status().active() == 1 + WAITING);
			calls.forEach(Runnable::run);
			assertThat(costs()).isEmpty();
			assertThat(status(context).usedTicks()).isZero();
			assertThat(status(context).reservedTicks()).isEqualTo(reserved);
			assertThat(remainingTokens(context)).isGreaterThanOrEqualTo(tokens);
			assertThat(this.events).filteredOn(AttemptFinished.class::isInstance).hasSize(WAITING);
			assertThat(xai.requestCount()).isOne();
			other.dispose();
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void callThatIsGivenUpAfterItWasSentIsEstimated(TransportInvocation wish) {
		this.runner.withPropertyValues(wish.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answers("late").silentFor(Duration.ofMinutes(5));
			Runnable giveUp = begin(model, wish);
			Awaitility.await().atMost(TransportInvocation.PATIENCE).until(() -> xai.requestCount() == 1);
			giveUp.run();
			assertThat(costs()).singleElement().matches(CostRecorded::estimated);
			assertThat(costs().get(0).inputTokens()).isGreaterThan(40_000);
			assertThat(status(context).usedTicks()).isEqualTo(costs().get(0).ticks());
			assertThat(remainingTokens(context)).isLessThan(1_000_000 - 40_000 + 10_000);
		});
	}

	private static Disposable occupyTheConnection(GrokChatModel model) {
		xai.answers("late").silentFor(Duration.ofMinutes(5));
		Disposable other = model.stream(new Prompt("hi")).subscribe();
		Awaitility.await().atMost(TransportInvocation.PATIENCE).until(() -> xai.requestCount() == 1);
		return other;
	}

	/**
	 * Begin a call.
	 * @return gives it up
	 */
	private static Runnable begin(GrokChatModel model, TransportInvocation wish) {
		if (wish.stream()) {
			Flux<?> stream = model.stream(LARGE);
			return stream.subscribe()::dispose;
		}
		CompletableFuture<Throwable> end = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				model.call(LARGE);
				end.complete(new AssertionError("There was a response"));
			}
			catch (Throwable ex) {
				end.complete(ex);
			}
		});
		caller.start();
		return () -> {
			caller.interrupt();
			assertThat(end.orTimeout(TransportInvocation.PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
				.isInstanceOf(GrokException.class)
				.hasMessageContaining("Interrupted");
		};
	}

	private List<CostRecorded> costs() {
		return this.events.stream().filter(CostRecorded.class::isInstance).map(CostRecorded.class::cast).toList();
	}

	private static long remainingTokens(ApplicationContext context) {
		return context.getBean(RateLimits.class).status().models().get(0).remainingTokens();
	}

	private static BudgetStatus status(ApplicationContext context) {
		return context.getBean(Budgets.class).status().get(0);
	}

}
