package io.github.grokspring.scrub;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.ModelOverride;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.UnsupportedParameterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Scrubber}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ScrubberTests {

	private static final ToolCallback TOOL = FunctionToolCallback.builder("time", () -> "noon")
		.description("tells the time")
		.inputType(Void.class)
		.build();

	private final Scrubber scrubber = scrubber(OnUnsupported.DROP);

	@ParameterizedTest
	@ValueSource(strings = { "grok-4.7", "grok-4.3-latest", "grok-3", "grok-4.3-0501", "grok-9", "llama" })
	void doesNotChangeSupportedParameters(String model) {
		GrokChatOptions options = GrokChatOptions.builder()
			.model(model)
			.temperature(0.2)
			.topP(0.9)
			.topK(40)
			.seed(1)
			.n(1)
			.maxTokens(100)
			.reasoningEffort("low")
			.serviceTier("priority")
			.store(false)
			.user("u1")
			.responseFormat("json_object")
			.toolCallbacks(List.of(TOOL))
			.parallelToolCalls(false)
			.toolChoice("auto")
			.extraBody(Map.of("prompt_cache_key", "c1", "safety_identifier", "s1"))
			.build();
		assertThat(this.scrubber.scrub(options)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_tokens", "max_completion_tokens", "max_output_tokens", "" })
	void removesUnsupportedTokenLimit(String name) {
		GrokChatOptions.Builder limited = options("grok-4.20-multi-agent").temperature(0.2);
		limited = name.isEmpty() ? limited.maxTokens(100) : limited.extraBody(Map.of(name, 100));
		Scrubbed scrubbed = this.scrubber.scrub(limited.build());
		assertThat(scrubbed.parameters()).containsExactly("max_output_tokens");
		assertThat(scrubbed.options()).isEqualTo(options("grok-4.20-multi-agent").temperature(0.2).build());
		GrokChatOptions given = limited.build();
		assertThatExceptionOfType(UnsupportedParameterException.class)
			.isThrownBy(() -> scrubber(OnUnsupported.FAIL).scrub(given))
			.withMessageContaining("max_output_tokens");
		assertThat(scrubber(OnUnsupported.PASS).scrub(given)).isNull();
		GrokChatOptions other = given.mutate().model("grok-4.20").build();
		assertThat(this.scrubber.scrub(other)).isNull();
	}

	@ParameterizedTest
	@MethodSource
	void removesUnsupportedAndIgnoredParameters(String model, String parameter,
			UnaryOperator<GrokChatOptions.Builder> setting) {
		GrokChatOptions plain = GrokChatOptions.builder().model(model).temperature(0.5).build();
		Scrubbed scrubbed = this.scrubber.scrub(setting.apply(plain.mutate()).build());
		assertThat(scrubbed.parameters()).containsExactly(parameter);
		assertThat(scrubbed.options()).isEqualTo(plain);
	}

	static Stream<Arguments> removesUnsupportedAndIgnoredParameters() {
		return Stream.of(
				Arguments.of("grok-4.3", "presence_penalty", setting((options) -> options.presencePenalty(0.0))),
				Arguments.of("grok-4.7", "frequency_penalty", setting((options) -> options.frequencyPenalty(0.5))),
				Arguments.of("grok-4.5", "stop", setting((options) -> options.stopSequences(List.of("END")))),
				Arguments.of("grok-4.20", "reasoning_effort", setting((options) -> options.reasoningEffort("low"))),
				Arguments.of("grok-4.20-non-reasoning", "reasoning_effort",
						setting((options) -> options.reasoningEffort("none"))),
				Arguments.of("grok-4.3", "logprobs", setting((options) -> options.logprobs(true))),
				Arguments.of("grok-4.3", "top_logprobs", setting((options) -> options.topLogprobs(2))),
				Arguments.of("grok-4.3", "logit_bias", setting((options) -> options.logitBias(Map.of("5", 1)))),
				Arguments.of("grok-4.3", "n", setting((options) -> options.n(2))),
				Arguments.of("grok-4", "stop", setting((options) -> options.stopSequences(List.of("END")))),
				Arguments.of("grok-4.20-0501", "reasoning_effort",
						setting((options) -> options.reasoningEffort("low"))),
				Arguments.of("grok-4.3", "presence_penalty", extra("presence_penalty", 0)),
				Arguments.of("grok-4.3", "stop", extra("stop", "END")), Arguments.of("grok-4.3", "n", extra("n", 2)),
				Arguments.of("grok-4.20", "reasoning_effort", extra("reasoning_effort", "low")),
				Arguments.of("grok-4.3", "search_parameters", extra("search_parameters", Map.of("mode", "on"))),
				Arguments.of("llama", "search_parameters", extra("search_parameters", Map.of("mode", "on"))),
				Arguments.of("grok-4.3", "stream", extra("stream", true)),
				Arguments.of("grok-4.3", "deferred", extra("deferred", true)),
				Arguments.of("grok-4.3", "tools", extra("tools", List.of())),
				Arguments.of("grok-4.3", "temperature", extra("temperature", 1)));
	}

	private static UnaryOperator<GrokChatOptions.Builder> setting(UnaryOperator<GrokChatOptions.Builder> setting) {
		return setting;
	}

	private static UnaryOperator<GrokChatOptions.Builder> extra(String field, Object value) {
		return (options) -> options.extraBody(Map.of(field, value));
	}

	@Test
	void sendsSupportedStop() {
		GrokChatOptions options = GrokChatOptions.builder()
			.model("grok-4.20-0309-non-reasoning")
			.stopSequences(List.of("END"))
			.build();
		assertThat(this.scrubber.scrub(options)).isNull();
	}

	@Test
	void sendsSingleChoice() {
		assertThat(this.scrubber.scrub(options("grok-4.3").n(1).build())).isNull();
		assertThat(this.scrubber.scrub(options("grok-4.3").extraBody(Map.of("n", 1)).build())).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.5, none, low", "grok-4.7, max, xhigh", "grok-4.3, minimal, low", "grok-4.3, HIGH, high",
			"grok-9, none, low" })
	void replacesUnsupportedEffortWithNearest(String model, String requested, String sent) {
		Scrubbed typed = this.scrubber.scrub(options(model).reasoningEffort(requested).build());
		assertThat(typed.parameters()).containsExactly("reasoning_effort");
		assertThat(typed.options()).isEqualTo(options(model).reasoningEffort(sent).build());
		Scrubbed extra = this.scrubber.scrub(options(model).extraBody(Map.of("reasoning_effort", requested)).build());
		assertThat(extra.parameters()).containsExactly("reasoning_effort");
		assertThat(extra.options()).isEqualTo(options(model).extraBody(Map.of("reasoning_effort", sent)).build());
	}

	@Test
	void removesInvalidEffort() {
		assertThat(this.scrubber.scrub(options("grok-4.3").reasoningEffort("very hard").build()).options())
			.isEqualTo(options("grok-4.3").build());
		for (Object effort : List.of("very hard", 3, Map.of("effort", "low"))) {
			assertThat(this.scrubber.scrub(options("grok-4.3").extraBody(Map.of("reasoning_effort", effort)).build())
				.options()).isEqualTo(options("grok-4.3").build());
		}
		Map<String, Object> nothing = Collections.singletonMap("reasoning_effort", null);
		assertThat(this.scrubber.scrub(options("grok-4.3").extraBody(nothing).build()).parameters())
			.containsExactly("reasoning_effort");
	}

	@Test
	void optionTakesPrecedenceOverExtraBody() {
		Map<String, Object> extraBody = new LinkedHashMap<>();
		extraBody.put("seed", 2);
		extraBody.put("response_format", Map.of("type", "text"));
		extraBody.put("tool_choice", "none");
		extraBody.put("reasoning_effort", "high");
		extraBody.put("model", "grok-4.7");
		extraBody.put("own", true);
		Scrubbed scrubbed = this.scrubber.scrub(options("grok-4.3").seed(1)
			.outputSchema("{}")
			.toolCallbacks(List.of(TOOL))
			.toolChoice("auto")
			.reasoningEffort("low")
			.extraBody(extraBody)
			.build());
		assertThat(scrubbed.parameters()).containsExactly("seed", "response_format", "tool_choice", "reasoning_effort",
				"model");
		assertThat(scrubbed.options().getExtraBody()).isEqualTo(Map.of("own", true));
		assertThat(scrubbed.options().getSeed()).isEqualTo(1);
		assertThat(scrubbed.options().getReasoningEffort()).isEqualTo("low");
	}

	@Test
	void ignoresToolOptionsWithoutTools() {
		GrokChatOptions options = options("grok-4.3").toolChoice("auto")
			.extraBody(Map.of("tool_choice", "none"))
			.build();
		assertThat(this.scrubber.scrub(options)).isNull();
	}

	@Test
	void sendsSingleTokenLimit() {
		Scrubbed typed = this.scrubber.scrub(options("grok-4.3").maxTokens(7)
			.extraBody(Map.of("max_tokens", 8, "max_completion_tokens", 9))
			.build());
		assertThat(typed.parameters()).containsExactlyInAnyOrder("max_tokens", "max_completion_tokens");
		assertThat(typed.options()).isEqualTo(options("grok-4.3").maxTokens(7).build());
		Scrubbed extra = this.scrubber
			.scrub(options("grok-4.3").extraBody(Map.of("max_tokens", 8, "max_completion_tokens", 9)).build());
		assertThat(extra.parameters()).containsExactly("max_tokens");
		assertThat(extra.options().getExtraBody()).isEqualTo(Map.of("max_completion_tokens", 9));
		assertThat(this.scrubber.scrub(options("grok-4.3").extraBody(Map.of("max_tokens", 8)).build())).isNull();
	}

	@Test
	void listsParameterOnce() {
		Scrubbed scrubbed = this.scrubber
			.scrub(options("grok-4.3").presencePenalty(1.0).extraBody(Map.of("presence_penalty", 1)).build());
		assertThat(scrubbed.parameters()).containsExactly("presence_penalty");
		assertThat(scrubbed.options()).isEqualTo(options("grok-4.3").build());
	}

	@Test
	void removesConfiguredUnsupportedParametersUnlessRequired() {
		Set<String> refused = Set.of("top_k", "seed", "max_completion_tokens", "response_format");
		ModelCatalog overridden = ModelCatalog
			.bundled(Map.of("grok-4.3", new ModelOverride(Set.of(), null, null, refused, null, null)));
		Scrubbed scrubbed = Scrubber.create(overridden, OnUnsupported.DROP, true)
			.scrub(options("grok-4.3").topK(5)
				.seed(1)
				.maxTokens(9)
				.responseFormat("json_object")
				.presencePenalty(0.5)
				.build());
		assertThat(scrubbed.parameters()).containsExactlyInAnyOrder("top_k", "seed");
		assertThat(scrubbed.options())
			.isEqualTo(options("grok-4.3").maxTokens(9).responseFormat("json_object").presencePenalty(0.5).build());
	}

	@Test
	void failureListsAllParameters() {
		GrokChatOptions options = options("grok-4.5").presencePenalty(0.5)
			.logprobs(true)
			.reasoningEffort("none")
			.seed(1)
			.extraBody(Map.of("search_parameters", Map.of("mode", "private-mode"), "seed", 2))
			.build();
		assertThatExceptionOfType(UnsupportedParameterException.class)
			.isThrownBy(() -> scrubber(OnUnsupported.FAIL).scrub(options))
			.satisfies((ex) -> assertThat(ex.model()).isEqualTo("grok-4.5"))
			.satisfies((ex) -> assertThat(ex.parameters()).containsExactlyInAnyOrder("presence_penalty", "logprobs",
					"reasoning_effort", "search_parameters"))
			.withMessageContaining("grok-4.5")
			.withMessageContaining("use 'low'")
			.withMessageContaining("'grok.scrub.on-unsupported'")
			.withMessageNotContaining("private-mode");
	}

	@Test
	void redundantParameterDoesNotFail() {
		Scrubbed scrubbed = scrubber(OnUnsupported.FAIL)
			.scrub(options("grok-4.3").seed(1).extraBody(Map.of("seed", 2, "stream", true)).build());
		assertThat(scrubbed.parameters()).containsExactlyInAnyOrder("seed", "stream");
		assertThat(scrubbed.options()).isEqualTo(options("grok-4.3").seed(1).build());
	}

	@Test
	void passModeSendsAllParameters() {
		GrokChatOptions options = options("grok-4.5").presencePenalty(0.5)
			.seed(1)
			.extraBody(Map.of("search_parameters", Map.of(), "seed", 2))
			.build();
		assertThat(scrubber(OnUnsupported.PASS).scrub(options)).isNull();
	}

	@Test
	void logsRemovedParameterOncePerModelWithEffect(CapturedOutput output) {
		for (int i = 0; i < 3; i++) {
			this.scrubber.scrub(options("grok-4.20").reasoningEffort("low").stopSequences(List.of("secret")).build());
			this.scrubber.scrub(options("grok-4.5").reasoningEffort("none").build());
			this.scrubber.scrub(options("grok-4.20-0309-non-reasoning").reasoningEffort("low").build());
			this.scrubber.scrub(options("grok-4.3").reasoningEffort("another secret")
				.extraBody(Map.of("search_parameters", "third secret", "stream", "fourth secret"))
				.build());
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(7);
		assertThat(output).contains("'grok-4.20' does not support 'reasoning_effort'", "reasoning is billed as output")
			.contains("'grok-4.20' does not support 'stop'")
			.contains(
					"'grok-4.5' does not support 'reasoning_effort' 'none', only low, medium, high, xhigh; 'low' is sent")
			.contains("the model never reasons")
			.contains("own default 'low' applies")
			.contains("use its server-side tools instead")
			.contains("contains 'stream', which the library sets")
			.doesNotContain("secret");
	}

	@ParameterizedTest
	@EnumSource
	void scrubbingLearnsNothing(OnUnsupported mode) {
		assertThat(scrubber(mode).learned()).isEmpty();
	}

	private static GrokChatOptions.Builder options(String model) {
		return GrokChatOptions.builder().model(model);
	}

	private static Scrubber scrubber(OnUnsupported onUnsupported) {
		return Scrubber.create(ModelCatalog.bundled(), onUnsupported, true);
	}

}
