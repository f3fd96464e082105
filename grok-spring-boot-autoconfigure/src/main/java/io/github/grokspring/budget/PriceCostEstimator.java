package io.github.grokspring.budget;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.OnUnpriced;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.tool.OtherTool;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link CostEstimator} that uses prices.
 *
 * @param prices the prices of tokens
 * @param catalog the model catalog
 * @param tokens estimates the tokens of a prompt
 * @param clock the clock by which prices are selected
 * @param onUnpriced the behavior for models without a price
 * @param toolCalls the expected number of runs of server-side tools if turns are not
 * limited
 */
record PriceCostEstimator(CostCalculator prices, ModelCatalog catalog, ToLongFunction<Prompt> tokens,
		InstantSource clock, OnUnpriced onUnpriced, int toolCalls) implements CostEstimator {

	/**
	 * Maximum output that xAI permits without a limit.
	 */
	private static final long UNLIMITED_OUTPUT_TOKENS = 128_000;

	/**
	 * Tokens of the prompt that xAI adds; up to 690 were observed.
	 */
	private static final long HIDDEN_PROMPT_TOKENS = 700;

	/**
	 * Share of the estimated prompt tokens that is added as a margin.
	 */
	private static final long MARGIN_DIVISOR = 4;

	/**
	 * Number of input and output tokens by which models are compared.
	 */
	private static final long COMPARED_TOKENS = 1000;

	/**
	 * Names of {@code max-tokens} in request bodies.
	 */
	private static final List<String> LIMIT_FIELDS = List.of("max_completion_tokens", "max_output_tokens",
			"max_tokens");

	@Override
	public Estimate estimate(Prompt prompt, String model) {
		long estimated = this.tokens.applyAsLong(prompt);
		return estimate(prompt, model,
				HIDDEN_PROMPT_TOKENS + estimated + (estimated + MARGIN_DIVISOR - 1) / MARGIN_DIVISOR);
	}

	@Override
	public long maximum(Prompt prompt, String model) {
		long window = this.catalog.resolve(model).contextWindow();
		return (window > 0) ? estimate(prompt, model, window).total() : Long.MAX_VALUE;
	}

	private Estimate estimate(Prompt prompt, String model, long input) {
		GrokModel facts = this.catalog.resolve(model);
		String id = facts.known() ? facts.id() : model;
		ChatOptions options = prompt.getOptions();
		Prompt asked = withModel(prompt, model);
		Instant now = this.clock.instant();
		@Nullable Long limit = isLimitUnsupported(facts, asked.getOptions()) ? null : limit(options);
		long visible = (limit != null) ? limit : 0;
		Cost bounded = this.prices.estimate(asked, input, visible, now);
		if (bounded.source() == Cost.Source.NONE) {
			return new Estimate(id, 0, (this.onUnpriced == OnUnpriced.ZERO) ? 0 : Long.MAX_VALUE);
		}
		long most = ((limit != null) ? visible : UNLIMITED_OUTPUT_TOKENS) + reasoningTokens(facts, options);
		Cost unbounded = (most > visible) ? this.prices.estimate(asked, input, most, now) : bounded;
		Long turns = turns(options);
		long fees = toolFees(options, (turns != null) ? turns : this.toolCalls, id, now);
		long beyond = Math.max(0, unbounded.ticks() - bounded.ticks());
		return (turns != null) ? new Estimate(id, Ticks.plus(bounded.ticks(), fees), beyond)
				: new Estimate(id, bounded.ticks(), Ticks.plus(beyond, fees));
	}

	@Override
	public long rate(Prompt prompt, String model) {
		return this.prices.estimate(withModel(prompt, model), COMPARED_TOKENS, COMPARED_TOKENS, this.clock.instant())
			.ticks();
	}

	private static Prompt withModel(Prompt prompt, String model) {
		ChatOptions options = prompt.getOptions();
		return (options != null && !model.equals(options.getModel()))
				? new Prompt(prompt.getInstructions(), options.mutate().model(model).build()) : prompt;
	}

	/**
	 * Returns the limit of visible tokens, from the options or the extra body.
	 */
	private static @Nullable Long limit(@Nullable ChatOptions options) {
		Integer limit = (options != null) ? options.getMaxTokens() : null;
		if (limit != null) {
			return limit.longValue();
		}
		@Nullable Long largest = null;
		if (options instanceof GrokChatOptions grok && !grok.getExtraBody().isEmpty()) {
			for (String name : LIMIT_FIELDS) {
				Long given = number(grok, name);
				largest = (given != null && (largest == null || given > largest)) ? given : largest;
			}
		}
		return largest;
	}

	/**
	 * Whether the model rejects a limit, so that none is sent.
	 */
	private boolean isLimitUnsupported(GrokModel model, @Nullable ChatOptions options) {
		return options instanceof GrokChatOptions grok
				&& model.refuses(ReservedFields.tokenLimit(EndpointSelector.select(grok, this.catalog)));
	}

	private static @Nullable Long turns(@Nullable ChatOptions options) {
		if (!(options instanceof GrokChatOptions grok)) {
			return null;
		}
		Integer allowed = grok.getMaxTurns();
		return (allowed != null) ? Long.valueOf(allowed) : number(grok, "max_turns");
	}

	private long toolFees(@Nullable ChatOptions options, long runs, String model, Instant now) {
		if (!(options instanceof GrokChatOptions grok) || grok.getServerTools().isEmpty()) {
			return 0;
		}
		long highest = 0;
		for (ServerTool tool : grok.getServerTools()) {
			TokenUsage usage = TokenUsage.estimatedToolRuns(tool.type(), 1);
			highest = Math.max(highest, this.prices.price(usage, model, now, PriceConditions.STANDARD).ticks());
			if (tool instanceof OtherTool) {
				// A tool without a price may cost as much as a known one
				TokenUsage search = new TokenUsage(0, 0, 0, 0, 0, Map.of("web_search", 1L), true);
				highest = Math.max(highest, this.prices.price(search, model, now, PriceConditions.STANDARD).ticks());
			}
		}
		return (highest <= Long.MAX_VALUE / Math.max(1, runs)) ? highest * runs : Long.MAX_VALUE;
	}

	private static @Nullable Long number(GrokChatOptions options, String name) {
		return (options.getExtraBody().get(name) instanceof Number number && number.longValue() >= 0)
				? Long.valueOf(number.longValue()) : null;
	}

	private static @Nullable String effort(GrokChatOptions options) {
		String effort = options.getReasoningEffort();
		if (effort != null || options.getExtraBody().isEmpty()) {
			return effort;
		}
		// The endpoints use different names.
		@Nullable Object given = (options.getExtraBody().get("reasoning") instanceof Map<?, ?> reasoning)
				? reasoning.get("effort") : options.getExtraBody().get("reasoning_effort");
		return (given instanceof String name) ? name : null;
	}

	/**
	 * Three times the measured reasoning of the same prompt at each effort.
	 */
	private static long reasoningTokens(GrokModel model, @Nullable ChatOptions options) {
		String effort = (options instanceof GrokChatOptions grok) ? effort(grok) : null;
		if (!model.thinks(effort)) {
			return 0;
		}
		String applies = (effort != null && model.reasoningEfforts().contains(effort)) ? effort
				: model.defaultReasoningEffort();
		return switch ((applies != null) ? applies : "high") {
			case "none" -> 0;
			case "low" -> 4_000;
			case "medium" -> 8_000;
			case "xhigh" -> 32_000;
			default -> 16_000;
		};
	}

}
