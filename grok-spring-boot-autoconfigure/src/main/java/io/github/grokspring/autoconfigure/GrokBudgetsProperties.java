package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.OnExceeded;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of budgets.
 *
 * @param budgets Spending limits, by name.
 */
@ConfigurationProperties("grok")
record GrokBudgetsProperties(@DefaultValue Map<String, Entry> budgets) {

	GrokBudgetsProperties {
		budgets = Map.copyOf(budgets);
	}

	/**
	 * Properties of one budget.
	 *
	 * @param limit Maximum amount that can be spent per window, in US dollars.
	 * @param window Period after which the budget resets.
	 * @param zone Time zone of the start of hours, days and months.
	 * @param scope Dimension that the limit applies to.
	 * @param warnAt Comma-separated list of percentages of the limit at which an event is
	 * published.
	 * @param onExceeded Action to take when the budget does not cover a call.
	 * @param downgradeModel Cheaper model to use when the budget does not cover the
	 * requested one.
	 * @param downgradeAt Percentage of the limit from which calls use the downgrade
	 * model. The rest of the limit is left for that model.
	 */
	record Entry(@Nullable BigDecimal limit, @DefaultValue("day") BudgetWindow window, @DefaultValue("UTC") ZoneId zone,
			@DefaultValue("all") BudgetScope scope, @DefaultValue("80%") List<String> warnAt,
			@DefaultValue("fail") OnExceeded onExceeded, @Nullable String downgradeModel,
			@DefaultValue("80%") String downgradeAt) {

		private static final BigDecimal HIGHEST = new BigDecimal("100000000");

		private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

		Entry {
			warnAt = warnAt.stream().map(String::strip).toList();
			downgradeModel = StringUtils.hasText(downgradeModel) ? downgradeModel.strip() : null;
			requireAmount("limit", limit);
			warnAt.forEach((text) -> percent("warn-at", text));
			percent("downgrade-at", downgradeAt);
			if (onExceeded == OnExceeded.DOWNGRADE && downgradeModel == null) {
				throw new GrokConfigurationException("downgrade-model", "is not set, but 'on-exceeded' is 'downgrade'",
						"Set the property to the id of a cheaper model, for example grok-4.3, or change 'on-exceeded'.");
			}
			if (onExceeded != OnExceeded.DOWNGRADE && downgradeModel != null) {
				throw new GrokConfigurationException("downgrade-model",
						"is '" + downgradeModel + "', but 'on-exceeded' is not 'downgrade'",
						"Set 'on-exceeded' to 'downgrade', or remove the property.");
			}
		}

		/**
		 * Checks an amount in US dollars.
		 * @param property the name of the property
		 * @param usd the amount
		 * @throws GrokConfigurationException if it is missing or out of range
		 */
		static void requireAmount(String property, @Nullable BigDecimal usd) {
			if (usd == null) {
				throw new GrokConfigurationException(property, "is not set",
						"Set the property to an amount in US dollars, for example 50.00.");
			}
			if (usd.signum() <= 0 || usd.compareTo(HIGHEST) > 0) {
				throw new GrokConfigurationException(property,
						"is " + usd.toPlainString() + " but must be greater than 0 and at most "
								+ HIGHEST.toPlainString(),
						"Set the property to an amount in US dollars, for example 50.00.");
			}
			if (usd.stripTrailingZeros().scale() > 10) {
				throw new GrokConfigurationException(property,
						"is " + usd.toPlainString() + " but must have at most ten decimal places",
						"Set the property to an amount in US dollars, for example 50.00.");
			}
		}

		private static int percent(String property, String text) {
			BigDecimal percent = Percentage.of(property, text);
			if (percent.signum() <= 0 || percent.compareTo(HUNDRED) > 0 || percent.stripTrailingZeros().scale() > 0) {
				throw new GrokConfigurationException(property,
						"contains '" + text + "', which is not a whole percentage between 1% and 100%",
						"Set the property to percentages of the limit, for example 50%, 80%.");
			}
			return percent.intValueExact();
		}

		/**
		 * Creates the budget.
		 * @param name its name
		 * @return the budget
		 */
		Budget named(String name) {
			BigDecimal limit = this.limit;
			if (limit == null) {
				throw new IllegalStateException("'limit' must not be null");
			}
			return new Budget(name, Budget.ticks(limit), this.window, this.zone, this.scope,
					this.warnAt.stream().map((text) -> percent("warn-at", text)).toList(), this.onExceeded,
					this.downgradeModel, percent("downgrade-at", this.downgradeAt));
		}

	}

}
