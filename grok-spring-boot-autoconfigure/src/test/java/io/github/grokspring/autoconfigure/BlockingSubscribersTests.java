package io.github.grokspring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Subscribers that block: other streams go on, even those that they wait for.
 */
class BlockingSubscribersTests {

	private static final int STREAMS = 60;

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.budgets.all.limit=1000", "grok.warm-up=false", "grok.retry.max-attempts=1");

	@TempDir
	private static Path folder;

	static Stream<Arguments> places() {
		return Stream.of(Setup.values())
			.flatMap((setup) -> Stream.of(Arguments.of(setup, false), Arguments.of(setup, true)));
	}

	@ParameterizedTest(name = "{0}, at the end: {1}")
	@MethodSource("places")
	void streamsWhoseSubscribersWaitForAnotherStreamEnd(Setup setup, boolean atEnd) {
		run(setup, (model) -> {
			List<CountDownLatch> ends = IntStream.rangeClosed(0, STREAMS)
				.mapToObj((i) -> new CountDownLatch(1))
				.toList();
			ends.get(STREAMS).countDown();
			for (int i = 0; i < STREAMS; i++) {
				subscribe(model.stream(setup.prompt(i)), new BlockingSubscriber(ends.get(i + 1), ends.get(i), atEnd));
			}
			for (CountDownLatch end : ends) {
				assertThat(end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
		});
	}

	@ParameterizedTest(name = "{0}, at the end: {1}")
	@MethodSource("places")
	void callsAndStreamsGoOnWhileSubscribersAreBlocked(Setup setup, boolean atEnd) {
		run(setup, (model) -> {
			CountDownLatch release = new CountDownLatch(1);
			List<CountDownLatch> ends = new ArrayList<>();
			List<BlockingSubscriber> blocked = new ArrayList<>();
			for (int i = 0; i < STREAMS; i++) {
				CountDownLatch end = new CountDownLatch(1);
				BlockingSubscriber subscriber = new BlockingSubscriber(release, end, atEnd);
				subscribe(model.stream(setup.prompt(i)), subscriber);
				ends.add(end);
				blocked.add(subscriber);
			}
			try {
				for (BlockingSubscriber subscriber : blocked) {
					assertThat(subscriber.arrived.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
				}
				for (int i = 0; i < 5; i++) {
					Prompt prompt = new Prompt("another question " + i);
					assertThat(model.stream(prompt).collectList().block(PATIENCE)).isNotEmpty();
					assertThat(model.call(prompt).getResult()).isNotNull();
				}
			}
			finally {
				release.countDown();
			}
			for (CountDownLatch end : ends) {
				assertThat(end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "NATIVE", "SPRING_AI" })
	void streamsNeedNoThreadEachWhileNoSubscriberBlocks(Setup setup) {
		run(setup, (model) -> {
			int streams = 5 * STREAMS;
			assertThat(Flux.range(0, streams)
				.flatMap((i) -> model.stream(setup.prompt(i)).last(), streams)
				.collectList()
				.block(PATIENCE)).hasSize(streams);
			assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().startsWith("grok-stream-"))
				.hasSizeLessThan(streams / 3);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void callsThatWaitForAConnectionOnAllThreadsOfReactorFailInTime(String transport) {
		int calls = 2 * Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE;
		this.application
			.withPropertyValues("grok.chat.transport=" + transport, "grok.http.max-connections=1",
					"grok.budget.store=memory")
			.run((context) -> {
				GrokChatModel model = context.getBean("grokChatModel", GrokChatModel.class);
				xai.answers("late").silentFor(Duration.ofMinutes(5)).byDefault();
				Disposable occupying = model.stream(new Prompt("hi")).subscribe((element) -> {
				}, (failure) -> {
				});
				Awaitility.await().atMost(PATIENCE).until(() -> xai.requestCount() == 1);
				Prompt prompt = new Prompt("hi", model.getOptions().mutate().timeout(Duration.ofMillis(300)).build());
				Long failed = Flux.range(0, calls)
					.flatMap((i) -> Mono.fromCallable(() -> model.call(prompt))
						.subscribeOn(Schedulers.boundedElastic())
						.then(Mono.<Throwable>empty())
						.onErrorResume(Mono::just), calls)
					.count()
					.block(PATIENCE);
				assertThat(failed).isEqualTo(calls);
				occupying.dispose();
			});
	}

	// What is in the cache is delivered on the thread that subscribes.
	private static void subscribe(Flux<ChatResponse> stream, BlockingSubscriber subscriber) {
		Thread thread = new Thread(() -> stream.subscribe(subscriber), "subscribing");
		thread.setDaemon(true);
		thread.start();
	}

	private void run(Setup setup, Scenario scenario) {
		this.application.withPropertyValues(setup.properties)
			.withPropertyValues("grok.budget.file=" + folder.resolve(UUID.randomUUID() + ".ledger"))
			.withBean("other", ChatModel.class, OtherModel::new)
			.run((context) -> scenario.run(context.getBean("grokChatModel", GrokChatModel.class)));
	}

	/**
	 * What streams go through.
	 */
	enum Setup {

		NATIVE("grok.budget.store=memory"), SPRING_AI("grok.budget.store=memory", "grok.chat.transport=spring-ai"),
		LEDGER("grok.budget.store=file"), CACHE("grok.budget.store=memory", "grok.cache.enabled=true"),
		OTHER_MODEL("grok.budget.store=memory", "grok.fallback.chat-models=other", "grok.fallback.on=model-not-found");

		private final String[] properties;

		Setup(String... properties) {
			this.properties = properties;
		}

		Prompt prompt(int number) {
			return switch (this) {
				case CACHE -> new Prompt("the same question");
				case OTHER_MODEL ->
					new Prompt("question " + number, GrokChatOptions.builder().model("no-such-model").build());
				default -> new Prompt("question " + number);
			};
		}

	}

	@FunctionalInterface
	private interface Scenario {

		void run(GrokChatModel model) throws Exception;

	}

	/**
	 * A model of another provider, which responds on the thread that subscribes.
	 */
	private static final class OtherModel implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			return new ChatResponse(List.of(new Generation(new AssistantMessage("another response"))));
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.defer(() -> Flux.just(call(prompt)));
		}

	}

	/**
	 * Waits for a latch at the first element or at the end.
	 */
	private static final class BlockingSubscriber extends BaseSubscriber<ChatResponse> {

		private final CountDownLatch awaited;

		private final CountDownLatch end;

		private final boolean atEnd;

		private final CountDownLatch arrived = new CountDownLatch(1);

		BlockingSubscriber(CountDownLatch awaited, CountDownLatch end, boolean atEnd) {
			this.awaited = awaited;
			this.end = end;
			this.atEnd = atEnd;
		}

		@Override
		protected void hookOnNext(ChatResponse element) {
			if (!this.atEnd) {
				block();
			}
		}

		@Override
		protected void hookOnComplete() {
			if (this.atEnd) {
				block();
			}
			this.end.countDown();
		}

		private void block() {
			this.arrived.countDown();
			try {
				this.awaited.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
