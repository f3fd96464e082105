package io.github.grokspring.scrub;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for learning of a {@link Scrubber}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ScrubberLearningTests {

	private static final String MODEL = "grok-9";

	private static final ToolCallback TOOL = FunctionToolCallback.builder("time", () -> "noon")
		.description("tells the time")
		.inputType(Void.class)
		.build();

	/** All parameters that the catalog allows. */
	private static final GrokChatOptions ALL = GrokChatOptions.builder()
		.model(MODEL)
		.temperature(0.5)
		.topP(0.5)
		.topK(5)
		.seed(1)
		.maxTokens(100)
		.reasoningEffort("low")
		.serviceTier("priority")
		.store(false)
		.user("u1")
		.responseFormat("json_object")
		.toolCallbacks(List.of(TOOL))
		.parallelToolCalls(false)
		.toolChoice("auto")
		.extraBody(Map.of("own", 1))
		.build();

	private final RevisedCatalog catalog = new RevisedCatalog();

	private final Scrubber scrubber = Scrubber.create(this.catalog, OnUnsupported.DROP, true);

	@ParameterizedTest
	@ValueSource(strings = { "temperature", "top_p", "top_k", "seed", "reasoning_effort", "service_tier", "store",
			"user", "parallel_tool_calls", "own" })
	void removesRejectedParameterFromFurtherRequests(String parameter) {
		assertThat(this.scrubber.scrub(ALL)).isNull();
		assertThat(this.scrubber.learn(refusal(parameter, null), ALL)).isEqualTo(parameter);
		Scrubbed scrubbed = this.scrubber.scrub(ALL);
		assertThat(scrubbed.parameters()).containsExactly(parameter);
		assertThat(ParameterRules.isSent(scrubbed.options(), parameter)).isFalse();
		assertThat(this.scrubber.learned()).isEqualTo(Map.of(MODEL, Set.of(parameter)));
		assertThat(this.scrubber.scrub(ALL.mutate().model("grok-4.3").build())).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "model", "messages", "tools", "tool_choice", "response_format", "max_completion_tokens",
			"max_tokens" })
	void doesNotLearnRequiredParameters(String parameter) {
		GrokChatOptions sent = ALL.mutate().extraBody(Map.of("max_tokens", 5)).build();
		assertThat(this.scrubber.learn(refusal(parameter, null), sent)).isNull();
		assertThat(this.scrubber.learned()).isEmpty();
	}

	@Test
	void doesNotLearnParameterThatWasNotSent() {
		assertThat(this.scrubber.learn(refusal("logprobs", null), ALL)).isNull();
		assertThat(this.scrubber.learn(refusal("reasoning_effort", "high"), ALL)).isNull();
		assertThat(this.scrubber.learned()).isEmpty();
	}

	@Test
	void doesNotLearnTwice() {
		assertThat(this.scrubber.learn(refusal("seed", null), ALL)).isEqualTo("seed");
		assertThat(this.scrubber.learn(refusal("seed", null), ALL)).isNull();
	}

	@Test
	void learnsFromUnsupportedParametersOnly() {
		GrokApiException other = GrokApiException.builder(ErrorKind.INVALID_REQUEST, "no").parameter("seed").build();
		assertThat(this.scrubber.learn(other, ALL)).isNull();
		assertThat(this.scrubber.learn(refusal(null, null), ALL)).isNull();
	}

	@Test
	void replacesRejectedEffortWithNearest() {
		GrokChatOptions low = ALL;
		assertThat(this.scrubber.learn(refusal("reasoning_effort", "low"), low)).isEqualTo("reasoning_effort");
		assertThat(this.scrubber.scrub(low).options().getReasoningEffort()).isEqualTo("medium");
		assertThat(this.scrubber.scrub(low.mutate().reasoningEffort("high").build())).isNull();
		GrokChatOptions medium = this.scrubber.scrub(low).options();
		assertThat(this.scrubber.learn(refusal("reasoning_effort", "medium"), medium)).isEqualTo("reasoning_effort");
		assertThat(this.scrubber.scrub(low).options().getReasoningEffort()).isEqualTo("high");
		assertThat(this.scrubber.learned())
			.isEqualTo(Map.of(MODEL, Set.of("reasoning_effort=low", "reasoning_effort=medium")));
		assertThat(this.scrubber.learn(refusal("reasoning_effort", null), low)).isEqualTo("reasoning_effort");
		assertThat(this.scrubber.scrub(low).options().getReasoningEffort()).isNull();
		assertThat(this.scrubber.learned()).isEqualTo(Map.of(MODEL, Set.of("reasoning_effort")));
	}

	@Test
	void learnsSentValueIfRejectionNamesNone() {
		GrokChatOptions xhigh = ALL.mutate().reasoningEffort("xhigh").build();
		assertThat(this.scrubber.learn(refusal("reasoning_effort", ""), xhigh)).isEqualTo("reasoning_effort");
		assertThat(this.scrubber.scrub(xhigh).options().getReasoningEffort()).isEqualTo("high");
		assertThat(this.scrubber.scrub(ALL)).isNull();
		assertThat(this.scrubber.learned()).isEqualTo(Map.of(MODEL, Set.of("reasoning_effort=xhigh")));
		GrokChatOptions extra = options("grok-9").extraBody(Map.of("reasoning_effort", "medium")).build();
		assertThat(this.scrubber.learn(refusal("reasoning_effort", ""), extra)).isEqualTo("reasoning_effort");
		assertThat(this.scrubber.scrub(extra).options().getExtraBody()).isEqualTo(Map.of("reasoning_effort", "high"));
	}

	@Test
	void masksValuesOtherThanEfforts() {
		GrokChatOptions sent = ALL.mutate().user("a secret").build();
		this.scrubber.learn(refusal("user", "a secret"), sent);
		this.scrubber.learn(refusal("service_tier", ""), sent);
		assertThat(this.scrubber.scrub(sent).parameters()).containsExactly("service_tier", "user");
		assertThat(this.scrubber.learned()).isEqualTo(Map.of(MODEL, Set.of("user=…", "service_tier=…")));
	}

	@Test
	void learnsEffortByItsResponsesName() {
		assertThat(this.scrubber.learn(refusal("reasoning.effort", null), ALL)).isEqualTo("reasoning_effort");
		assertThat(this.scrubber.scrub(ALL).options().getReasoningEffort()).isNull();
	}

	@Test
	void removesRejectedValueOfAnotherParameter() {
		assertThat(this.scrubber.learn(refusal("service_tier", "priority"), ALL)).isEqualTo("service_tier");
		assertThat(this.scrubber.scrub(ALL).options().getServiceTier()).isNull();
		assertThat(this.scrubber.scrub(ALL.mutate().serviceTier("default").build())).isNull();
	}

	@Test
	void catalogRefreshClearsLearnedParameters() {
		this.scrubber.learn(refusal("seed", null), ALL);
		this.catalog.revise();
		assertThat(this.scrubber.learned()).isEmpty();
		assertThat(this.scrubber.scrub(ALL)).isNull();
		assertThat(this.scrubber.learn(refusal("user", null), ALL)).isEqualTo("user");
		assertThat(this.scrubber.learned()).isEqualTo(Map.of(MODEL, Set.of("user")));
	}

	@Test
	void limitsNumberOfLearnedParameters() {
		IntStream.range(0, 300).forEach((i) -> {
			GrokChatOptions sent = ALL.mutate().model("grok-" + i).build();
			assertThat(this.scrubber.learn(refusal("seed", null), sent) != null).isEqualTo(i < 256);
		});
		assertThat(this.scrubber.learned()).hasSize(256);
	}

	@Test
	void logsLearnedParameterOnce(CapturedOutput output) {
		this.scrubber.learn(refusal("user", null), ALL.mutate().user("a secret").build());
		this.scrubber.learn(refusal("user", null), ALL);
		this.scrubber.scrub(ALL);
		this.scrubber.scrub(ALL);
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
		assertThat(output).contains("'user'", "'grok-9'", "'grok.models.[grok-9].unsupported-parameters'")
			.doesNotContain("secret");
	}

	@ParameterizedTest
	@EnumSource(names = { "FAIL", "PASS" })
	void learnsOnlyInDropMode(OnUnsupported mode) {
		Scrubber other = Scrubber.create(this.catalog, mode, true);
		assertThat(other.learn(refusal("seed", null), ALL)).isNull();
		assertThat(other.learned()).isEmpty();
	}

	@Test
	void learnsNothingIfDisabled() {
		Scrubber other = Scrubber.create(this.catalog, OnUnsupported.DROP, false);
		assertThat(other.learn(refusal("seed", null), ALL)).isNull();
		assertThat(other.scrub(ALL)).isNull();
	}

	private static GrokChatOptions.Builder options(String model) {
		return GrokChatOptions.builder().model(model);
	}

	private static GrokApiException refusal(String parameter, String value) {
		return GrokApiException.builder(ErrorKind.UNSUPPORTED_PARAMETER, "refused")
			.parameter(parameter)
			.parameterValue(value)
			.build();
	}

}
