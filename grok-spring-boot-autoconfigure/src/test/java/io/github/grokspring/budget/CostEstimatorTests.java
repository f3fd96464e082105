package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.util.Map;

import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.OnUnpriced;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a call may cost at most.
 */
class CostEstimatorTests {

	private static final long HIDDEN = 700;

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	@ParameterizedTest
	@CsvSource({
			// model, effort, limit, bounded output, unbounded output; dollars per million
			// tokens in and out
			"grok-4.3, none, 1000, 1000, 0, 1.25, 2.50", "grok-4.3, none, , 0, 128000, 1.25, 2.50",
			"grok-4.3, , 1000, 1000, 4000, 1.25, 2.50", "grok-4.3, low, 1000, 1000, 4000, 1.25, 2.50",
			"grok-4.3, medium, 1000, 1000, 8000, 1.25, 2.50", "grok-4.3, high, 1000, 1000, 16000, 1.25, 2.50",
			"grok-4.7, xhigh, 1000, 1000, 32000, 2.00, 6.00", "grok-4.7, , , 0, 144000, 2.00, 6.00",
			"grok-4.7, none, 1000, 1000, 16000, 2.00, 6.00",
			"grok-4.20-0309-non-reasoning, , 1000, 1000, 0, 1.25, 2.50",
			"grok-4.20-0309-reasoning, , 1000, 1000, 16000, 1.25, 2.50" })
	void thinkingIsNotBoundedNorIsAnAnswerWithoutLimit(String model, String effort, Integer limit, long bounded,
			long unbounded, BigDecimal in, BigDecimal out) {
		Estimate estimate = estimate(model, 1000,
				GrokChatOptions.builder().reasoningEffort(effort).maxTokens(limit).build());
		assertThat(estimate.model()).isEqualTo(model);
		assertThat(estimate.bounded()).isEqualTo(ticks(1250 + HIDDEN, in) + ticks(bounded, out));
		assertThat(estimate.unbounded()).isEqualTo(ticks(unbounded, out));
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_tokens", "max_completion_tokens", "max_output_tokens", "" })
	void aLimitThatTheModelRefusesIsNone(String name) {
		GrokChatOptions none = GrokChatOptions.builder().reasoningEffort("low").build();
		GrokChatOptions limited = name.isEmpty() ? none.mutate().maxTokens(10).build()
				: none.mutate().extraBody(Map.of(name, 10)).build();
		for (String model : new String[] { "grok-4.20-multi-agent-0309", "grok-4.20-multi-agent" }) {
			assertThat(estimate(model, 1000, limited)).isEqualTo(estimate(model, 1000, none));
			assertThat(estimate(model, 1000, limited).unbounded()).isEqualTo(ticks(132_000, new BigDecimal("2.50")));
		}
	}

	@Test
	void aToolThatIsNotKnownIsReservedForLikeASearch() {
		GrokChatOptions plain = GrokChatOptions.builder().maxTokens(1000).maxTurns(3).build();
		GrokChatOptions other = plain.mutate().serverTools(ServerTool.other(Map.of("type", "teleport"))).build();
		GrokChatOptions search = plain.mutate().serverTools(ServerTool.webSearch()).build();
		assertThat(estimate("grok-4.3", 1000, other)).isEqualTo(estimate("grok-4.3", 1000, search))
			.isNotEqualTo(estimate("grok-4.3", 1000, plain));
	}

	@Test
	void aLongPromptMakesEveryTokenDearer() {
		GrokChatOptions options = GrokChatOptions.builder().reasoningEffort("none").maxTokens(1000).build();
		long tokens = (200_000 - HIDDEN) * 4 / 5;
		assertThat(estimate("grok-4.3", tokens - 1, options).bounded())
			.isEqualTo(ticks(199_999, new BigDecimal("1.25")) + ticks(1000, new BigDecimal("2.50")));
		assertThat(estimate("grok-4.3", tokens, options).bounded())
			.isEqualTo(ticks(200_000, new BigDecimal("2.50")) + ticks(1000, new BigDecimal("5.00")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_tokens", "max_completion_tokens", "max_output_tokens" })
	void aLimitInTheExtraBodyIsALimit(String name) {
		GrokChatOptions options = GrokChatOptions.builder().maxTokens(1000).build();
		GrokChatOptions extra = GrokChatOptions.builder().extraBody(Map.of(name, 1000)).build();
		assertThat(estimate("grok-4.3", 1000, extra)).isEqualTo(estimate("grok-4.3", 1000, options));
		GrokChatOptions both = options.mutate().extraBody(Map.of(name, 5)).build();
		assertThat(estimate("grok-4.3", 1000, both)).isEqualTo(estimate("grok-4.3", 1000, options));
		GrokChatOptions nonsense = GrokChatOptions.builder().extraBody(Map.of(name, "many")).build();
		assertThat(estimate("grok-4.3", 1000, nonsense))
			.isEqualTo(estimate("grok-4.3", 1000, GrokChatOptions.builder().build()));
	}

	@Test
	void ofTwoLimitsInTheExtraBodyTheLargerOneIsReserved() {
		GrokChatOptions two = GrokChatOptions.builder()
			.extraBody(Map.of("max_tokens", 10, "max_completion_tokens", 1000))
			.build();
		assertThat(estimate("grok-4.3", 1000, two))
			.isEqualTo(estimate("grok-4.3", 1000, GrokChatOptions.builder().maxTokens(1000).build()));
	}

	@Test
	void runsOfServerToolsAreReserved() {
		GrokChatOptions plain = GrokChatOptions.builder().maxTokens(1000).build();
		long without = estimate("grok-4.3", 1000, plain).bounded();
		GrokChatOptions unlimited = plain.mutate().serverTools(ServerTool.webSearch()).build();
		assertThat(estimate("grok-4.3", 1000, unlimited).bounded()).isEqualTo(without);
		assertThat(estimate("grok-4.3", 1000, unlimited).unbounded())
			.isEqualTo(estimate("grok-4.3", 1000, plain).unbounded() + 10 * 50_000_000);
		GrokChatOptions limited = unlimited.mutate().maxTurns(6).build();
		assertThat(estimate("grok-4.3", 1000, limited).bounded()).isEqualTo(without + 6 * 50_000_000);
		GrokChatOptions inTheBody = unlimited.mutate().extraBody(Map.of("max_turns", 6)).build();
		assertThat(estimate("grok-4.3", 1000, inTheBody)).isEqualTo(estimate("grok-4.3", 1000, limited));
		GrokChatOptions dearer = limited.mutate().serverTools(ServerTool.webSearch(), ServerTool.xSearch()).build();
		assertThat(estimate("grok-4.3", 1000, dearer).bounded()).isEqualTo(without + 6 * 10 * 50_000_000L);
	}

	@Test
	void thePriorityTierCostsTwice() {
		GrokChatOptions options = GrokChatOptions.builder().maxTokens(1000).build();
		Estimate standard = estimate("grok-4.3", 1000, options);
		Estimate priority = estimate("grok-4.3", 1000, options.mutate().serviceTier("priority").build());
		assertThat(priority).isEqualTo(new Estimate("grok-4.3", 2 * standard.bounded(), 2 * standard.unbounded()));
	}

	@Test
	void severalAnswersCostSeveralTimes() {
		GrokChatOptions options = GrokChatOptions.builder().maxTokens(1000).n(3).build();
		assertThat(estimate("grok-4.3", 1000, options).unbounded()).isEqualTo(ticks(12_000, new BigDecimal("2.50")));
	}

	@Test
	void whatTheExtraBodySaysCountsAsWhatTheOptionsSay() {
		GrokChatOptions plain = GrokChatOptions.builder().maxTokens(1000).build();
		assertThat(estimate("grok-4.3", 1000, extra(plain, "n", 3)))
			.isEqualTo(estimate("grok-4.3", 1000, plain.mutate().n(3).build()));
		assertThat(estimate("grok-4.3", 1000, extra(plain, "service_tier", "priority")))
			.isEqualTo(estimate("grok-4.3", 1000, plain.mutate().serviceTier("priority").build()));
		Estimate high = estimate("grok-4.3", 1000, plain.mutate().reasoningEffort("high").build());
		assertThat(estimate("grok-4.3", 1000, extra(plain, "reasoning_effort", "high"))).isEqualTo(high);
		assertThat(estimate("grok-4.3", 1000, extra(plain, "reasoning", Map.of("effort", "high")))).isEqualTo(high);
		GrokChatOptions both = plain.mutate().n(2).serviceTier("default").reasoningEffort("low").build();
		assertThat(estimate("grok-4.3", 1000,
				both.mutate()
					.extraBody(Map.of("n", 9, "service_tier", "priority", "reasoning_effort", "high"))
					.build()))
			.as("the options are what is written")
			.isEqualTo(estimate("grok-4.3", 1000, both));
	}

	private static GrokChatOptions extra(GrokChatOptions options, String name, Object value) {
		return options.mutate().extraBody(Map.of(name, value)).build();
	}

	@Test
	void anotherModelIsPricedAsItself() {
		Prompt prompt = new Prompt("hi", GrokChatOptions.builder().model("grok-4.7").maxTokens(1000).build());
		Estimate estimate = worstCase(1000).estimate(prompt, "grok-4.20-0309-non-reasoning");
		assertThat(estimate).isEqualTo(new Estimate("grok-4.20-0309-non-reasoning",
				ticks(1250 + HIDDEN, new BigDecimal("1.25")) + ticks(1000, new BigDecimal("2.50")), 0));
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.3-latest, grok-4.3", "grok-3, grok-4.3", "grok-3-fast, grok-3-fast" })
	void everyNameOfAModelIsKnownByTheIdThatAnswers(String name, String id) {
		assertThat(estimate(name, 1000, GrokChatOptions.builder().build()).model()).isEqualTo(id);
	}

	@Test
	void modelWithoutPriceMayCostAsMuchAsItsFamily() {
		GrokChatOptions options = GrokChatOptions.builder().maxTokens(10).build();
		assertThat(estimate("grok-99", 1000, options).bounded()).isEqualTo(ModelCatalog.bundled()
			.family("grok-99")
			.stream()
			.mapToLong((model) -> estimate(model.id(), 1000, options).bounded())
			.max()
			.orElseThrow());
		assertThat(estimate("nobody-knows", 1000, options).bounded())
			.isGreaterThanOrEqualTo(estimate("grok-4.7", 1000, options).bounded());
	}

	@Test
	void nothingIsReservedForAModelThatIsFree() {
		ModelCatalog catalog = ModelCatalog.bundled();
		CostEstimator free = CostEstimator.of(CostCalculator.of(catalog, PriceConditions.STANDARD), catalog,
				(prompt) -> 1000, this.clock, OnUnpriced.ZERO, 10);
		Estimate estimate = free.estimate(new Prompt("hi", GrokChatOptions.builder().model("grok-99").build()),
				"grok-99");
		assertThat(estimate).isEqualTo(new Estimate("grok-99", 0, 0));
		assertThat(estimate.ticks(5)).isZero();
	}

	private Estimate estimate(String model, long tokens, GrokChatOptions options) {
		return worstCase(tokens).estimate(new Prompt("hi", options.mutate().model(model).build()), model);
	}

	private CostEstimator worstCase(long tokens) {
		ModelCatalog catalog = ModelCatalog.bundled();
		return CostEstimator.of(CostCalculator.of(catalog, PriceConditions.STANDARD), catalog, (prompt) -> tokens,
				this.clock);
	}

	private static long ticks(long tokens, BigDecimal usdPerMillion) {
		return usdPerMillion.multiply(BigDecimal.valueOf(10_000)).multiply(BigDecimal.valueOf(tokens)).longValueExact();
	}

}
