package io.github.grokspring.scrub;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.ModelOverride;
import io.github.grokspring.catalog.RefreshableModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.ModelRedirected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseCheckChatModel}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ResponseCheckChatModelTests {

	private static final String EXPLANATION = "grok.explanation";

	private static final InstantSource TODAY = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	@ParameterizedTest
	@CsvSource({ "grok-4.3, grok-4.3", "grok-4.3-latest, grok-4.3", "grok-4.20, grok-4.20-0309-reasoning",
			"grok-latest, grok-4.3", "grok-latest, grok-9", "grok-build-latest, grok-4.7", "grok-9-latest, grok-9.1",
			"grok-4.3, grok-4.3-0501", "grok-4.3, grok-4.3-us-east-1", "grok-4.3, grok-4.3-eu",
			"grok-4.3, grok-4.3-0501-us-east-1", "grok-4.20, grok-4.20-0309-reasoning-us", "grok-5, grok-5-0109",
			"grok-5, grok-5-20270109", "grok-5, grok-5-2027-01-09", "grok-5, grok-5-us", "own, own",
			"own, own-eu-west-1", "grok-4.3, ''" })
	void namesOfSameModelAreNoRedirect(String requested, String served) {
		answer(Invocation.CALL, options(requested), served);
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "grok-4, grok-4.3", "grok-3-latest, grok-4.3", "grok-4.5, grok-4.3", "grok-4.20, grok-4.3",
			"grok-4.20-reasoning, grok-4.20-0309-non-reasoning", "grok-4-latest, grok-4.3", "own, other",
			"own-1, own-2", "grok-4.3, other", "grok-4.7, grok-4.7-fast", "grok-4.3-mini, grok-4.3",
			"grok-5, grok-5-mini", "grok-5, grok-5-1309", "grok-5, grok-5-0132", "grok-5-mini-0109, grok-5-0109",
			"grok-4.20-beta-non-reasoning, grok-4.20-0309-reasoning", "grok-4.20, grok-4.20-0309-non-reasoning-us" })
	void otherModelIsRedirect(String requested, String served) {
		for (Invocation invocation : Invocation.values()) {
			this.events.clear();
			answer(invocation, options(requested), served);
			assertThat(this.events).containsExactly(new ModelRedirected("desk", requested, served));
		}
	}

	@Test
	void configuredAliasIsNoRedirect() {
		ModelCatalog catalog = ModelCatalog.bundled(Map.of("grok-4.20-0309-non-reasoning",
				new ModelOverride(Set.of("grok-4.20-beta-non-reasoning"), null, null, null, null, null)));
		ModelRedirectDetector redirects = new ModelRedirectDetector(catalog, TODAY);
		assertThat(redirects.isRedirect("grok-4.20-beta-non-reasoning", "grok-4.20-0309-non-reasoning")).isFalse();
		assertThat(redirects.isRedirect("grok-4.20-beta-non-reasoning", "grok-4.20-0309-reasoning")).isTrue();
	}

	@Test
	void comparesWithPriceBeforeRetirement() {
		Instant midnight = Instant.parse("2026-12-01T00:00:00Z");
		byte[] list = "{\"models\":[{\"id\":\"grok-4.7\",\"aliases\":[\"grok-4.3\"]}]}"
			.getBytes(StandardCharsets.UTF_8);
		RefreshableModelCatalog catalog = RefreshableModelCatalog.create(Map.of(), () -> Mono.just(list),
				InstantSource.fixed(midnight));
		assertThat(catalog.refresh().block()).isTrue();
		ModelRedirectDetector redirects = new ModelRedirectDetector(catalog,
				InstantSource.fixed(midnight.plusSeconds(60)));
		assertThat(redirects.describe("grok-4.3", "grok-4.7")).doesNotContain("×1,").contains("of the last price");
	}

	@Test
	void redirectIsPublishedEveryTimeAndLoggedOnceWithPrices(CapturedOutput output) {
		GrokChatModel model = model(RecordingChatModel.returning(end("hi", "grok-4.3")));
		for (int i = 0; i < 3; i++) {
			model.call(new Prompt("hi", options("grok-4-fast")));
			model.call(new Prompt("hi", options("grok-4")));
			model.call(new Prompt("hi", options("own")));
		}
		assertThat(this.events).hasSize(9);
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(3);
		assertThat(output).contains("'grok-4.3' answered instead of 'grok-4-fast'")
			.contains("input ×6.25, output ×5 of the last price of 'grok-4-fast'")
			.contains("input ×0.42, output ×0.17 of the last price of 'grok-4'")
			.contains("'grok-4.3' answered instead of 'own', at its own price. Request");
	}

	@ParameterizedTest
	@EnumSource
	void explainsResponseThatIsAllReasoning(Invocation invocation, CapturedOutput output) {
		GrokChatModel model = model(RecordingChatModel.returning(cutOff("", usage(125))));
		Prompt prompt = new Prompt("hi", options("grok-4.3").mutate().maxTokens(10).reasoningEffort("high").build());
		for (int i = 0; i < 2; i++) {
			List<ChatResponse> answer = invocation.invoke(model, prompt);
			assertThat(answer.get(0).getMetadata().<String>get(EXPLANATION)).isEqualTo(
					"The token limit was reached before any text was written: all 125 tokens were used for reasoning "
							+ "(max-tokens 10, reasoning effort 'high'). Increase max-tokens or lower the reasoning effort.");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
		assertThat(output).contains("A response of model 'grok-4.3' is empty. The token limit was reached");
	}

	@Test
	void explanationContainsKnownValuesOnly() {
		ChatResponse unknown = model(RecordingChatModel.returning(cutOff("", null)))
			.call(new Prompt("hi", options("grok-4.20")));
		assertThat(unknown.getMetadata().<String>get(EXPLANATION))
			.isEqualTo("The token limit was reached before any text was written: all tokens were used for reasoning. "
					+ "Increase max-tokens, or choose a model that supports a reasoning effort.");
		ChatResponse byDefault = model(RecordingChatModel.returning(cutOff(" ", new DefaultUsage(5, 77, 82))))
			.call(new Prompt("hi", options("grok-4.7")));
		assertThat(byDefault.getMetadata().<String>get(EXPLANATION)).contains(": all tokens were used for reasoning")
			.contains("(reasoning effort 'high')")
			.doesNotContain("77");
	}

	@Test
	void readsReasoningTokensOfBothEndpoints() {
		DefaultUsage responses = new DefaultUsage(5, 60, 65,
				Map.of("output_tokens_details", Map.of("reasoning_tokens", 60)));
		assertThat(explanation(responses, options("grok-4.20"))).contains("all 60 tokens were used for reasoning");
	}

	@Test
	void explanationOmitsReasoningIfThereWasNone() {
		GrokChatOptions none = options("grok-4.3").mutate().reasoningEffort("none").maxTokens(1).build();
		String plain = "The token limit was reached before any text was written (max-tokens 1). Increase max-tokens.";
		assertThat(explanation(new DefaultUsage(5, 1, 6), none)).isEqualTo(plain);
		assertThat(explanation(null, none)).isEqualTo(plain);
		assertThat(explanation(usage(0), none.mutate().reasoningEffort("high").build())).isEqualTo(plain);
		assertThat(explanation(null, options("grok-4.20-0309-non-reasoning")))
			.isEqualTo("The token limit was reached before any text was written. Increase max-tokens.");
		assertThat(explanation(usage(3), none)).contains("all 3 tokens were used for reasoning");
	}

	private String explanation(DefaultUsage usage, GrokChatOptions options) {
		return model(RecordingChatModel.returning(cutOff("", usage))).call(new Prompt("hi", options))
			.getMetadata()
			.get(EXPLANATION);
	}

	@Test
	void doesNotExplainStreamWithText() {
		GrokChatModel model = model(RecordingChatModel.returning(RecordingChatModel.part("He"),
				RecordingChatModel.part("llo"), cutOff("", null)));
		assertThat(Invocation.STREAM.invoke(model, new Prompt("hi", options("grok-4.3"))))
			.noneMatch((element) -> element.getMetadata().containsKey(EXPLANATION));
	}

	@ParameterizedTest
	@EnumSource
	void doesNotExplainOtherResponses(Invocation invocation) {
		ChatResponse call = new ChatResponse(
				List.of(new Generation(AssistantMessage.builder()
					.content("")
					.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "time", "{}")))
					.build(), ChatGenerationMetadata.builder().finishReason("LENGTH").build())),
				ChatResponseMetadata.builder().build());
		for (ChatResponse answer : List.of(cutOff("Hello", null), call, RecordingChatModel.end(""))) {
			assertThat(invocation.invoke(model(RecordingChatModel.returning(answer)),
					new Prompt("hi", options("grok-4.3"))))
				.containsExactly(answer);
		}
	}

	@Test
	void cancelsDelegate() {
		AtomicBoolean cancelled = new AtomicBoolean();
		RecordingChatModel endless = new RecordingChatModel((options) -> Flux.<ChatResponse>never()
			.startWith(RecordingChatModel.part("hel"))
			.doOnCancel(() -> cancelled.set(true)));
		StepVerifier.create(model(endless).stream(new Prompt("hi")))
			.expectNextCount(1)
			.thenCancel()
			.verify(Duration.ofSeconds(10));
		assertThat(cancelled).isTrue();
	}

	@Test
	void hasNameInChainAndForwardsOptions() {
		RecordingChatModel transport = RecordingChatModel.returning(RecordingChatModel.end("hi"));
		GrokChatModel model = model(transport);
		assertThat(model).hasToString("GrokChatModel[desk: answer-check -> transport]");
		Prompt prompt = new Prompt("hi", options("grok-4.3").mutate().presencePenalty(0.5).build());
		for (Invocation invocation : Invocation.values()) {
			invocation.invoke(model, prompt);
			assertThat(transport.last()).isEqualTo(prompt.getOptions());
		}
	}

	private void answer(Invocation invocation, GrokChatOptions options, String served) {
		invocation.invoke(model(RecordingChatModel.returning(end("hi", served))), new Prompt("hi", options));
	}

	private GrokChatModel model(RecordingChatModel transport) {
		return GrokChatModel.builder("transport", transport)
			.name("desk")
			.options(options("grok-4.3"))
			.decorators(List.of(ResponseCheckChatModel.decorator(ModelCatalog.bundled(), this.events::add, TODAY)))
			.build();
	}

	private static GrokChatOptions options(String model) {
		return GrokChatOptions.builder().model(model).build();
	}

	private static ChatResponse end(String text, String served) {
		return RecordingChatModel.end(text, "STOP", ChatResponseMetadata.builder().model(served));
	}

	private static ChatResponse cutOff(String text, DefaultUsage usage) {
		ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder();
		return RecordingChatModel.end(text, "LENGTH", (usage != null) ? metadata.usage(usage) : metadata);
	}

	private static DefaultUsage usage(int reasoning) {
		return new DefaultUsage(5, reasoning, 5 + reasoning,
				Map.of("completion_tokens_details", Map.of("reasoning_tokens", reasoning)));
	}

}
