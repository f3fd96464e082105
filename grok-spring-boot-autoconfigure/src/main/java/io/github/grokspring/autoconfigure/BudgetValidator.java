package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.OnExceeded;
import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Validates budgets against the other properties.
 *
 * @param catalog the models
 * @param grok the named clients
 * @param chat the default client
 * @param host the host of the base URL
 */
record BudgetValidator(ModelCatalog catalog, GrokProperties grok, GrokChatProperties chat, @Nullable String host) {

	private static final Log logger = LogFactory.getLog(BudgetValidator.class);

	/**
	 * Logs a warning about clients whose calls can exceed a budget that rejects calls,
	 * because neither their output nor the reserved amount is limited.
	 * @param budgets the budgets
	 * @param ceiling the amount reserved for a call with unlimited output, if it is set
	 */
	void warnAboutUnlimitedClients(List<Budget> budgets, @Nullable BigDecimal ceiling) {
		if (ceiling != null || budgets.stream().allMatch((budget) -> budget.onExceeded() == OnExceeded.WARN)) {
			return;
		}
		List<String> unlimited = clients().filter((client) -> client.chat().maxTokens() == null)
			.map(GrokClientSettings::name)
			.toList();
		if (!unlimited.isEmpty()) {
			logger.warn("Budgets are configured, but the output of "
					+ ((unlimited.size() == 1) ? "client " : "clients ") + String.join(", ", unlimited)
					+ " is unlimited. Each of these calls reserves a tenth of a limit and may cost more. Set"
					+ " 'grok.chat.max-tokens' or, to reserve another amount, 'grok.budget.ceiling'.");
		}
	}

	static void requireCost(GrokCostProperties cost) {
		if (!cost.enabled()) {
			throw new GrokConfigurationException("grok.cost.enabled", "is 'false', but budgets are configured",
					"Remove the property, because budgets require the cost of calls, or remove 'grok.budgets'.");
		}
	}

	static void requireLeaseLongerThan(Duration callTimeout, Duration lease) {
		if (lease.compareTo(callTimeout) <= 0) {
			throw new GrokConfigurationException("grok.budget.lease",
					"is " + lease.toSeconds() + " s but must be longer than 'grok.http.call-timeout', which is "
							+ callTimeout.toSeconds() + " s",
					"Set the property to a longer duration, so that reservations do not expire during their calls.");
		}
	}

	void requireCheaperModels(List<Budget> budgets) {
		for (Budget budget : budgets) {
			String model = budget.downgradeModel();
			if (model != null) {
				requireCheaper("grok.budgets." + budget.name() + ".downgrade-model", model);
			}
		}
	}

	private void requireCheaper(String property, String model) {
		if (this.catalog.find(model) == null) {
			List<String> similar = this.catalog.similar(model);
			throw new GrokConfigurationException(property, "is '" + model + "', which is not a known model",
					"Set the property to the id of a known model"
							+ (similar.isEmpty() ? "" : ", for example " + String.join(", ", similar))
							+ ", or add the model to 'grok.models'.");
		}
		GrokModel target = this.catalog.get(model);
		if (target.status() != GrokModel.Status.CURRENT) {
			throw new GrokConfigurationException(property, "is '" + model + "', which xAI has retired",
					"Set the property to the id of a current model, or change 'on-exceeded'.");
		}
		RegionalHost.requireServed(property, model, this.catalog, this.host);
		List<String> wanted = wantedModels();
		List<String> notDearer = wanted.stream()
			.filter((other) -> !this.catalog.resolve(other).id().equals(target.id()) && !isCheaper(model, other))
			.toList();
		if (!notDearer.isEmpty() && notDearer.size() < wanted.size()) {
			logger
				.warn("'" + property + "' is '" + model + "', which is not cheaper than " + String.join(", ", notDearer)
						+ ". Calls to these models are not downgraded and fail when the budget does not cover them.");
		}
		if (wanted.stream().noneMatch((dearer) -> isCheaper(model, dearer))) {
			throw new GrokConfigurationException(property,
					"is '" + model + "', which is not cheaper than the models of the clients ("
							+ String.join(", ", wanted) + ")",
					"Set the property to the id of a cheaper model, or change 'on-exceeded'.");
		}
	}

	private List<String> wantedModels() {
		return clients().map(BudgetValidator::model).distinct().toList();
	}

	private Stream<GrokClientSettings> clients() {
		return Stream.concat(Stream.of(GrokClientSettings.ofDefault(this.chat)),
				this.grok.clients()
					.entrySet()
					.stream()
					.map((client) -> GrokClientSettings.ofNamed(client.getKey(), client.getValue(), this.chat)));
	}

	private static String model(GrokClientSettings client) {
		return String.valueOf(client.chat().model());
	}

	/**
	 * Compares prices for the same number of input and output tokens, as budgets do.
	 */
	private boolean isCheaper(String cheap, String dear) {
		Prices.TokenPrices less = prices(cheap);
		Prices.TokenPrices more = prices(dear);
		return less != null && (more == null || less.input() + less.output() < more.input() + more.output());
	}

	private Prices.@Nullable TokenPrices prices(String name) {
		Instant now = Clock.systemUTC().instant();
		GrokModel model = this.catalog.find(name);
		Prices prices = (model != null) ? model.pricesAt(now) : null;
		return (prices != null) ? prices.tokens() : null;
	}

}
