package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A model of the application within the chain of a client passes calls to another client:
 * they are reserved and counted once.
 */
class DelegatedCallsOnTheWireTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withUserConfiguration(Delegating.class)
		.withBean(GrokEventListener.class, () -> this.events::add)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.clients.second.model=grok-4.5", "grok.retry.enabled=false", "grok.budgets.daily.limit=0.7",
				// There is no room for two reservations
				"grok.budget.ceiling=0.6");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static Stream<Arguments> ways() {
		return Stream
			.of(Position.FALLBACK, Position.CONTEXT, Position.RATE_LIMIT, Position.METERING, Position.SCRUBBING)
			.flatMap((position) -> Stream.of("same-prompt", "own-prompt")
				.flatMap((prompt) -> Stream.of("same-thread", "other-thread")
					.flatMap((thread) -> Stream.of(Invocation.values())
						.filter((invocation) -> invocation == Invocation.STREAM || prompt.equals("same-prompt")
								|| thread.equals("same-thread"))
						.map((invocation) -> Arguments.of(position, prompt, thread, invocation)))));
	}

	/**
	 * Without those blocking calls on another thread of which only the response tells who
	 * made them.
	 */
	static Stream<Arguments> waysThatAreSeenToTheEnd() {
		return ways().filter((way) -> way.get()[0] != Position.SCRUBBING || way.get()[2].equals("same-thread")
				|| way.get()[3] == Invocation.STREAM);
	}

	static Stream<Arguments> streams() {
		return ways().filter((way) -> way.get()[3] == Invocation.STREAM);
	}

	private ApplicationContextRunner delegating(Position position, String prompt, String thread) {
		return this.runner.withPropertyValues("delegating.position=" + position, "delegating.prompt=" + prompt,
				"delegating.thread=" + thread);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void answerIsReservedAndCountedOnce(Position position, String prompt, String thread, Invocation invocation) {
		delegating(position, prompt, thread).run((context) -> {
			xai.answers("ok").usage(10_000, 1000);
			ChatResponse answer = invocation.last(context.getBean(GrokChatModel.class), new Prompt("hi"));
			Cost cost = answer.getMetadata().get("grok.cost");
			assertThat(cost.ticks()).isPositive();
			assertCounted(context, cost.ticks());
			assertThat(xai.requestCount()).isOne();
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void failureCostsNothingAndLeavesNothing(Position position, String prompt, String thread, Invocation invocation) {
		delegating(position, prompt, thread).run((context) -> {
			xai.failsWith(400);
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> invocation.last(context.getBean(GrokChatModel.class), new Prompt("hi")));
			assertCounted(context, 0);
		});
	}

	@ParameterizedTest
	@MethodSource("waysThatAreSeenToTheEnd")
	void lostConnectionIsCountedOnce(Position position, String prompt, String thread, Invocation invocation) {
		delegating(position, prompt, thread).run((context) -> {
			xai.resetsConnection();
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(
					() -> invocation.last(context.getBean(GrokChatModel.class), new Prompt("hi ".repeat(5000))));
			assertThat(costs()).hasSize(1);
			assertCounted(context, costs().get(0));
		});
	}

	@ParameterizedTest
	@MethodSource("streams")
	void cancelledStreamIsCountedOnce(Position position, String prompt, String thread, Invocation stream) {
		delegating(position, prompt, thread).run((context) -> {
			xai.answersInChunks(500).pace(Duration.ofMillis(5));
			Flux<ChatResponse> answer = context.getBean(GrokChatModel.class).stream(new Prompt("tell me everything"));
			StepVerifier.create(answer).expectNextCount(3).thenCancel().verify(Invocation.TIMEOUT);
			xai.awaitClientDisconnect(Duration.ofSeconds(10));
			assertThat(costs()).hasSize(1);
			assertCounted(context, costs().get(0));
		});
	}

	@ParameterizedTest
	@EnumSource
	void aSideCallIsCountedBesideTheCallThatMakesIt(Invocation invocation) {
		delegating(Position.FALLBACK, "own-prompt", "same-thread").withPropertyValues("delegating.aside=true")
			.run((context) -> {
				xai.answers("ok").usage(10_000, 1000).byDefault();
				invocation.last(context.getBean(GrokChatModel.class), new Prompt("hi"));
				assertThat(xai.requestCount()).isEqualTo(2);
				assertThat(costs()).hasSize(2).allMatch((ticks) -> ticks > 0);
				assertCounted(context, costs().get(0) + costs().get(1));
			});
	}

	@ParameterizedTest
	@EnumSource
	void manyCallsAtTheSameTimeAreReservedAndCountedOnceEach(Invocation invocation) {
		delegating(Position.FALLBACK, "own-prompt", "same-thread")
			.withPropertyValues("grok.budgets.daily.limit=20", "grok.budget.ceiling=0.6")
			.run((context) -> {
				xai.answers("ok").usage(10_000, 1000).byDefault();
				GrokChatModel model = context.getBean(GrokChatModel.class);
				// Not the threads that clients use themselves
				Scheduler callers = Schedulers.newBoundedElastic(16, 64, "callers");
				try {
					Flux.fromStream(IntStream.range(0, 64).boxed())
						.flatMap((i) -> Mono.fromCallable(() -> invocation.last(model, new Prompt("hi")))
							.subscribeOn(callers), 16)
						.blockLast(Invocation.TIMEOUT);
				}
				finally {
					callers.dispose();
				}
				assertThat(costs()).hasSize(64);
				assertCounted(context, costs().stream().mapToLong(Long::longValue).sum());
			});
	}

	private void assertCounted(ApplicationContext context, long ticks) {
		BudgetStatus status = context.getBean(Budgets.class).status().get(0);
		assertThat(status.usedTicks()).isEqualTo(ticks);
		assertThat(status.reservedTicks()).isZero();
		assertThat(costs().stream().mapToLong(Long::longValue).sum()).isEqualTo(ticks);
		assertThat(this.events).filteredOn(AttemptFinished.class::isInstance).isNotEmpty();
	}

	private List<Long> costs() {
		return this.events.stream()
			.filter(CostRecorded.class::isInstance)
			.map((event) -> ((CostRecorded) event).ticks())
			.toList();
	}

	/**
	 * A model in the chain of the default client that asks another client.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Delegating {

		@Bean
		ChatModelDecorator delegatingDecorator(@Qualifier("second") ObjectProvider<ChatClient> second,
				Environment environment) {
			Position position = Position.valueOf(environment.getRequiredProperty("delegating.position"));
			return new ChatModelDecorator() {

				@Override
				public Position position() {
					return position;
				}

				@Override
				public ChatModel decorate(String client, ChatModel delegate) {
					return client.equals("default") ? new DelegatingModel(delegate, second, environment) : delegate;
				}

			};
		}

	}

	private record DelegatingModel(ChatModel delegate, ObjectProvider<ChatClient> second,
			Environment environment) implements ChatModel {

		@Override
		public ChatOptions getOptions() {
			return this.delegate.getOptions();
		}

		@Override
		public ChatResponse call(Prompt prompt) {
			Mono<ChatResponse> answer = Mono.fromCallable(
					() -> Objects.requireNonNull(client(prompt).call().chatResponse(), "There must be a response"));
			ChatResponse response = (is("thread", "other-thread") ? answer.subscribeOn(Schedulers.boundedElastic())
					: answer)
				.block();
			return is("aside", "true") ? this.delegate.call(prompt) : response;
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			Flux<ChatResponse> stream = Flux.defer(() -> client(prompt).stream().chatResponse());
			stream = is("thread", "other-thread") ? stream.subscribeOn(Schedulers.boundedElastic()) : stream;
			return is("aside", "true") ? stream.thenMany(this.delegate.stream(prompt)) : stream;
		}

		private ChatClient.ChatClientRequestSpec client(Prompt prompt) {
			return this.second.getObject()
				.prompt(is("prompt", "own-prompt") ? new Prompt(prompt.getContents()) : prompt);
		}

		private boolean is(String what, String value) {
			return value.equals(this.environment.getProperty("delegating." + what));
		}

	}

}
