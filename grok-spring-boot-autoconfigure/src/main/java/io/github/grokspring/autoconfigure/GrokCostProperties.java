package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

import io.github.grokspring.cost.OnUnpriced;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of cost calculation.
 *
 * @param enabled Whether to calculate the cost of calls. Tokens are counted in any case.
 * @param onUnpriced Action to take when the price of a model is unknown.
 * @param driftWarning Percentage by which the cost reported by xAI may differ from the
 * calculated cost before a warning is logged.
 * @param toolFees Fees for server-side tool calls, in US dollars per 1,000 calls, by
 * tool.
 * @param largePrompt Number of tokens from which the first large prompt of each client is
 * logged. Zero to log none.
 */
@ConfigurationProperties("grok.cost")
record GrokCostProperties(@DefaultValue("true") Boolean enabled, @DefaultValue("warn") OnUnpriced onUnpriced,
		@DefaultValue("1%") String driftWarning, @DefaultValue Map<String, BigDecimal> toolFees,
		@DefaultValue("20000") Integer largePrompt) {

	private static final int TICKS_OF_A_DOLLAR_PER_THOUSAND = 7;

	private static final BigDecimal MAX_FEE = new BigDecimal(1_000_000);

	GrokCostProperties {
		driftWarning = StringUtils.hasText(driftWarning) ? driftWarning.strip() : "1%";
		Percentage.of("drift-warning", driftWarning);
		toolFees.forEach(GrokCostProperties::ticks);
		if (largePrompt < 0) {
			throw new GrokConfigurationException("large-prompt", "is " + largePrompt + " but must not be negative",
					"Set the property to a number of tokens, for example 20000, or to 0 to log no large prompts.");
		}
	}

	/**
	 * Returns the fees for server-side tool calls.
	 * @return the fees in ticks per call, by tool
	 */
	Map<String, Long> toolFeeTicks() {
		Map<String, Long> ticks = new HashMap<>();
		this.toolFees.forEach((tool, fee) -> ticks.put(tool, ticks(tool, fee)));
		return ticks;
	}

	private static long ticks(String tool, BigDecimal fee) {
		if (fee.signum() < 0 || fee.compareTo(MAX_FEE) > 0
				|| (fee.signum() != 0 && fee.stripTrailingZeros().scale() > TICKS_OF_A_DOLLAR_PER_THOUSAND)) {
			throw new GrokConfigurationException("tool-fees." + tool,
					"is " + fee.toPlainString() + " but must be between 0 and " + MAX_FEE.toPlainString()
							+ ", with at most " + TICKS_OF_A_DOLLAR_PER_THOUSAND + " decimal places",
					"Set the property to an amount in US dollars per 1,000 calls, for example 5.00.");
		}
		return fee.movePointRight(TICKS_OF_A_DOLLAR_PER_THOUSAND).longValueExact();
	}

	/**
	 * Returns the difference that is tolerated without a warning.
	 * @return the difference, in percent
	 */
	BigDecimal driftWarningPercent() {
		return Percentage.of("drift-warning", this.driftWarning);
	}

}
