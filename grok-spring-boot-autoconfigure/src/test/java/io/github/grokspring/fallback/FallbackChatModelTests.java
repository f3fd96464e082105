package io.github.grokspring.fallback;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.completions.GrokOnTheWire;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link FallbackChatModel}.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class FallbackChatModelTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Set<FallbackReason> DEFAULT_REASONS = EnumSet.of(FallbackReason.SERVER_ERROR,
			FallbackReason.OVERLOADED, FallbackReason.TIMEOUT, FallbackReason.CONNECTION, FallbackReason.RATE_LIMITED,
			FallbackReason.CIRCUIT_OPEN);

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final GrokOnTheWire grok = new GrokOnTheWire();

	private final XaiServer xai = this.grok.xai();

	private final OtherProvider local = new OtherProvider();

	private final OtherProvider last = new OtherProvider();

	private final GrokChatModel model = client(List.of("grok-4.7", "grok-4.5"), DEFAULT_REASONS, this.local, this.last);

	@AfterEach
	void stop() {
		this.grok.close();
	}

	@Test
	void hasThePositionOfFallbacks() {
		ChatModelDecorator decorator = decorator(List.of("grok-4.7"), DEFAULT_REASONS);
		assertThat(decorator.position()).isEqualTo(Position.FALLBACK);
		assertThat(decorator.name()).isEqualTo("fallback");
		assertThat(this.model.stages()).containsExactly("fallback", "chat-completions");
	}

	@Test
	void isOmittedWithoutModels() {
		assertThat(client(List.of(), DEFAULT_REASONS).stages()).containsExactly("chat-completions");
	}

	@ParameterizedTest
	@EnumSource
	void successDoesNotFallBack(Invocation invocation) {
		this.xai.answers("Fine.");
		List<ChatResponse> response = invocation.invoke(this.model, new Prompt("Hello"));
		assertThat(Invocation.text(response)).isEqualTo("Fine.");
		assertThat(fallbacks(response)).isEmpty();
		assertThat(this.events).isEmpty();
		assertThat(requestedModels()).containsExactly("grok-4.3");
	}

	@ParameterizedTest
	@EnumSource
	void failureFallsBackToTheNextModel(Invocation invocation) {
		this.xai.failsWith(500);
		this.xai.answers("Instead.");
		List<ChatResponse> response = invocation.invoke(this.model, new Prompt("Hello"));
		assertThat(Invocation.text(response)).isEqualTo("Instead.");
		assertThat(fallbacks(response)).containsExactly("grok-4.7");
		assertThat(response.get(response.size() - 1).getMetadata().<String>get("grok.fallback")).isEqualTo("grok-4.7");
		assertThat(response.get(response.size() - 1).getMetadata().getUsage().getTotalTokens()).isPositive();
		assertThat(this.events).containsExactly(new FallbackTaken("default", "grok-4.3", "grok-4.7", "server_error"));
	}

	@ParameterizedTest
	@EnumSource
	void modelsAreCalledInOrder(Invocation invocation) {
		this.xai.failsWith(500);
		this.xai.failsWith(503);
		this.xai.failsWith(429);
		this.local.failsWith(new IllegalStateException("not running"));
		List<ChatResponse> response = invocation.invoke(this.model, new Prompt("Hello"));
		assertThat(Invocation.text(response)).isEqualTo("From elsewhere.");
		assertThat(fallbacks(response)).containsOnly("other-2");
		assertThat(response.get(0).getMetadata().<String>get("grok.fallback")).isEqualTo("other-2");
		assertThat(requestedModels()).containsExactly("grok-4.3", "grok-4.7", "grok-4.5");
		assertThat(this.events).containsExactly(new FallbackTaken("default", "grok-4.3", "grok-4.7", "server_error"),
				new FallbackTaken("default", "grok-4.7", "grok-4.5", "overloaded"),
				new FallbackTaken("default", "grok-4.5", "other-1", "rate_limited"),
				new FallbackTaken("default", "other-1", "other-2", "unknown"));
	}

	@ParameterizedTest
	@EnumSource
	void requestedOptionsAreKept(Invocation invocation) {
		this.xai.failsWith(500);
		this.xai.answers("Instead.");
		invocation.text(this.model,
				GrokChatOptions.builder().temperature(0.25).reasoningEffort("low").conversationId("17").build());
		RecordedRequest request = this.xai.lastRequest();
		assertThat(request.parameter("model").stringValue()).isEqualTo("grok-4.7");
		assertThat(request.parameter("temperature").doubleValue()).isEqualTo(0.25);
		assertThat(request.parameter("reasoning_effort").stringValue()).isEqualTo("low");
		assertThat(request.header("x-grok-conv-id")).matches("[0-9a-f]{32}");
	}

	@ParameterizedTest
	@EnumSource
	void modelIsNotCalledTwice(Invocation invocation) {
		this.xai.failsWith(500).times(2);
		GrokChatModel aliases = client(List.of("grok-4.3-latest", "grok-4.7"), DEFAULT_REASONS);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(aliases, null));
		assertThat(requestedModels()).containsExactly("grok-4.3", "grok-4.7");
		this.xai.reset();
		this.xai.failsWith(500);
		this.xai.answers("The default one.");
		assertThat(invocation.text(aliases, GrokChatOptions.builder().model("grok-4.5-latest").build()))
			.isEqualTo("The default one.");
		assertThat(requestedModels()).containsExactly("grok-4.5-latest", "grok-4.3-latest");
	}

	@ParameterizedTest
	@EnumSource
	void aliasOfTheModelIsNotAFallback(Invocation invocation) {
		this.xai.failsWith(500).byDefault();
		GrokChatModel model = client(List.of("grok-4.3", "grok-4.7-latest", "grok-4.7"), DEFAULT_REASONS);
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> invocation.text(model, GrokChatOptions.builder().model("grok-4.3-latest").build()));
		assertThat(requestedModels()).containsExactly("grok-4.3-latest", "grok-4.7-latest");
	}

	@ParameterizedTest
	@EnumSource
	void lastFailureHasEarlierFailuresSuppressed(Invocation invocation) {
		GrokChatModel two = client(List.of("grok-4.7"), DEFAULT_REASONS);
		this.xai.failsWith(500);
		this.xai.failsWith(503);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(two, null))
			.satisfies((ex) -> {
				assertThat(ex.kind()).isEqualTo(ErrorKind.OVERLOADED);
				assertThat(suppressedKinds(ex)).containsExactly(ErrorKind.SERVER_ERROR);
			});
	}

	@ParameterizedTest
	@EnumSource
	void failureWithoutRuleIsFinal(Invocation invocation) {
		this.xai.refusesForSafety();
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(this.model, null))
			.satisfies((ex) -> {
				assertThat(ex.kind()).isEqualTo(ErrorKind.SAFETY_REFUSAL);
				assertThat(suppressedKinds(ex)).isEmpty();
			});
		this.xai.failsWith(500);
		this.xai.hasNoCredits();
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(this.model, null))
			.satisfies((ex) -> {
				assertThat(ex.kind()).isEqualTo(ErrorKind.INSUFFICIENT_CREDITS);
				assertThat(suppressedKinds(ex)).containsExactly(ErrorKind.SERVER_ERROR);
			});
		assertThat(requestedModels()).containsExactly("grok-4.3", "grok-4.3", "grok-4.7");
		assertThat(this.local.prompts()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void failureWithRuleFallsBack(Invocation invocation) {
		GrokChatModel unmoved = client(List.of("grok-4.7"), EnumSet.of(FallbackReason.SAFETY_REFUSAL));
		this.xai.refusesForSafety();
		this.xai.answers("Well.");
		assertThat(invocation.text(unmoved, null)).isEqualTo("Well.");
		this.xai.failsWith(500);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(unmoved, null));
	}

	@ParameterizedTest
	@EnumSource
	void rejectionByTheApplicationFallsBack(Invocation invocation) {
		GrokException open = new CircuitOpenException("grok-4.3", Instant.EPOCH, "open");
		GrokException limited = new RateLimitExceededException("requests", Duration.ZERO, "no room");
		this.xai.answers("Instead.").times(2);
		assertThat(invocation.text(client(List.of("grok-4.7"), DEFAULT_REASONS, rejecting(open)), null))
			.isEqualTo("Instead.");
		assertThatExceptionOfType(RateLimitExceededException.class)
			.isThrownBy(() -> invocation.text(client(List.of("grok-4.7"), DEFAULT_REASONS, rejecting(limited)), null));
		assertThat(invocation.text(
				client(List.of("grok-4.7"), EnumSet.of(FallbackReason.RATE_LIMIT_EXCEEDED), rejecting(limited)), null))
			.isEqualTo("Instead.");
		assertThat(this.events).extracting((event) -> ((FallbackTaken) event).reason())
			.containsExactly("circuit_open", "rate_limit_exceeded");
	}

	@ParameterizedTest
	@EnumSource
	void exceptionsOfOtherProvidersAreWrapped(Invocation invocation) {
		IllegalStateException cause = new IllegalStateException("not running");
		this.local.failsWith(new IllegalArgumentException("not there"));
		this.last.failsWith(cause);
		this.xai.failsWith(500).times(3);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(this.model, null))
			.satisfies((ex) -> {
				assertThat(ex.kind()).isEqualTo(ErrorKind.UNKNOWN);
				assertThat(ex).hasCause(cause).hasMessageContaining("'other-2'").hasMessageNotContaining("not running");
				assertThat(ex.getSuppressed()[3]).isInstanceOf(IllegalArgumentException.class);
				assertThat(suppressedKinds(ex)).hasSize(3).containsOnly(ErrorKind.SERVER_ERROR);
			});
	}

	@ParameterizedTest
	@EnumSource
	void grokExceptionsOfOtherProvidersFollowTheRule(Invocation invocation) {
		this.local.failsWith(GrokApiException.builder(ErrorKind.SAFETY_REFUSAL, "rejected").build());
		this.xai.failsWith(500).times(3);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.text(this.model, null))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.SAFETY_REFUSAL));
		assertThat(this.last.prompts()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void responseThatBreaksBeforeContentIsALostConnection(Invocation invocation) {
		GrokChatModel connection = client(List.of("grok-4.7"), EnumSet.of(FallbackReason.CONNECTION));
		this.xai.answersInChunks(10).breaksAfter(0);
		this.xai.answers("From the other.");
		assertThat(invocation.text(connection, null)).isEqualTo("From the other.");
		assertThat(this.events).singleElement()
			.isInstanceOfSatisfying(FallbackTaken.class, (event) -> assertThat(event.reason()).isEqualTo("connection"));
	}

	@Test
	void streamDoesNotFallBackAfterContent() {
		GrokChatModel all = client(List.of("grok-4.7"), EnumSet.allOf(FallbackReason.class));
		this.xai.answersInChunks(10).breaksAfter(4);
		List<ChatResponse> seen = new ArrayList<>();
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> all.stream(new Prompt("Hello")).doOnNext(seen::add).blockLast(TIMEOUT))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.STREAM_BROKEN));
		assertThat(seen).isNotEmpty();
		assertThat(requestedModels()).containsExactly("grok-4.3");
		assertThat(this.events).isEmpty();
	}

	@Test
	void streamDoesNotFallBackIfOnlyTheLastElementIsEmpty() {
		ChatResponse text = element("Once upon a time");
		ChatResponse nothing = element("");
		GrokApiException broken = GrokApiException.builder(ErrorKind.STREAM_BROKEN, "Broken").build();
		GrokChatModel all = client(List.of("grok-4.7"), EnumSet.allOf(FallbackReason.class),
				new Streaming(Flux.just(text, nothing).concatWith(Flux.error(broken))));
		List<String> seen = new ArrayList<>();
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> all.stream(new Prompt("Hello"))
				.doOnNext((element) -> seen.add(element.getResult().getOutput().getText()))
				.blockLast(TIMEOUT))
			.withMessage("Broken");
		assertThat(seen).containsExactly("Once upon a time", "");
		assertThat(this.events).isEmpty();
	}

	@Test
	void streamFallsBackBeforeContent() {
		GrokChatModel all = client(List.of("grok-4.7"), EnumSet.of(FallbackReason.STREAM_BROKEN));
		this.xai.answersInChunks(10).endsAfter(0);
		this.xai.answers("Instead.");
		assertThat(Invocation.STREAM.text(all, null)).isEqualTo("Instead.");
	}

	@Test
	void eachSubscriberStartsWithTheFirstModel() {
		Flux<ChatResponse> stream = this.model.stream(new Prompt("Hello"));
		this.xai.failsWith(500);
		this.xai.answers("First.");
		assertThat(Invocation.text(stream.collectList().block(TIMEOUT))).isEqualTo("First.");
		this.xai.answers("Second.");
		assertThat(Invocation.text(stream.collectList().block(TIMEOUT))).isEqualTo("Second.");
		assertThat(requestedModels()).containsExactly("grok-4.3", "grok-4.7", "grok-4.3");
	}

	@Test
	void otherProvidersAreNotCalledOnAnEventLoop() {
		this.xai.failsWith(500).times(3);
		assertThat(Invocation.STREAM.text(this.model, null)).isEqualTo("From elsewhere.");
		assertThat(this.local.wasCalledOnEventLoop()).isFalse();
	}

	@Test
	void cancellationReachesTheCurrentModel() {
		this.xai.failsWith(500).times(3);
		this.local.neverResponds();
		Disposable stream = this.model.stream(new Prompt("Hello")).subscribe();
		await().atMost(TIMEOUT).until(() -> !this.local.prompts().isEmpty());
		stream.dispose();
		await().atMost(TIMEOUT).until(this.local::isCancelled);
		this.xai.failsWith(500);
		this.xai.answersInChunks(3).thinkingFor(Duration.ofMinutes(5));
		Disposable second = this.model.stream(new Prompt("Hello")).subscribe();
		await().atMost(TIMEOUT).until(() -> this.xai.openStreams() == 1);
		second.dispose();
		this.xai.awaitClientDisconnect(TIMEOUT);
	}

	@Test
	void interruptedCallDoesNotFallBack() {
		ChatModelDecorator interrupted = rejecting(GrokApiException.builder(ErrorKind.SERVER_ERROR, "failed").build(),
				() -> Thread.currentThread().interrupt());
		GrokChatModel model = client(List.of("grok-4.7"), DEFAULT_REASONS, interrupted);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> Invocation.CALL.text(model, null))
			.withMessage("failed");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.events).isEmpty();
		assertThat(this.xai.requestCount()).isZero();
	}

	@Test
	void fallbackIsLoggedAsWarningOnce(CapturedOutput output) {
		for (int i = 0; i < 3; i++) {
			this.xai.failsWith(500);
			this.xai.answers("Instead.");
			Invocation.CALL.text(this.model, null);
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("Model 'grok-4.3' failed for client 'default' (server_error): falling back to 'grok-4.7'");
		assertThat(this.events).hasSize(3);
	}

	private static ChatResponse element(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
	}

	private GrokChatModel client(List<String> models, Set<FallbackReason> on, OtherProvider... others) {
		return this.grok.client("default", decorator(models, on, others));
	}

	private GrokChatModel client(List<String> models, Set<FallbackReason> on, ChatModelDecorator below) {
		return this.grok.client("default", decorator(models, on), below);
	}

	private ChatModelDecorator decorator(List<String> models, Set<FallbackReason> on, OtherProvider... others) {
		List<FallbackModels.ExternalModel> named = new ArrayList<>();
		for (OtherProvider other : others) {
			named.add(new FallbackModels.ExternalModel("other-" + (named.size() + 1), () -> other));
		}
		return FallbackChatModel.decorator(new FallbackModels(models, named), FallbackRule.on(on),
				FallbackChatModelTests::idOf, this.events::add);
	}

	private static String idOf(String name) {
		GrokModel found = ModelCatalog.bundled().find(name);
		return (found != null) ? found.id() : name;
	}

	private List<String> requestedModels() {
		return this.xai.requests().stream().map((request) -> request.parameter("model").stringValue()).toList();
	}

	private static List<String> fallbacks(List<ChatResponse> response) {
		return response.stream()
			.filter((element) -> element.getMetadata().containsKey("grok.fallback"))
			.map((element) -> element.getMetadata().<String>get("grok.fallback"))
			.toList();
	}

	private static List<ErrorKind> suppressedKinds(GrokApiException failure) {
		return Arrays.stream(failure.getSuppressed())
			.filter(GrokApiException.class::isInstance)
			.map((suppressed) -> ((GrokApiException) suppressed).kind())
			.toList();
	}

	private static ChatModelDecorator rejecting(GrokException failure) {
		return rejecting(failure, () -> {
		});
	}

	private static ChatModelDecorator rejecting(GrokException failure, Runnable before) {
		return new RejectFirstModel(failure, before);
	}

	/**
	 * Decorator that streams the same elements for every model.
	 */
	private record Streaming(Flux<ChatResponse> elements) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.RATE_LIMIT;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					return Streaming.this.elements;
				}

			};
		}

	}

	/**
	 * Decorator that rejects requests to the first model.
	 */
	private record RejectFirstModel(GrokException failure, Runnable before) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.RATE_LIMIT;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					reject(prompt);
					return super.call(prompt);
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					reject(prompt);
					return super.stream(prompt);
				}

			};
		}

		private void reject(Prompt prompt) {
			if ("grok-4.3".equals(prompt.getOptions().getModel())) {
				this.before.run();
				throw this.failure;
			}
		}

	}

}
