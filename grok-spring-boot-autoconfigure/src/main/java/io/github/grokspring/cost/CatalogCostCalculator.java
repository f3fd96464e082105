package io.github.grokspring.cost;

import java.time.Instant;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.chain.Ticks;

/**
 * {@link CostCalculator} that uses the prices of the model catalog.
 *
 * @param catalog the model catalog
 * @param baseConditions the price conditions of every request
 * @param toolFees the fees of server-side tools
 */
record CatalogCostCalculator(ModelCatalog catalog, PriceConditions baseConditions,
		ToolFees toolFees) implements CostCalculator {

	@Override
	public Cost price(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		GrokModel found = this.catalog.find(model);
		Prices prices = (found != null) ? found.pricesAt(at) : null;
		long context = (conditions.contextTokens() > 0) ? conditions.contextTokens() : tokens.prompt();
		Prices.TokenPrices token = (prices != null) ? prices.forPrompt(context) : null;
		if (prices == null || token == null) {
			return Cost.NONE;
		}
		long ticks = Ticks.times(tokens.input(), token.input());
		ticks = Ticks.plus(ticks, Ticks.times(tokens.cachedInput(), token.cachedInput()));
		ticks = Ticks.plus(ticks, Ticks.times(tokens.imageInput(), token.imageInput()));
		ticks = Ticks.plus(ticks, Ticks.times(tokens.billedOutput(), token.output()));
		ticks = Ticks.share(ticks, conditions.and(this.baseConditions).thousandths(prices.batchPercent()));
		return Cost.table(Ticks.plus(ticks, this.toolFees.of(tokens.serverToolCalls(), at)));
	}

}
