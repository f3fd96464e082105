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
 * Knows what tokens cost. A bean of this type takes the place of the table of prices;
 * what xAI reports with an answer still goes before it. Implementations do not block and
 * are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CostCalculator {

	/**
	 * What an answer costs.
	 * @param tokens what it is billed by
	 * @param model the model that answered, an id or an alias
	 * @param at when it answered
	 * @param conditions what changes the price
	 * @return the cost, {@link Cost#NONE} when the price of the model is not known
	 */
	Cost price(TokenUsage tokens, String model, Instant at, PriceConditions conditions);

	/**
	 * The most that a prompt may cost, before it is sent: nothing in the cache, and as
	 * many tokens written as are allowed in each of the answers that are asked for. Runs
	 * of xAI's own tools are not in it.
	 * @param prompt the prompt, with complete options
	 * @param inputTokens how many tokens it probably has
	 * @param outputTokens how many tokens an answer may have, reasoning included
	 * @param at when it is sent
	 * @return the cost, {@link Cost#NONE} when the price of the model is not known
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
			@Nullable Object answers = given(grok, grok.getN(), "n");
			output = (answers instanceof Number number && number.longValue() > 1)
					? Ticks.times(output, number.longValue()) : output;
			tier = given(grok, grok.getServiceTier(), "service_tier");
		}
		return price(new TokenUsage(inputTokens, 0, 0, output, 0, Map.of(), true), model, at,
				PriceConditions.ofTier(tier));
	}

	/**
	 * What a request says: the option or, when it is not set, what the extra body has.
	 */
	private static @Nullable Object given(GrokChatOptions options, @Nullable Object option, String name) {
		return (option != null) ? option : options.getExtraBody().get(name);
	}

	/**
	 * Prices by a catalogue. They are exact: each type of token is multiplied by its
	 * price, the sum by two for the priority tier, by the discount of the model for a
	 * batch and by 1.1 for the host in the US; the result is rounded to the nearest tick,
	 * half a tick up, and fees of tools are added. When an amount on the way does not fit
	 * into a {@code long}, the cost is {@link Long#MAX_VALUE}.
	 * @param catalog the catalogue
	 * @param always conditions of every request, to which those of a single one are added
	 * @return a calculator that follows the catalogue as it changes
	 */
	static CostCalculator of(ModelCatalog catalog, PriceConditions always) {
		return of(catalog, always, Map.of());
	}

	/**
	 * Prices that are never missing as long as any price is known: a model without price
	 * costs as much as the most expensive one of its family or, where the family has no
	 * price, as the most expensive one that writes text. Such costs are
	 * {@linkplain Cost#estimated() estimated}.
	 * @param prices knows what tokens cost
	 * @param catalog knows the families
	 * @return a calculator that follows both as they change
	 */
	static CostCalculator estimating(CostCalculator prices, ModelCatalog catalog) {
		return new FamilyPrices(prices, catalog);
	}

	/**
	 * Prices by a catalogue, with fees for runs of server-side tools that go before those
	 * of the catalogue.
	 * @param catalog the catalogue
	 * @param always conditions of every request, to which those of a single one are added
	 * @param toolFees fees in ticks per run, by the name of the tool, such as
	 * {@code web_search}; case and punctuation of names do not matter
	 * @return a calculator that follows the catalogue as it changes
	 * @see #of(ModelCatalog, PriceConditions)
	 */
	static CostCalculator of(ModelCatalog catalog, PriceConditions always, Map<String, Long> toolFees) {
		return new CatalogPrices(catalog, always, new ToolFees(catalog, toolFees));
	}

}
