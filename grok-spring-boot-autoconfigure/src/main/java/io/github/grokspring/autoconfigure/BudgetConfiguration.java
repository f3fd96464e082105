package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetChatModel;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator;
import io.github.grokspring.budget.LedgerInUseException;
import io.github.grokspring.budget.LedgerSettings;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.TenantChatModel;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.event.BudgetExceeded;
import io.github.grokspring.event.BudgetThresholdReached;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.token.PromptTokenEstimator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of budgets.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ GrokBudgetsProperties.class, GrokBudgetStoreProperties.class })
class BudgetConfiguration {

	private static final String FILE = "grok.budget.file";

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(BudgetStore.class)
	BudgetStore grokBudgetStore(GrokBudgetsProperties budgets, GrokBudgetStoreProperties properties) {
		String file = properties.file();
		if (file == null || properties.store() == GrokBudgetStoreProperties.Store.MEMORY
				|| budgets.budgets().isEmpty()) {
			return BudgetStore.inMemory(Clock.systemUTC());
		}
		try {
			return BudgetStore.file(new LedgerSettings(Path.of(file), properties.fsync(), properties.onWriteFailure()),
					Clock.systemUTC());
		}
		catch (LedgerInUseException ex) {
			throw new GrokConfigurationException(FILE,
					"is '" + file + "', which another process or application context already uses",
					"Set the property to a different file for each instance, or stop the other one. To share budgets"
							+ " between instances, define a BudgetStore bean with a shared store.");
		}
		catch (IOException | InvalidPathException ex) {
			throw new GrokConfigurationException(FILE,
					"is '" + file + "', which cannot be used as a ledger (" + reason(ex) + ")",
					"Set the property to the path of a file that this application can write. If the file is damaged,"
							+ " restore it from a backup, or move it away to start with an empty ledger.");
		}
	}

	private static String reason(Exception ex) {
		String reason = (ex instanceof FileSystemException failure) ? failure.getReason() : null;
		return (reason != null) ? reason : ex.getClass().getSimpleName() + ": " + ex.getMessage();
	}

	// Listeners may depend on the budgets, so they are resolved lazily
	@Bean
	@ConditionalOnMissingBean(Budgets.class)
	Budgets grokBudgets(GrokBudgetsProperties budgets, GrokBudgetStoreProperties properties, BudgetStore store,
			ObjectProvider<GrokEventPublisher> events, ObjectProvider<ModelCatalog> catalog, GrokHttpProperties http,
			GrokCostProperties cost, GrokProperties grok, GrokChatProperties chat,
			GrokConnectionDetails connectionDetails) {
		List<Budget> configured = budgets.budgets()
			.entrySet()
			.stream()
			.map((entry) -> entry.getValue().named(entry.getKey()))
			.sorted(Comparator.comparing(Budget::name))
			.toList();
		if (!configured.isEmpty()) {
			BudgetValidator.requireCost(cost);
			BudgetValidator.requireLeaseLongerThan(http.callTimeout(), properties.lease());
			BudgetValidator checks = new BudgetValidator(catalog.getIfUnique(ModelCatalog::bundled), grok, chat,
					BaseUrl.of(connectionDetails.getBaseUrl()).host());
			checks.requireCheaperModels(configured);
			checks.warnAboutUnlimitedClients(configured, properties.ceiling());
		}
		return Budgets.of(configured, store, new BudgetSettings(properties.ceiling(), properties.lease()),
				(event) -> events.getObject().listener().onEvent(event), Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean(CostEstimator.class)
	CostEstimator grokWorstCase(CostCalculator prices, ObjectProvider<ModelCatalog> catalog,
			ObjectProvider<PromptTokenEstimator> tokens, GrokBudgetStoreProperties properties,
			GrokCostProperties cost) {
		return CostEstimator.of(prices, catalog.getIfUnique(ModelCatalog::bundled),
				tokens.getIfAvailable(PromptTokenEstimator::approximate)::estimate, Clock.systemUTC(),
				cost.onUnpriced(), properties.toolCalls());
	}

	@Bean
	@ConditionalOnMissingBean(name = "grokBudgetDecorator")
	ChatModelDecorator grokBudgetDecorator(Budgets budgets, CostEstimator worstCase,
			ObjectProvider<TenantResolver> tenants) {
		if (tenants.getIfUnique() != null && budgets.budgets().isEmpty()) {
			return TenantChatModel.decorator(TenantResolvers.of(tenants));
		}
		return BudgetChatModel.decorator(budgets, worstCase, TenantResolvers.of(tenants));
	}

	@Bean
	@ConditionalOnMissingBean(name = "grokBudgetPublisher")
	BudgetPublisher grokBudgetPublisher(ApplicationEventPublisher publisher) {
		return new BudgetPublisher(publisher);
	}

	/**
	 * Publishes events of budgets as application events.
	 *
	 * @param publisher publishes application events
	 */
	record BudgetPublisher(ApplicationEventPublisher publisher) implements GrokEventListener {

		@Override
		public void onEvent(GrokEvent event) {
			if (event instanceof BudgetThresholdReached || event instanceof BudgetExceeded) {
				this.publisher.publishEvent(event);
			}
		}

	}

}
