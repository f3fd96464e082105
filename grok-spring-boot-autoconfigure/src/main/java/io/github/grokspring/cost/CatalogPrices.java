package io.github.grokspring.cost;

import java.time.Instant;
import java.time.ZoneOffset;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Prices by a catalogue.
 *
 * @param catalog the catalogue
 * @param always conditions of every request
 */
record CatalogPrices(ModelCatalog catalog, PriceConditions always) implements CostCalculator {

	@Override
	public Cost price(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		GrokModel found = this.catalog.find(model);
		Prices prices = (found != null) ? found.pricesAt(at) : null;
		Prices.TokenPrices token = (prices != null) ? prices.forPrompt(tokens.prompt()) : null;
		if (prices == null || token == null) {
			return Cost.NONE;
		}
		long ticks = Ticks.times(tokens.input(), token.input());
		ticks = Ticks.plus(ticks, Ticks.times(tokens.cachedInput(), token.cachedInput()));
		ticks = Ticks.plus(ticks, Ticks.times(tokens.imageInput(), token.imageInput()));
		ticks = Ticks.plus(ticks, Ticks.times(tokens.billedOutput(), token.output()));
		ticks = Ticks.share(ticks, conditions.and(this.always).thousandths(prices.batchPercent()));
		return Cost.table(Ticks.plus(ticks, ToolFees.of(tokens.serverToolCalls(), at)));
	}

	@Override
	public Cost estimate(Prompt prompt, long inputTokens, long outputTokens, Instant at) {
		String replacement = replacement(prompt.getOptions(), at);
		return CostCalculator.super.estimate((replacement != null) ? answeredBy(replacement, prompt) : prompt,
				inputTokens, outputTokens, at);
	}

	/**
	 * The model that answers in the place of a retired one, at its own price.
	 */
	private @Nullable String replacement(@Nullable ChatOptions options, Instant at) {
		String asked = (options != null) ? options.getModel() : null;
		GrokModel model = (asked != null) ? this.catalog.find(asked) : null;
		GrokModel.Retirement retirement = (model != null) ? model.retirement() : null;
		if (model == null || retirement == null || model.status() != GrokModel.Status.REDIRECTED) {
			return null;
		}
		boolean retired = retirement.on() == null
				|| !at.isBefore(retirement.on().atStartOfDay(ZoneOffset.UTC).toInstant());
		return retired ? retirement.replacement() : null;
	}

	private static Prompt answeredBy(String model, Prompt prompt) {
		ChatOptions options = prompt.getOptions();
		return (options != null) ? new Prompt(prompt.getInstructions(), options.mutate().model(model).build()) : prompt;
	}

}
