package io.github.grokspring.cost;

import java.time.Instant;
import java.util.Collection;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Estimates what a model costs whose price is not known: by the highest price that is
 * known of its family or, without one, of all models that write text.
 *
 * @param prices knows what tokens cost
 * @param catalog knows the families
 */
record FamilyPrices(CostCalculator prices, ModelCatalog catalog) implements CostCalculator {

	private static final Log logger = LogFactory.getLog(FamilyPrices.class);

	private static final String TEXT = "text";

	@Override
	public Cost price(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		Cost cost = this.prices.price(tokens, model, at, conditions);
		return (cost.source() != Cost.Source.NONE) ? cost : estimate(tokens, model, at, conditions);
	}

	/**
	 * Returns the estimated cost.
	 * @return the cost, {@link Cost#NONE} if no price at all is known
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
				Cost cost = known(tokens, model.id(), at, conditions);
				if (cost.source() != Cost.Source.NONE && cost.ticks() >= highest.ticks()) {
					highest = Cost.estimated(cost.ticks());
				}
			}
		}
		return highest;
	}

	/**
	 * A calculator of the application may fail or not know a model of the catalogue.
	 */
	private Cost known(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
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
