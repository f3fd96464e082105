package io.github.grokspring.budget;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.ToLongFunction;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Estimates by price.
 *
 * @param prices knows what tokens cost
 * @param catalog knows which models think
 * @param tokens how many tokens a prompt probably has
 * @param clock tells the time, by which prices are chosen
 */
record PricedWorstCase(CostCalculator prices, ModelCatalog catalog, ToLongFunction<Prompt> tokens,
		InstantSource clock) implements WorstCase {

	/** What xAI allows when a request sets no limit. */
	private static final long VISIBLE_WITHOUT_LIMIT = 128_000;

	/** What xAI puts before every prompt without saying so; up to 690 were seen. */
	private static final long HIDDEN_PROMPT = 700;

	@Override
	public Estimate of(Prompt prompt, String model) {
		GrokModel facts = answering(model);
		String id = facts.known() ? facts.id() : model;
		ChatOptions options = prompt.getOptions();
		Prompt asked = (options != null && !model.equals(options.getModel()))
				? new Prompt(prompt.getInstructions(), options.mutate().model(model).build()) : prompt;
		Instant now = this.clock.instant();
		long input = HIDDEN_PROMPT + this.tokens.applyAsLong(prompt);
		@Nullable Integer limit = (options != null) ? options.getMaxTokens() : null;
		long visible = (limit != null) ? limit : 0;
		Cost bounded = this.prices.estimate(asked, input, visible, now);
		if (bounded.source() == Cost.Source.NONE) {
			return new Estimate(id, 0, Long.MAX_VALUE);
		}
		long most = ((limit != null) ? visible : VISIBLE_WITHOUT_LIMIT) + thinking(facts, options);
		Cost unbounded = (most > visible) ? this.prices.estimate(asked, input, most, now) : bounded;
		return new Estimate(id, bounded.ticks(), Math.max(0, unbounded.ticks() - bounded.ticks()));
	}

	/**
	 * The model that answers in the place of a retired one.
	 */
	private GrokModel answering(String name) {
		GrokModel model = this.catalog.get(name);
		GrokModel.Retirement retirement = model.retirement();
		String replacement = (retirement != null && model.status() == GrokModel.Status.REDIRECTED)
				? retirement.replacement() : null;
		return (replacement != null) ? this.catalog.get(replacement) : model;
	}

	/**
	 * Three times what was measured of the same prompt at each effort.
	 */
	private static long thinking(GrokModel model, @Nullable ChatOptions options) {
		String effort = (options instanceof GrokChatOptions grok) ? grok.getReasoningEffort() : null;
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
