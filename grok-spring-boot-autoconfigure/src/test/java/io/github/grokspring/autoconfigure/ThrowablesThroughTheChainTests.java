package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServerExtension;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is thrown where nobody declares it: the stages give back what they hold, and later
 * calls are answered.
 */
class ThrowablesThroughTheChainTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	static final List<Supplier<Throwable>> THROWN = List.of(() -> new IOException("checked"),
			() -> new IllegalStateException("unchecked"), () -> new AssertionError("error"),
			() -> new NoClassDefFoundError("linkage"), () -> new StackOverflowError("virtual machine"));

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Fault fault = new Fault();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.rate-limit.max-concurrent=1", "grok.rate-limit.max-wait=8s", "grok.budgets.all.limit=1000",
				"grok.cache.enabled=true", "grok.redaction.enabled=true", "grok.fallback.models=grok-4.5")
		.withBean(GrokEventListener.class, () -> (event) -> this.fault.throwAt(Place.LISTENER, null))
		.withInitializer((context) -> {
			for (Position position : Position.values()) {
				context.getBeanFactory()
					.registerSingleton("faulty" + position, new FaultyDecorator(position, this.fault));
			}
		});

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsHeldAfterAStageHasThrown(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> SoftAssertions.assertSoftly((softly) -> {
			for (Position position : Position.values()) {
				for (Place place : List.of(Place.BEFORE, Place.RESPONSE, Place.END)) {
					for (Supplier<Throwable> thrown : THROWN) {
						String name = thrown.get().getClass().getSimpleName() + " at " + position + ", " + place;
						this.fault.set(place, position, thrown.get());
						GrokChatModel model = context.getBean(GrokChatModel.class);
						softly.assertThat(outcome(way, model, name)).as(name).isEqualTo("failed");
						checkNothingIsHeld(softly, context, way, name);
					}
				}
			}
		}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void listenersThatThrowFailNoCall(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> SoftAssertions.assertSoftly((softly) -> {
			for (Supplier<Throwable> thrown : THROWN) {
				if (thrown.get() instanceof VirtualMachineError) {
					continue;
				}
				String name = "listener throws " + thrown.get().getClass().getSimpleName();
				this.fault.set(Place.LISTENER, null, thrown.get());
				softly.assertThat(outcome(way, context.getBean(GrokChatModel.class), name))
					.as(name)
					.isEqualTo("answered");
				checkNothingIsHeld(softly, context, way, name);
			}
		}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsHeldAfterASubscriberHasThrown(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> SoftAssertions.assertSoftly((softly) -> {
			for (Supplier<Throwable> thrown : THROWN) {
				for (boolean atEnd : new boolean[] { false, true }) {
					String name = "subscriber throws " + thrown.get().getClass().getSimpleName()
							+ (atEnd ? " at the end" : "");
					context.getBean(GrokChatModel.class)
						.stream(new Prompt(name))
						.subscribe(new FaultySubscriber(thrown.get(), atEnd));
					checkNothingIsHeld(softly, context, way, name);
				}
			}
		}));
	}

	private void checkNothingIsHeld(SoftAssertions softly, AssertableApplicationContext context,
			TransportInvocation way, String name) {
		this.fault.clear();
		GrokChatModel model = context.getBean(GrokChatModel.class);
		softly.assertThat(outcome(way, model, name)).as(name + ": the same call again").isEqualTo("answered");
		softly.assertThat(outcome(way, model, name + "?")).as(name + ": another call").isEqualTo("answered");
		softly.assertThatCode(
				() -> Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).untilAsserted(() -> {
					assertThat(context.getBean(RateLimits.class).status().active()).isZero();
					assertThat(context.getBean(Budgets.class).status()).extracting(BudgetStatus::reservedTicks)
						.containsOnly(0L);
				}))
			.as(name + ": held")
			.doesNotThrowAnyException();
	}

	private static String outcome(TransportInvocation way, GrokChatModel model, String text) {
		CompletableFuture<String> outcome = new CompletableFuture<>();
		Prompt prompt = new Prompt(text);
		try {
			if (way.stream()) {
				model.stream(prompt).subscribe((element) -> {
				}, (failure) -> outcome.complete("failed"), () -> outcome.complete("answered"));
			}
			else {
				model.call(prompt);
				outcome.complete("answered");
			}
		}
		catch (Throwable ex) {
			outcome.complete("failed");
		}
		assertThat(outcome).as(text + ": ends").succeedsWithin(PATIENCE);
		return outcome.join();
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable thrown) throws T {
		throw (T) thrown;
	}

	private enum Place {

		BEFORE, RESPONSE, END, LISTENER

	}

	/**
	 * What is thrown, and where.
	 */
	private static final class Fault {

		private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();

		void set(Place place, @Nullable Position position, Throwable thrown) {
			this.armed.set(new Armed(place, position, thrown));
		}

		void clear() {
			this.armed.set(null);
		}

		void throwAt(Place place, @Nullable Position position) {
			Armed armed = this.armed.get();
			if (armed != null && armed.place() == place && armed.position() == position) {
				sneak(armed.thrown());
			}
		}

		private record Armed(Place place, @Nullable Position position, Throwable thrown) {

		}

	}

	private record FaultyDecorator(Position position, Fault fault) implements ChatModelDecorator {

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					throwAt(Place.BEFORE);
					ChatResponse response = super.call(prompt);
					throwAt(Place.RESPONSE);
					throwAt(Place.END);
					return response;
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					return Flux.defer(() -> {
						throwAt(Place.BEFORE);
						return super.stream(prompt);
					}).map((element) -> {
						throwAt(Place.RESPONSE);
						return element;
					}).doOnComplete(() -> throwAt(Place.END));
				}

				private void throwAt(Place place) {
					FaultyDecorator.this.fault.throwAt(place, FaultyDecorator.this.position);
				}

			};
		}

	}

	private record FaultySubscriber(Throwable thrown, boolean atEnd) implements CoreSubscriber<ChatResponse> {

		@Override
		public void onSubscribe(Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(ChatResponse element) {
			if (!this.atEnd) {
				sneak(this.thrown);
			}
		}

		@Override
		public void onError(Throwable failure) {
			sneak(this.thrown);
		}

		@Override
		public void onComplete() {
			sneak(this.thrown);
		}

	}

}
