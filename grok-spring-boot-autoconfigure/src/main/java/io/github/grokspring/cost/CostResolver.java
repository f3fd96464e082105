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
 * Decides what an answer costs: what xAI reports when it can be true, else the table of
 * prices. Says once for each model what a person should know about its price. Safe for
 * use by several threads.
 */
final class CostResolver {

	private static final Log logger = LogFactory.getLog(CostResolver.class);

	/** A report above this multiple of the table cannot be true. */
	private static final long ABSURDLY_MUCH = 1000;

	/** Nor can one below this part of it: the largest known discount is a fifth. */
	private static final long ABSURDLY_LITTLE = 100;

	/**
	 * The longest answer to the longest prompt of the dearest model costs less than a
	 * tenth of this.
	 */
	private static final long MOST = 1000 * Cost.TICKS_PER_USD;

	/** What xAI puts before every prompt without saying so; up to 690 were seen. */
	private static final long HIDDEN_PROMPT = 700;

	/** What xAI allows without a limit, and as much thinking as is hardly ever seen. */
	private static final long MOST_OUTPUT = 160_000;

	private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

	private final @Nullable CostCalculator prices;

	private final OnUnpriced onUnpriced;

	private final BigDecimal driftWarning;

	private final @Nullable FamilyPrices estimates;

	private final MeteringSettings metering;

	private final LargePromptReporter largePrompts;

	private final WarnOnce warnings = new WarnOnce();

	CostResolver(MeteringSettings metering) {
		this.prices = metering.prices();
		this.onUnpriced = metering.onUnpriced();
		this.driftWarning = metering.driftWarning();
		this.metering = metering;
		this.largePrompts = new LargePromptReporter(metering.catalog(), metering.largePrompt());
		this.estimates = (metering.prices() != null && metering.onUnpriced() != OnUnpriced.ZERO)
				? new FamilyPrices(metering.prices(), metering.catalog()) : null;
	}

	/**
	 * Look before a prompt is sent whether its model has a price.
	 * @throws UnpricedModelException if it has none and the application wants to be told
	 */
	void check(Prompt prompt) {
		if (this.onUnpriced != OnUnpriced.FAIL || this.prices == null) {
			return;
		}
		Cost cost = this.prices.estimate(prompt, 0, 0, this.metering.clock().instant());
		if (cost.source() == Cost.Source.NONE) {
			ChatOptions options = prompt.getOptions();
			throw new UnpricedModelException((options != null) ? String.valueOf(options.getModel()) : "");
		}
	}

	/**
	 * Settle the cost of an answer.
	 * @param tokens what it is billed by
	 * @param reported what xAI reported, or {@link XaiUsage#UNKNOWN}
	 * @param model the model that answered
	 * @param at when it answered
	 * @param conditions what changes the price
	 * @param worstCase what the answer was expected to cost at most, in ticks
	 * @return the cost, or {@code null} when only tokens are counted
	 */
	@Nullable Cost settle(TokenUsage tokens, long reported, String model, Instant at, PriceConditions conditions,
			LongSupplier worstCase) {
		if (this.prices == null) {
			return null;
		}
		Cost table = table(this.prices, tokens, model, at, conditions);
		boolean priced = table.source() != Cost.Source.NONE;
		if (reported <= 0) {
			return priced ? table : estimate(tokens, model, at, conditions);
		}
		if (!priced) {
			return (reported <= MOST) ? Cost.reported(reported, -1)
					: implausible(reported, estimate(tokens, model, at, conditions), model);
		}
		if (isFarFromEachOther(reported, table.ticks())) {
			long most = worstCase.getAsLong();
			return (reported <= most && table.ticks() > most) ? implausibleTokens(reported, table, model)
					: implausible(reported, table, model);
		}
		if (tokens.estimated()) {
			// An estimate says nothing about prices
			return Cost.reported(reported, -1);
		}
		watchDrift(reported, table.ticks(), model);
		return Cost.reported(reported, table.ticks());
	}

	private Cost estimate(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		if (this.estimates == null) {
			return Cost.NONE;
		}
		if (this.warnings.isFirst("price", model)) {
			String name = LogSanitizer.sanitize(model);
			logger.warn("The price of model '" + name + "' is not known and xAI reports no cost, so the highest known"
					+ " price of its family counts. Set 'grok.models[" + name + "].price'.");
		}
		return this.estimates.estimate(tokens, model, at, conditions);
	}

	/**
	 * Reports prompts that are large or have the long-context price.
	 */
	void reportLargePrompt(String client, String model, long tokens, Instant at) {
		this.largePrompts.report(client, model, tokens, at);
	}

	/**
	 * Warn about counts that the model cannot have read or written.
	 */
	void warnAboutTokens(TokenUsage tokens, String model) {
		if (this.warnings.isFirst("tokens", model)) {
			logger.warn("xAI counts " + tokens.prompt() + " tokens in the prompt and " + tokens.billedOutput()
					+ " in the answer of model '" + LogSanitizer.sanitize(model)
					+ "'. It can neither read nor write as many, so they are estimated instead. If it can, set"
					+ " 'grok.models[" + LogSanitizer.sanitize(model) + "].context-window'.");
		}
	}

	/**
	 * Whether one of the two amounts cannot be true.
	 */
	static boolean isFarFromEachOther(long reported, long table) {
		return table > 0 && (reported / ABSURDLY_MUCH > table || table / ABSURDLY_LITTLE > reported);
	}

	/**
	 * What a prompt is expected to cost at most where no budget says it.
	 */
	long worstCase(Prompt prompt, Instant at) {
		if (this.prices == null) {
			return Long.MAX_VALUE;
		}
		long input = HIDDEN_PROMPT + 2 * CharacterTokenEstimate.of(prompt);
		Cost cost = this.prices.estimate(prompt, input, MOST_OUTPUT, at);
		return (cost.source() != Cost.Source.NONE) ? cost.ticks() : Long.MAX_VALUE;
	}

	private Cost implausibleTokens(long reported, Cost table, String model) {
		if (this.warnings.isFirst("table", model)) {
			logger.warn("The tokens that xAI counts for an answer of model '" + LogSanitizer.sanitize(model) + "' cost "
					+ usd(table.ticks()) + " by the table of prices, more than such a call can cost. xAI reports "
					+ usd(reported) + ", which counts.");
		}
		return Cost.reported(reported, table.ticks());
	}

	private Cost implausible(long reported, Cost table, String model) {
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
	 * How much more an answer would have cost without the cache of xAI.
	 * @param tokens what it is billed by
	 * @param model the model that answered
	 * @param at when it answered
	 * @param conditions what changes the price
	 * @return the difference in ticks
	 */
	long savedByCache(TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
		if (this.prices == null || tokens.cachedInput() == 0) {
			return 0;
		}
		return Math.max(0, table(this.prices, tokens.uncached(), model, at, conditions).ticks()
				- table(this.prices, tokens, model, at, conditions).ticks());
	}

	// The answer is there and paid for, so a calculator that fails must not take it away.
	private Cost table(CostCalculator prices, TokenUsage tokens, String model, Instant at, PriceConditions conditions) {
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

	private void watchDrift(long reported, long table, String model) {
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
