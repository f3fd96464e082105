package io.github.grokspring.scrub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.ParameterLearned;
import io.github.grokspring.event.ParametersScrubbed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ScrubbingChatModel}.
 */
class ScrubbingChatModelTests {

	private static final GrokChatOptions PLAIN = GrokChatOptions.builder()
		.model("grok-4.3")
		.temperature(0.3)
		.conversationId("c1")
		.extraBody(Map.of("own", 1))
		.build();

	private static final GrokChatOptions REFUSED = PLAIN.mutate().presencePenalty(0.5).reasoningEffort("max").build();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final RecordingChatModel transport = RecordingChatModel.returning(RecordingChatModel.end("hello"));

	@ParameterizedTest
	@EnumSource
	void doesNotChangeSupportedParameters(Invocation invocation) {
		Prompt prompt = new Prompt("hi", PLAIN);
		List<ChatResponse> answer = invocation.invoke(model(this.transport), prompt);
		assertThat(this.transport.last()).isEqualTo(PLAIN);
		assertThat(answer).hasSize(1);
		assertThat(answer.get(0).getMetadata().containsKey("grok.scrubbed")).isFalse();
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void removesAndReportsUnsupportedParameters(Invocation invocation) {
		List<ChatResponse> answer = invocation.invoke(model(this.transport), new Prompt("hi", REFUSED));
		assertThat(this.transport.last()).isEqualTo(PLAIN.mutate().reasoningEffort("xhigh").build());
		ChatResponse last = answer.get(answer.size() - 1);
		assertThat(last.getMetadata().<List<String>>get("grok.scrubbed")).containsExactly("presence_penalty",
				"reasoning_effort");
		assertThat(last.getMetadata().getId()).isEqualTo("a1");
		assertThat(last.getResult().getOutput().getText()).isEqualTo("hello");
		assertThat(this.events).containsExactly(
				new ParametersScrubbed("desk", "grok-4.3", List.of("presence_penalty", "reasoning_effort")));
	}

	@Test
	void reportsInLastElementOfStream() {
		RecordingChatModel streaming = RecordingChatModel.returning(RecordingChatModel.part("hel"),
				RecordingChatModel.part("lo"), RecordingChatModel.end(""));
		List<ChatResponse> elements = Invocation.STREAM.invoke(model(streaming), new Prompt("hi", REFUSED));
		assertThat(elements).extracting((element) -> element.getMetadata().containsKey("grok.scrubbed"))
			.containsExactly(false, false, true);
	}

	@ParameterizedTest
	@EnumSource
	void failModeSendsNothing(Invocation invocation) {
		Scrubber failing = Scrubber.create(ModelCatalog.bundled(), OnUnsupported.FAIL, true);
		assertThatExceptionOfType(UnsupportedParameterException.class)
			.isThrownBy(() -> invocation.invoke(model(this.transport, failing), new Prompt("hi", REFUSED)));
		assertThat(this.transport.sent()).isEmpty();
		assertThat(this.events).isEmpty();
	}

	@Test
	void doesNothingBeforeSubscription() {
		model(this.transport).stream(new Prompt("hi", REFUSED));
		assertThat(this.transport.sent()).isEmpty();
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void rejectedParameterMakesFailureRetryable(Invocation invocation) {
		RecordingChatModel refusing = refusing("top_k", null, Flux.empty());
		GrokChatModel model = model(refusing);
		Prompt prompt = new Prompt("hi", PLAIN.mutate().topK(5).build());
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> invocation.invoke(model, prompt))
			.withMessage("no top_k The parameter is no longer sent.")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue())
			.satisfies((ex) -> assertThat(ex.retryAfter()).isZero())
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.UNSUPPORTED_PARAMETER))
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(400))
			.satisfies((ex) -> assertThat(ex.requestId()).isEqualTo("r1"))
			.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(GrokApiException.class).hasMessage("no top_k"));
		assertThat(this.events).containsExactly(new ParameterLearned("desk", "grok-4.3", "top_k"));
		ChatResponse answer = invocation.invoke(model, prompt).get(0);
		assertThat(refusing.last().getTopK()).isNull();
		assertThat(answer.getMetadata().<List<String>>get("grok.scrubbed")).containsExactly("top_k");
	}

	@ParameterizedTest
	@EnumSource
	void rejectionOfRemovedParameterIsNotRetryable(Invocation invocation) {
		RecordingChatModel stubborn = new RecordingChatModel((options) -> Flux.error(refusal("top_k", null)));
		GrokChatModel model = model(stubborn);
		Prompt prompt = new Prompt("hi", PLAIN.mutate().topK(5).build());
		assertThat(failure(invocation, model, prompt).isRetryable()).isTrue();
		assertThat(failure(invocation, model, prompt).isRetryable()).isFalse();
		assertThat(failure(invocation, model, prompt).isRetryable()).isFalse();
		assertThat(this.events).filteredOn(ParameterLearned.class::isInstance).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void replacesRejectedValue(Invocation invocation) {
		RecordingChatModel refusing = new RecordingChatModel((options) -> "low".equals(options.getReasoningEffort())
				? Flux.error(refusal("reasoning_effort", "low")) : Flux.just(RecordingChatModel.end("ok")));
		GrokChatModel model = model(refusing);
		Prompt prompt = new Prompt("hi", PLAIN.mutate().reasoningEffort("low").build());
		assertThat(failure(invocation, model, prompt)).hasMessageContaining("This value is no longer sent");
		invocation.invoke(model, prompt);
		assertThat(refusing.last().getReasoningEffort()).isEqualTo("medium");
	}

	@Test
	void concurrentRejectionsAreRetryable() {
		List<GrokApiException> failures = new ArrayList<>();
		RecordingChatModel[] outer = new RecordingChatModel[1];
		GrokChatModel[] model = new GrokChatModel[1];
		AtomicBoolean first = new AtomicBoolean(true);
		Prompt prompt = new Prompt("hi", PLAIN.mutate().topK(5).build());
		outer[0] = new RecordingChatModel((options) -> {
			if (first.getAndSet(false)) {
				// Another request is rejected while the first one is in progress
				failures.add(failure(Invocation.CALL, model[0], prompt));
			}
			return Flux.error(refusal("top_k", null));
		});
		model[0] = model(outer[0]);
		failures.add(failure(Invocation.CALL, model[0], prompt));
		assertThat(failures).hasSize(2).allMatch(GrokApiException::isRetryable);
		assertThat(this.events).hasSize(1);
		assertThat(failure(Invocation.CALL, model[0], prompt).isRetryable()).isFalse();
	}

	@ParameterizedTest
	@EnumSource
	void furtherRejectionsAreRetryable(Invocation invocation) {
		RecordingChatModel refusing = new RecordingChatModel((options) -> {
			for (String parameter : List.of("top_k", "seed")) {
				if (ParameterRules.isSent(options, parameter)) {
					return Flux.error(refusal(parameter, null));
				}
			}
			return Flux.just(RecordingChatModel.end("ok"));
		});
		GrokChatModel model = model(refusing);
		Prompt prompt = new Prompt("hi", PLAIN.mutate().topK(5).seed(1).build());
		assertThat(failure(invocation, model, prompt).isRetryable()).isTrue();
		assertThat(failure(invocation, model, prompt).isRetryable()).isTrue();
		assertThat(invocation.invoke(model, prompt).get(0).getMetadata().<List<String>>get("grok.scrubbed"))
			.containsExactly("top_k", "seed");
	}

	@Test
	void concurrentRejectionsOfMaskedValuesAreRetryable() {
		List<GrokApiException> failures = new ArrayList<>();
		GrokChatModel[] model = new GrokChatModel[1];
		AtomicBoolean first = new AtomicBoolean(true);
		Prompt prompt = new Prompt("hi", PLAIN.mutate().serviceTier("priority").build());
		model[0] = model(new RecordingChatModel((options) -> {
			if (first.getAndSet(false)) {
				failures.add(failure(Invocation.CALL, model[0], prompt));
			}
			return Flux.error(refusal("service_tier", "priority"));
		}));
		failures.add(failure(Invocation.CALL, model[0], prompt));
		assertThat(failures).hasSize(2).allMatch(GrokApiException::isRetryable);
		assertThat(failure(Invocation.CALL, model[0], prompt).isRetryable()).isFalse();
	}

	@Test
	void startedStreamIsNotRetryable() {
		RecordingChatModel breaking = refusing("top_k", null, Flux.just(RecordingChatModel.part("hel")));
		StepVerifier.create(model(breaking).stream(new Prompt("hi", PLAIN.mutate().topK(5).build())))
			.expectNextCount(1)
			.expectErrorSatisfies((failure) -> assertThat(((GrokApiException) failure).isRetryable()).isFalse())
			.verify(Duration.ofSeconds(10));
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void doesNotChangeOtherFailures(Invocation invocation) {
		GrokApiException overloaded = GrokApiException.builder(ErrorKind.OVERLOADED, "busy").build();
		GrokChatModel model = model(new RecordingChatModel((options) -> Flux.error(overloaded)));
		assertThat(failure(invocation, model, new Prompt("hi", PLAIN))).isSameAs(overloaded);
		GrokChatModel broken = model(
				new RecordingChatModel((options) -> Flux.error(new IllegalStateException("broken"))));
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> invocation.invoke(broken, new Prompt("hi", PLAIN)))
			.withMessage("broken");
	}

	@Test
	void cancelsDelegate() {
		AtomicBoolean cancelled = new AtomicBoolean();
		RecordingChatModel endless = new RecordingChatModel((options) -> Flux.<ChatResponse>never()
			.startWith(RecordingChatModel.part("hel"))
			.doOnCancel(() -> cancelled.set(true)));
		StepVerifier.create(model(endless).stream(new Prompt("hi", REFUSED)))
			.expectNextCount(1)
			.thenCancel()
			.verify(Duration.ofSeconds(10));
		assertThat(cancelled).isTrue();
	}

	@Test
	void propagatesDemand() {
		List<Long> demands = new CopyOnWriteArrayList<>();
		RecordingChatModel counted = new RecordingChatModel((options) -> Flux
			.just(RecordingChatModel.part("a"), RecordingChatModel.part("b"), RecordingChatModel.end(""))
			.doOnRequest(demands::add));
		StepVerifier.create(model(counted).stream(new Prompt("hi", REFUSED)), 1)
			.expectNextCount(1)
			.thenRequest(2)
			.expectNextCount(2)
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		assertThat(demands).containsExactly(1L, 2L);
	}

	@Test
	void hasNameInChain() {
		GrokChatModel model = model(this.transport);
		assertThat(model.stages()).containsExactly("scrubbing", "transport");
		assertThat(model).hasToString("GrokChatModel[desk: scrubbing -> transport]");
		assertThat(model.as(ScrubbingChatModel.class)).isNotNull();
		assertThat(model.as(ScrubbingChatModel.class).getOptions()).isEqualTo(this.transport.getOptions());
		assertThat(ScrubbingChatModel.decorator(scrubber(), this.events::add).position()).isEqualTo(Position.SCRUBBING);
	}

	@Test
	void customScrubberMayChangeOptionsWithoutReport() {
		Scrubber silent = (options) -> new Scrubbed(options.mutate().seed(42).build(), List.of());
		ChatResponse answer = model(this.transport, silent).call(new Prompt("hi", PLAIN));
		assertThat(this.transport.last().getSeed()).isEqualTo(42);
		assertThat(answer.getMetadata().containsKey("grok.scrubbed")).isFalse();
		assertThat(this.events).isEmpty();
	}

	private GrokApiException failure(Invocation invocation, GrokChatModel model, Prompt prompt) {
		try {
			invocation.invoke(model, prompt);
		}
		catch (GrokApiException ex) {
			return ex;
		}
		throw new AssertionError("the request was answered");
	}

	private static RecordingChatModel refusing(String parameter, String value, Flux<ChatResponse> before) {
		return new RecordingChatModel((options) -> ParameterRules.isSent(options, parameter)
				? before.concatWith(Flux.error(refusal(parameter, value)))
				: Flux.just(RecordingChatModel.end("ok", "STOP", ChatResponseMetadata.builder().model("grok-4.3"))));
	}

	private static GrokApiException refusal(String parameter, String value) {
		return GrokApiException.builder(ErrorKind.UNSUPPORTED_PARAMETER, "no " + parameter)
			.status(400)
			.requestId("r1")
			.parameter(parameter)
			.parameterValue(value)
			.build();
	}

	private static Scrubber scrubber() {
		return Scrubber.create(ModelCatalog.bundled(), OnUnsupported.DROP, true);
	}

	private GrokChatModel model(ChatModel transport) {
		return model(transport, scrubber());
	}

	private GrokChatModel model(ChatModel transport, Scrubber scrubber) {
		return GrokChatModel.builder("transport", transport)
			.name("desk")
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(ScrubbingChatModel.decorator(scrubber, this.events::add)))
			.build();
	}

}
