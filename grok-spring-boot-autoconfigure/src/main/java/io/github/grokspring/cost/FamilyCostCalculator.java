package io.github.grokspring.cost;

import java.time.Instant;
import java.util.Collection;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link CostCalculator} that falls back to the highest known price of the model family
 * or, if there is none, of all models with text output.
 *
 * @param prices the calculator to ask first
 * @param catalog provides the families of models
 */
record FamilyCostCalculator(CostCalculator prices, ModelCatalog catalog) implements CostCalculator {

	private static final Log logger = LogFactory.getLog(FamilyCostCalculator.class);

	private static final String TEXT = "text";

	@Override
	public Cost price(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		Cost cost = this.prices.price(tokens, model, at, conditions);
		return (cost.source() != Cost.Source.NONE) ? cost : estimate(tokens, model, at, conditions);
	}

	/**
	 * Returns the estimated cost, {@link Cost#NONE} if no price is known.
	 */
	Cost estimate(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		Cost ofFamily = highest(this.catalog.family(model), tokens, at, conditions);
		return (ofFamily.source() != Cost.Source.NONE) ? ofFamily
				: highest(this.catalog.models(), tokens, at, conditions);
	}

	private Cost highest(Collection<GrokModel> models, TokenUsage tokens, Instant at, PriceConditions conditions) {
		Cost highest = Cost.NONE;
		for (GrokModel model : models) {
			if (model.outputModalities().isEmpty() || model.outputModalities().contains(TEXT)) {
				Cost cost = priceOrCatalogPrice(tokens, model.id(), at, conditions);
				if (cost.source() != Cost.Source.NONE && cost.ticks() >= highest.ticks()) {
					highest = Cost.estimated(cost.ticks());
				}
			}
		}
		return highest;
	}

	/**
	 * A calculator provided by the application may fail or not support every model of the
	 * catalog.
	 */
	private Cost priceOrCatalogPrice(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		Cost cost = Cost.NONE;
		try {
			cost = this.prices.price(tokens, model, at, conditions);
		}
		catch (Throwable ex) {
			logger.debug("The cost calculator failed on model '" + model + "'", ex);
		}
		return (cost.source() != Cost.Source.NONE) ? cost
				: CostCalculator.of(this.catalog, PriceConditions.STANDARD).price(tokens, model, at, conditions);
	}

}
