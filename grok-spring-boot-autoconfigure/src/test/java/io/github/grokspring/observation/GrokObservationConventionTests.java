package io.github.grokspring.observation;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.micrometer.common.KeyValue;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrokObservationConvention}.
 */
class GrokObservationConventionTests {

	private final GrokObservationConvention convention = new GrokObservationConvention();

	@Test
	void providerIsXai() {
		ChatModelObservationContext context = context("openai");
		assertThat(this.convention.getLowCardinalityKeyValues(context)).contains(KeyValue.of("gen_ai.system", "x_ai"))
			.extracting(KeyValue::getKey)
			.doesNotContain("gen_ai.usage.reasoning.output_tokens");
	}

	@Test
	void limitsModelNamesToHundredBesidesCatalog() {
		Set<String> requested = new HashSet<>();
		Set<String> names = new HashSet<>();
		for (int i = 0; i < 3_000; i++) {
			ChatModelObservationContext context = ChatModelObservationContext.builder()
				.prompt(new Prompt("hi", ChatOptions.builder().model("made-up-" + i).build()))
				.provider("x_ai")
				.build();
			context.setResponse(new ChatResponse(List.of(new Generation(new AssistantMessage("Hi"))),
					ChatResponseMetadata.builder().model("served-" + i).build()));
			this.convention.getLowCardinalityKeyValues(context).forEach((tag) -> requested.add(tag.getValue()));
			names.add(this.convention.getContextualName(context));
		}
		assertThat(requested).hasSizeLessThan(110).contains("other");
		assertThat(names).hasSizeLessThan(110).contains("chat other");
		ChatModelObservationContext known = ChatModelObservationContext.builder()
			.prompt(new Prompt("hi", ChatOptions.builder().model("grok-4.3").build()))
			.provider("x_ai")
			.build();
		assertThat(this.convention.getLowCardinalityKeyValues(known))
			.contains(KeyValue.of("gen_ai.request.model", "grok-4.3"));
		assertThat(this.convention.getContextualName(known)).isEqualTo("chat grok-4.3");
	}

	@Test
	void reasoningIsPartOfOutputAndCachedIsPartOfInput() {
		Usage usage = new DefaultUsage(204, 83, 287,
				Map.of("prompt_tokens", 204, "completion_tokens", 1, "total_tokens", 287, "prompt_tokens_details",
						Map.of("cached_tokens", 192), "completion_tokens_details", Map.of("reasoning_tokens", 82)),
				192L, null);
		assertThat(this.convention.getHighCardinalityKeyValues(answered(usage))).contains(
				KeyValue.of("gen_ai.usage.input_tokens", "204"), KeyValue.of("gen_ai.usage.output_tokens", "83"),
				KeyValue.of("gen_ai.usage.cache_read.input_tokens", "192"),
				KeyValue.of("gen_ai.usage.reasoning.output_tokens", "82"));
	}

	@Test
	void addsNoReasoningWithoutUsage() {
		assertThat(this.convention.getHighCardinalityKeyValues(answered(new EmptyUsage()))).extracting(KeyValue::getKey)
			.doesNotContain("gen_ai.usage.reasoning.output_tokens");
		assertThat(this.convention.getHighCardinalityKeyValues(context("x_ai"))).extracting(KeyValue::getKey)
			.doesNotContain("gen_ai.usage.reasoning.output_tokens");
	}

	private static ChatModelObservationContext answered(Usage usage) {
		ChatModelObservationContext context = context("x_ai");
		context.setResponse(new ChatResponse(List.of(new Generation(new AssistantMessage("Hi"))),
				ChatResponseMetadata.builder().usage(usage).build()));
		return context;
	}

	private static ChatModelObservationContext context(String provider) {
		return ChatModelObservationContext.builder()
			.prompt(new Prompt("hello", ChatOptions.builder().model("grok-4.3").build()))
			.provider(provider)
			.build();
	}

}
