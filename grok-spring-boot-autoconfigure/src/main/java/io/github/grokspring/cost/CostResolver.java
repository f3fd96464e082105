package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.function.LongSupplier;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.chain.WarnOnce;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Resolves the cost of a response: the cost reported by xAI if it is plausible, otherwise
 * the cost according to the price table. Warns once per model about pricing problems.
 * Thread-safe.
 */
final class CostResolver {

	private static final Log logger = LogFactory.getLog(CostResolver.class);

	/** A reported cost above this multiple of the table cost is implausible. */
	private static final long MAX_FACTOR_ABOVE_TABLE = 1000;

	/**
	 * A reported cost below this fraction of the table cost is implausible; the largest
	 * known discount leaves a fifth.
	 */
	private static final long MAX_FACTOR_BELOW_TABLE = 100;

	/**
	 * More than ten times the cost of the longest response to the longest prompt of the
	 * most expensive model.
	 */
	private static final long MAX_REPORTED = 1000 * Cost.TICKS_PER_USD;

	/** Tokens that xAI prepends to every prompt; up to 690 have been observed. */
	private static final long HIDDEN_PROMPT_TOKENS = 700;

	/** The default output limit of xAI plus a rarely exceeded amount of reasoning. */
	private static final long MAX_OUTPUT_TOKENS = 160_000;

	private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

	private final @Nullable CostCalculator prices;

	private final OnUnpriced onUnpriced;

	private final BigDecimal driftWarning;

	private final @Nullable FamilyCostCalculator familyPrices;

	private final MeteringSettings settings;

	private final LargePromptReporter largePrompts;

	private final WarnOnce warnings = new WarnOnce();

	CostResolver(MeteringSettings metering) {
		this.prices = metering.prices();
		this.onUnpriced = metering.onUnpriced();
		this.driftWarning = metering.driftWarning();
		this.settings = metering;
		this.largePrompts = new LargePromptReporter(metering.catalog(), metering.largePrompt());
		this.familyPrices = (metering.prices() != null && metering.onUnpriced() != OnUnpriced.ZERO)
				? new FamilyCostCalculator(metering.prices(), metering.catalog()) : null;
	}

	/**
	 * Checks that the price of the model is known, if required.
	 * @throws UnpricedModelException if the price is unknown and {@link OnUnpriced#FAIL}
	 * is set
	 */
	void requirePrice(Prompt prompt) {
		if (this.onUnpriced != OnUnpriced.FAIL || this.prices == null) {
			return;
		}
		Cost cost = this.prices.estimate(prompt, 0, 0, this.settings.clock().instant());
		if (cost.source() == Cost.Source.NONE) {
			ChatOptions options = prompt.getOptions();
			throw new UnpricedModelException((options != null) ? String.valueOf(options.getModel()) : "");
		}
	}

	/**
	 * Resolves the cost of a response.
	 * @param tokens the billed tokens
	 * @param reported the cost reported by xAI in ticks, or {@link XaiUsage#UNKNOWN}
	 * @param model the model that responded
	 * @param at the time of the response
	 * @param conditions the conditions that affect the price
	 * @param worstCase supplies the highest expected cost in ticks
	 * @return the cost, or {@code null} if only tokens are counted
	 */
	@Nullable Cost resolve(TokenUsage tokens, long reported, String model, Instant at, PriceConditions conditions,
			LongSupplier worstCase) {
		if (this.prices == null) {
			return null;
		}
		Cost table = tableCost(this.prices, tokens, model, at, conditions);
		boolean priced = table.source() != Cost.Source.NONE;
		if (reported <= 0) {
			return priced ? table : estimate(tokens, model, at, conditions);
		}
		if (!priced) {
			return (reported <= MAX_REPORTED) ? Cost.reported(reported, -1)
					: rejectReport(reported, estimate(tokens, model, at, conditions), model);
		}
		if (isImplausible(reported, table.ticks())) {
			long most = worstCase.getAsLong();
			return (reported <= most && table.ticks() > most) ? rejectTokens(reported, table, model)
					: rejectReport(reported, table, model);
		}
		if (tokens.estimated()) {
			// Estimated tokens cannot be used to check prices
			return Cost.reported(reported, -1);
		}
		warnAboutDrift(reported, table.ticks(), model);
		return Cost.reported(reported, table.ticks());
	}

	private Cost estimate(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		if (this.familyPrices == null) {
			return Cost.NONE;
		}
		if (this.warnings.isFirst("price", model)) {
			String name = LogSanitizer.sanitize(model);
			logger.warn("The price of model '" + name + "' is not known and xAI reports no cost, so the highest known"
					+ " price of its family counts. Set 'grok.models[" + name + "].price'.");
		}
		return this.familyPrices.estimate(tokens, model, at, conditions);
	}

	void reportLargePrompt(String client, String model, long tokens, Instant at) {
		this.largePrompts.report(client, model, tokens, at);
	}

	void warnAboutTokens(TokenUsage tokens, String model) {
		if (this.warnings.isFirst("tokens", model)) {
			logger.warn("xAI counts " + tokens.prompt() + " tokens in the prompt and " + tokens.billedOutput()
					+ " in the answer of model '" + LogSanitizer.sanitize(model)
					+ "'. It can neither read nor write as many, so they are estimated instead. If it can, set"
					+ " 'grok.models[" + LogSanitizer.sanitize(model) + "].context-window'.");
		}
	}

	static boolean isImplausible(long reported, long table) {
		return table > 0 && (reported / MAX_FACTOR_ABOVE_TABLE > table || table / MAX_FACTOR_BELOW_TABLE > reported);
	}

	/**
	 * Returns the highest expected cost of a prompt that no budget has estimated.
	 */
	long worstCase(Prompt prompt, Instant at) {
		if (this.prices == null) {
			return Long.MAX_VALUE;
		}
		long input = HIDDEN_PROMPT_TOKENS + 2 * CharacterTokenEstimate.of(prompt);
		Cost cost = this.prices.estimate(prompt, input, MAX_OUTPUT_TOKENS, at);
		return (cost.source() != Cost.Source.NONE) ? cost.ticks() : Long.MAX_VALUE;
	}

	private Cost rejectTokens(long reported, Cost table, String model) {
		if (this.warnings.isFirst("table", model)) {
			logger.warn("The tokens that xAI counts for an answer of model '" + LogSanitizer.sanitize(model) + "' cost "
					+ usd(table.ticks()) + " by the table of prices, more than such a call can cost. xAI reports "
					+ usd(reported) + ", which counts.");
		}
		return Cost.reported(reported, table.ticks());
	}

	private Cost rejectReport(long reported, Cost table, String model) {
		if (this.warnings.isFirst("report", model)) {
			String name = LogSanitizer.sanitize(model);
			String counts = (table.source() != Cost.Source.NONE && !table.estimated())
					? " that costs " + usd(table.ticks())
							+ " by the table of prices. That cannot be true, so the table counts."
					: ", whose price is not known. That cannot be true, so " + (table.estimated()
							? "the highest known price of its family counts" : "its answers count as free")
							+ ". Set 'grok.models[" + name + "].price'.";
			logger.warn("xAI reports " + usd(reported) + " for an answer of model '" + name + "'" + counts);
		}
		return table;
	}

	/**
	 * Returns the amount in ticks that the prompt cache of xAI has saved.
	 */
	long savedByCache(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		if (this.prices == null || tokens.cachedInput() == 0) {
			return 0;
		}
		return Math.max(0, tableCost(this.prices, tokens.uncached(), model, at, conditions).ticks()
				- tableCost(this.prices, tokens, model, at, conditions).ticks());
	}

	// The response has been paid for, so a failing calculator must not discard it
	private Cost tableCost(CostCalculator prices, TokenUsage tokens, String model, Instant at,
			PriceConditions conditions) {
		try {
			return prices.price(tokens, model, at, conditions);
		}
		catch (Throwable ex) {
			if (this.warnings.isFirst("calculator", model)) {
				logger.warn("The cost calculator of type " + prices.getClass().getName() + " failed on model '"
						+ LogSanitizer.sanitize(model) + "', whose answers have no price therefore", ex);
			}
			return Cost.NONE;
		}
	}

	private void warnAboutDrift(long reported, long table, String model) {
		if (reported == table || table == 0) {
			return;
		}
		BigDecimal drift = BigDecimal.valueOf(reported)
			.subtract(BigDecimal.valueOf(table))
			.multiply(HUNDRED)
			.divide(BigDecimal.valueOf(table), 2, RoundingMode.HALF_UP);
		if (drift.abs().compareTo(this.driftWarning) > 0 && this.warnings.isFirst("drift", model)) {
			String name = LogSanitizer.sanitize(model);
			logger.warn("xAI reports " + usd(reported) + " for an answer of model '" + name + "' that costs "
					+ usd(table) + " by the table of prices, " + drift + " % off. What xAI reports counts. The prices"
					+ " may have changed: set 'grok.models[" + name + "].price' or 'grok.catalog.refresh'.");
		}
	}

	private static String usd(long ticks) {
		return "$" + UsdFormat.format(ticks);
	}

}
