package io.github.grokspring.cost;

import java.time.Instant;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Ticks;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Calculates the cost of tokens. A bean of this type replaces the price table; costs
 * reported by xAI still take precedence. Implementations must be thread-safe and must not
 * block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CostCalculator {

	/**
	 * Calculates the cost of a response.
	 * @param tokens the billed tokens
	 * @param model the id or alias of the model that responded
	 * @param at the time of the response
	 * @param conditions the conditions that affect the price
	 * @return the cost, {@link Cost#NONE} if the price of the model is unknown
	 */
	Cost price(TokenUsage tokens, String model, Instant at, PriceConditions conditions);

	/**
	 * Calculates the highest cost of a prompt before it is sent: without cached input and
	 * with the given number of output tokens for each requested choice. Runs of
	 * server-side tools are not included.
	 * @param prompt the prompt, with complete options
	 * @param inputTokens the estimated number of input tokens
	 * @param outputTokens the maximum number of output tokens per choice, including
	 * reasoning
	 * @param at the time of the request
	 * @return the cost, {@link Cost#NONE} if the price of the model is unknown
	 */
	default Cost estimate(Prompt prompt, long inputTokens, long outputTokens, Instant at) {
		ChatOptions options = prompt.getOptions();
		String model = (options != null) ? options.getModel() : null;
		if (model == null) {
			return Cost.NONE;
		}
		long output = outputTokens;
		@Nullable Object tier = null;
		if (options instanceof GrokChatOptions grok) {
			@Nullable Object answers = optionOrExtraBody(grok, grok.getN(), "n");
			output = (answers instanceof Number number && number.longValue() > 1)
					? Ticks.times(output, number.longValue()) : output;
			tier = optionOrExtraBody(grok, grok.getServiceTier(), "service_tier");
		}
		return price(new TokenUsage(inputTokens, 0, 0, output, 0, Map.of(), true), model, at,
				PriceConditions.ofTier(tier));
	}

	private static @Nullable Object optionOrExtraBody(GrokChatOptions options, @Nullable Object option, String name) {
		return (option != null) ? option : options.getExtraBody().get(name);
	}

	/**
	 * Creates a calculator that uses the prices of a catalog. Amounts are exact: each
	 * type of token is multiplied by its price; the sum is multiplied by two for the
	 * priority tier, by the batch discount of the model and by 1.1 for the US host, and
	 * rounded half up to a tick; tool fees are added last. If an amount does not fit into
	 * a {@code long}, the cost is {@link Long#MAX_VALUE}.
	 * @param catalog the catalog
	 * @param baseConditions the conditions of every request, combined with those of a
	 * single request
	 * @return a calculator that follows changes of the catalog
	 */
	static CostCalculator of(ModelCatalog catalog, PriceConditions baseConditions) {
		return of(catalog, baseConditions, Map.of());
	}

	/**
	 * Creates a calculator that estimates unknown prices: a model without a price costs
	 * as much as the most expensive model of its family or, if no price of the family is
	 * known, as the most expensive model with text output. These costs are
	 * {@linkplain Cost#estimated() estimated}.
	 * @param prices the calculator to ask first
	 * @param catalog provides the families of models
	 * @return a calculator that follows changes of both
	 */
	static CostCalculator estimating(CostCalculator prices, ModelCatalog catalog) {
		return new FamilyCostCalculator(prices, catalog);
	}

	/**
	 * Creates a calculator that uses the prices of a catalog and overrides fees of
	 * server-side tools.
	 * @param catalog the catalog
	 * @param baseConditions the conditions of every request, combined with those of a
	 * single request
	 * @param toolFees the fees in ticks per run by tool name, such as {@code web_search};
	 * case and punctuation of names are ignored
	 * @return a calculator that follows changes of the catalog
	 * @see #of(ModelCatalog, PriceConditions)
	 */
	static CostCalculator of(ModelCatalog catalog, PriceConditions baseConditions, Map<String, Long> toolFees) {
		return new CatalogCostCalculator(catalog, baseConditions, new ToolFees(catalog, toolFees));
	}

}
