package io.github.grokspring.context;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.ModelOverride;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.RecordingChatModel;
import io.github.grokspring.completions.GrokOnTheWire;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.token.CalibratedEstimator;
import io.github.grokspring.token.PromptTokenEstimator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ContextWindowChatModel}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextWindowChatModelTests {

	private static final String LONG = "secret ".repeat(600);

	private final AtomicInteger counted = new AtomicInteger();

	private final CalibratedEstimator rough = new CalibratedEstimator(PromptTokenEstimator.approximate(),
			(name) -> name);

	private final RecordingChatModel transport = new RecordingChatModel();

	private final GrokOnTheWire grok = new GrokOnTheWire();

	@AfterEach
	void close() {
		this.grok.close();
	}

	@ParameterizedTest
	@EnumSource
	void promptThatIsTooLongIsRejected(Invocation invocation) {
		ChatModel model = model(OnOverflow.FAIL, 900);
		assertThatExceptionOfType(ContextOverflowException.class)
			.isThrownBy(() -> invocation.invoke(model, new Prompt(LONG, options(200))))
			.withMessageContaining("1054 tokens")
			.withMessageContaining("up to 200 output tokens")
			.withMessageContaining("'tiny'")
			.withMessageContaining("grok.context.on-overflow")
			.withMessageContaining("grok.models.[tiny].context-window")
			.withMessageNotContaining("secret")
			.satisfies((failure) -> {
				assertThat(failure.model()).isEqualTo("tiny");
				assertThat(failure.window()).isEqualTo(900);
				assertThat(failure.estimated()).isEqualTo(1_054);
				assertThat(failure.requestedOutput()).isEqualTo(200);
			});
		assertThat(this.transport.prompts()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void promptThatMayFitIsSent(Invocation invocation) {
		Prompt prompt = new Prompt(LONG, options(null));
		assertThat(invocation.invoke(model(OnOverflow.FAIL, 1_000), prompt)).isNotEmpty();
		assertThat(invocation.invoke(model(OnOverflow.TRIM, 1_000), prompt)).isNotEmpty();
		assertThat(invocation.invoke(model(OnOverflow.FAIL, 1_100), new Prompt(LONG, options(100_000_000))))
			.isNotEmpty();
		assertThat(invocation.invoke(model(OnOverflow.TRIM, 1_100), new Prompt(LONG, options(300)))).isNotEmpty();
		assertThat(this.transport.prompts()).hasSize(4);
	}

	@ParameterizedTest
	@EnumSource
	void imagesAreAssumedSmallWhenRejecting(Invocation invocation) {
		Media image = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(new byte[] { 1 }));
		Prompt prompt = new Prompt(
				UserMessage.builder().text("What is it?").media(Collections.nCopies(10, image)).build(), options(null));
		assertThat(invocation.invoke(model(OnOverflow.FAIL, 3_000), prompt)).isNotEmpty();
		assertThatExceptionOfType(ContextOverflowException.class)
			.isThrownBy(() -> invocation.invoke(model(OnOverflow.FAIL, 2_000), prompt));
	}

	@ParameterizedTest
	@EnumSource
	void trimmingReservesRoomForResponse(Invocation invocation) {
		List<Message> messages = Conversation.with("rules")
			.user(LONG)
			.answer("first")
			.user("two")
			.answer("second")
			.user("three")
			.messages();
		ChatModel model = model(OnOverflow.TRIM, 1_300);
		invocation.invoke(model, new Prompt(messages, options(100)));
		invocation.invoke(model, new Prompt(messages, options(100_000_000)));
		assertThat(this.transport.prompts().get(0).getInstructions()).hasSize(6);
		assertThat(this.transport.prompts().get(1).getInstructions()).hasSize(4);
	}

	@ParameterizedTest
	@EnumSource
	void overestimatedTurnsAreRecounted(Invocation invocation) {
		List<Message> messages = new ArrayList<>();
		Conversation conversation = Conversation.with("rules");
		// 200 estimated tokens, 66 counted ones
		for (int i = 0; i < 5; i++) {
			conversation.user("\u6771".repeat(200)).answer("yes");
		}
		messages.addAll(conversation.user("word ".repeat(600)).messages());
		CalibratedEstimator exact = new CalibratedEstimator((prompt) -> {
			this.counted.incrementAndGet();
			return tokens(prompt.getInstructions());
		}, (name) -> name);
		ContextWindowSettings settings = settings(OnOverflow.TRIM, 800);
		ChatModel model = model(
				new ContextWindowSettings(settings.catalog(), OnOverflow.TRIM, settings.rough(), exact, exact));
		invocation.invoke(model, new Prompt(messages, options(null)));
		List<Message> sent = this.transport.prompts().get(0).getInstructions();
		assertThat(tokens(sent)).isLessThanOrEqualTo(800).isGreaterThan(700);
		assertThat(sent).hasSizeLessThan(messages.size());
		assertThat(this.counted).hasValue(3);
	}

	/** Counts a third of the estimated tokens for other scripts. */
	private static long tokens(List<Message> messages) {
		return messages.stream()
			.mapToLong((message) -> message.getText().startsWith("\u6771") ? message.getText().length() / 3
					: 4 + message.getText().length() / 5)
			.sum();
	}

	@ParameterizedTest
	@EnumSource
	void warnModeSendsPrompt(Invocation invocation, CapturedOutput output) {
		Prompt prompt = new Prompt(LONG, options(null));
		assertThat(invocation.invoke(model(OnOverflow.WARN, 1_000), prompt)).isNotEmpty();
		assertThat(this.transport.prompts()).singleElement()
			.satisfies((sent) -> assertThat(sent.getInstructions()).isEqualTo(prompt.getInstructions()));
		assertThat(output).contains("about 1054 tokens").contains("'tiny' (1000 tokens)").doesNotContain("secret");
	}

	@ParameterizedTest
	@EnumSource
	void oldestTurnsAreRemoved(Invocation invocation) {
		List<Message> messages = Conversation.with("rules")
			.user("one " + LONG)
			.tool("a")
			.answer("first")
			.user("two")
			.answer("second")
			.user("three")
			.messages();
		GrokChatModel model = this.grok.client("default",
				ContextWindowChatModel.decorator(settings(OnOverflow.TRIM, 1_000)));
		List<ChatResponse> answer = invocation.invoke(model, new Prompt(messages));
		List<String> sent = new ArrayList<>();
		this.grok.xai()
			.lastRequest()
			.parameter("messages")
			.forEach((message) -> sent.add(message.path("content").asString()));
		assertThat(sent).containsExactly("rules", "two", "second", "three");
		assertThat(answer.get(answer.size() - 1).getMetadata().<Integer>get("grok.trimmed")).isEqualTo(4);
	}

	@ParameterizedTest
	@EnumSource
	void fittingPromptIsUnchanged(Invocation invocation) {
		Prompt prompt = new Prompt(Conversation.with("rules").user("one").answer("first").user("two").messages(),
				options(null));
		List<ChatResponse> answer = invocation.invoke(model(OnOverflow.TRIM, 1_000), prompt);
		assertThat(this.transport.prompts().get(0).getInstructions()).isEqualTo(prompt.getInstructions());
		assertThat(answer.get(0).getMetadata().<Object>get("grok.trimmed")).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void lastTurnIsNeverRemoved(Invocation invocation) {
		List<Message> messages = Conversation.with("rules").user("one").answer("first").user(LONG).messages();
		assertThatExceptionOfType(ContextOverflowException.class)
			.isThrownBy(() -> invocation.invoke(model(OnOverflow.TRIM, 900), new Prompt(messages, options(null))))
			.withMessageContaining("still have about 1060")
			.withMessageContaining("the last turn are never removed");
		assertThat(this.transport.prompts()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void unknownWindowIsNotChecked(Invocation invocation) {
		GrokChatOptions unknown = GrokChatOptions.builder().model("grok-9-unknown").build();
		assertThat(invocation.invoke(model(OnOverflow.FAIL, 1_000), new Prompt(LONG, unknown))).isNotEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void windowOfReplacementModelIsUsed(Invocation invocation) {
		GrokChatOptions retired = GrokChatOptions.builder().model("grok-3").build();
		assertThatExceptionOfType(ContextOverflowException.class)
			.isThrownBy(() -> invocation.invoke(model(OnOverflow.FAIL, 900), new Prompt(LONG, retired)))
			.satisfies((failure) -> assertThat(failure.model()).isEqualTo("grok-4.3"));
	}

	@ParameterizedTest
	@EnumSource
	void tokensAreCountedOnlyCloseToLimit(Invocation invocation) {
		ChatModel model = model(OnOverflow.FAIL, 10_000);
		invocation.invoke(model, new Prompt("short", options(null)));
		invocation.invoke(model, new Prompt(LONG, options(null)));
		assertThat(this.counted).hasValue(0);
		invocation.invoke(model, new Prompt(LONG.repeat(4), options(null)));
		assertThat(this.counted).hasValue(1);
	}

	@Test
	void eventLoopDoesNotCount() {
		List<Boolean> eventLoops = new CopyOnWriteArrayList<>();
		CalibratedEstimator exact = new CalibratedEstimator((prompt) -> {
			eventLoops.add(Schedulers.isInNonBlockingThread());
			return 100;
		}, (name) -> name);
		ContextWindowSettings settings = settings(OnOverflow.FAIL, 1_000);
		ChatModel model = model(
				new ContextWindowSettings(settings.catalog(), OnOverflow.FAIL, settings.rough(), exact, exact));
		StepVerifier.create(model.stream(new Prompt(LONG, options(null))).subscribeOn(Schedulers.parallel()))
			.expectNextCount(1)
			.thenConsumeWhile((element) -> true)
			.expectComplete()
			.verify(Duration.ofSeconds(20));
		assertThat(eventLoops).containsExactly(false);
	}

	@Test
	void cancellationDuringCountPreventsRequest() throws InterruptedException {
		CountDownLatch counting = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CountDownLatch counted = new CountDownLatch(1);
		CalibratedEstimator exact = new CalibratedEstimator((prompt) -> {
			counting.countDown();
			try {
				go.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			counted.countDown();
			return 100;
		}, (name) -> name);
		ContextWindowSettings settings = settings(OnOverflow.FAIL, 1_000);
		GrokChatModel model = this.grok.client("default", ContextWindowChatModel
			.decorator(new ContextWindowSettings(settings.catalog(), OnOverflow.FAIL, settings.rough(), exact, exact)));
		Disposable stream = model.stream(new Prompt(LONG)).subscribeOn(Schedulers.parallel()).subscribe();
		assertThat(counting.await(20, TimeUnit.SECONDS)).isTrue();
		stream.dispose();
		go.countDown();
		assertThat(counted.await(20, TimeUnit.SECONDS)).isTrue();
		this.grok.xai().answers("Hi");
		model.call(new Prompt("Hello"));
		assertThat(this.grok.xai().requests()).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void failingEstimatorDoesNotLoseResponse(Invocation invocation) {
		AtomicInteger asked = new AtomicInteger();
		CalibratedEstimator failing = new CalibratedEstimator((prompt) -> {
			if (asked.incrementAndGet() > 1) {
				throw new IllegalStateException("Odd");
			}
			return 0;
		}, (name) -> name);
		ContextWindowSettings settings = settings(OnOverflow.FAIL, 10_000);
		GrokChatModel model = this.grok.client("default", ContextWindowChatModel
			.decorator(new ContextWindowSettings(settings.catalog(), OnOverflow.FAIL, failing, failing, failing)));
		for (int i = 0; i < 2; i++) {
			this.grok.xai().answers("Hi").usage(210, 1);
			assertThat(invocation.invoke(model, new Prompt("Hello"))).isNotEmpty();
		}
		assertThat(asked).hasValueGreaterThan(1);
	}

	@ParameterizedTest
	@EnumSource
	void calibratesWithReportedCount(Invocation invocation) {
		GrokChatModel model = this.grok.client("default",
				ContextWindowChatModel.decorator(settings(OnOverflow.FAIL, 1_000)));
		this.grok.xai().answers("Hi").usage(210, 1);
		invocation.invoke(model, new Prompt("Hello"));
		assertThat(this.rough.calibrate(prompt("grok-4.3"), 6)).isEqualTo(210);
	}

	@ParameterizedTest
	@EnumSource
	void ignoresCountsThatIncludeMoreThanPrompt(Invocation invocation) {
		GrokChatModel model = this.grok.client("default",
				ContextWindowChatModel.decorator(settings(OnOverflow.FAIL, 1_000)));
		List<Message> reasoned = new ArrayList<>(Conversation.with("rules").user("one").answer("first").messages());
		this.grok.xai().answers("Hi").usage(900, 1);
		invocation.invoke(model, new Prompt(reasoned));
		assertThat(this.rough.calibrate(prompt("grok-4.3"), 6)).isEqualTo(6);
	}

	private ChatModel model(OnOverflow onOverflow, int window) {
		return model(settings(onOverflow, window));
	}

	private ChatModel model(ContextWindowSettings settings) {
		return GrokChatModel.builder("recording", this.transport)
			.options(GrokChatOptions.builder().model("tiny").build())
			.decorators(List.of(ContextWindowChatModel.decorator(settings)))
			.build();
	}

	private ContextWindowSettings settings(OnOverflow onOverflow, int window) {
		ModelOverride small = new ModelOverride(Set.of(), window, null, null, null, null);
		ModelCatalog catalog = ModelCatalog.bundled(Map.of("tiny", small, "grok-4.3", small));
		PromptTokenEstimator characters = PromptTokenEstimator.approximate();
		CalibratedEstimator exact = new CalibratedEstimator((prompt) -> {
			this.counted.incrementAndGet();
			return characters.estimate(prompt);
		}, (name) -> name, () -> false);
		return new ContextWindowSettings(catalog, onOverflow, this.rough, exact, exact);
	}

	private static Prompt prompt(String model) {
		return new Prompt("Hello", GrokChatOptions.builder().model(model).build());
	}

	private static ChatOptions options(Integer maxTokens) {
		return GrokChatOptions.builder().model("tiny").maxTokens(maxTokens).build();
	}

}
