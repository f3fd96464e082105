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
 * Holds budgets against what else is configured.
 *
 * @param catalog the models that there are
 * @param grok the named clients
 * @param chat the default client
 * @param host the host of the base URL
 */
record BudgetChecks(ModelCatalog catalog, GrokProperties grok, GrokChatProperties chat, @Nullable String host) {

	private static final Log logger = LogFactory.getLog(BudgetChecks.class);

	/**
	 * Say which clients may pass a budget: a thing to know before it happens, where a
	 * budget refuses anything and nobody has said what a call may cost.
	 * @param budgets the budgets
	 * @param ceiling what is reserved for a call that nothing limits, if that is set
	 */
	void sayWhatIsNotLimited(List<Budget> budgets, @Nullable BigDecimal ceiling) {
		if (ceiling != null || budgets.stream().allMatch((budget) -> budget.onExceeded() == OnExceeded.WARN)) {
			return;
		}
		List<String> unlimited = clients().filter((client) -> client.chat().maxTokens() == null)
			.map(GrokClientSettings::name)
			.toList();
		if (!unlimited.isEmpty()) {
			logger.warn("There are budgets, but nothing limits how long answers of "
					+ ((unlimited.size() == 1) ? "client " : "clients ") + String.join(", ", unlimited)
					+ " may be. Such a call reserves a tenth of a limit and may cost more. Set"
					+ " 'grok.chat.max-tokens' or, to reserve another amount, 'grok.budget.ceiling'.");
		}
	}

	static void requireCost(GrokCostProperties cost) {
		if (!cost.enabled()) {
			throw new GrokConfigurationException("grok.cost.enabled", "is false, but there are budgets",
					"Remove the property, because without prices nobody knows what is spent, or remove 'grok.budgets'.");
		}
	}

	static void requireLeaseLongerThan(Duration callTimeout, Duration lease) {
		if (lease.compareTo(callTimeout) <= 0) {
			throw new GrokConfigurationException("grok.budget.lease",
					"is " + lease.toSeconds() + " s but must be longer than 'grok.http.call-timeout', which is "
							+ callTimeout.toSeconds() + " s",
					"Write a longer duration, so that no reservation is given back while its call is under way.");
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
			throw new GrokConfigurationException(property, "is '" + model + "', which is no known model",
					(similar.isEmpty() ? "Write the id of a model"
							: "Write the id of a model, such as " + String.join(", ", similar))
							+ ", or describe the model below 'grok.models'.");
		}
		GrokModel target = this.catalog.get(model);
		if (target.status() != GrokModel.Status.CURRENT) {
			throw new GrokConfigurationException(property, "is '" + model + "', which xAI has retired",
					"Write the id of a current model, or another value for 'on-exceeded'.");
		}
		RegionalHost.requireServed(property, model, this.catalog, this.host);
		List<String> wanted = wantedModels();
		List<String> notDearer = wanted.stream()
			.filter((other) -> !this.catalog.resolve(other).id().equals(target.id()) && !isCheaper(model, other))
			.toList();
		if (!notDearer.isEmpty() && notDearer.size() < wanted.size()) {
			logger
				.warn("'" + property + "' is '" + model + "', which is not cheaper than " + String.join(", ", notDearer)
						+ ". Calls of those models are not downgraded, and fail when there is no room for them.");
		}
		if (wanted.stream().noneMatch((dearer) -> isCheaper(model, dearer))) {
			throw new GrokConfigurationException(property,
					"is '" + model + "', which is not cheaper than the models of the clients ("
							+ String.join(", ", wanted) + ")",
					"Write the id of a cheaper model, or another value for 'on-exceeded'.");
		}
	}

	private List<String> wantedModels() {
		return clients().map(BudgetChecks::model).distinct().toList();
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
	 * By as many tokens of output as of input, as budgets do it.
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
