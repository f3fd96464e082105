package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;

import io.github.grokspring.cost.OnUnpriced;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of what calls cost.
 *
 * @param enabled Whether calls are priced; tokens are counted in any case
 * @param onUnpriced What is done about a model whose price is not known
 * @param driftWarning By how much the cost that xAI reports may differ from the table of
 * prices before a warning says so, in percent
 */
@ConfigurationProperties("grok.cost")
record GrokCostProperties(@DefaultValue("true") Boolean enabled, @DefaultValue("warn") OnUnpriced onUnpriced,
		@DefaultValue("1%") String driftWarning) {

	GrokCostProperties {
		driftWarning = StringUtils.hasText(driftWarning) ? driftWarning.strip() : "1%";
		Percentage.of("drift-warning", driftWarning);
	}

	/**
	 * The difference that is allowed.
	 * @return percents
	 */
	BigDecimal driftWarningPercent() {
		return Percentage.of("drift-warning", this.driftWarning);
	}

}
