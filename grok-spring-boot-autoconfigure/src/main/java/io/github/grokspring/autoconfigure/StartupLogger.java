package io.github.grokspring.autoconfigure;

import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.Cost;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;

/**
 * Logs the configuration of each client at startup.
 */
final class StartupLogger {

	private static final Log logger = LogFactory.getLog(StartupLogger.class);

	private final GrokChatModelFactory models;

	private final Budgets budgets;

	private final String host;

	private final InjectionLogger injection;

	private final @Nullable GrokRetryProperties retry;

	private final @Nullable CostEstimator worstCase;

	private final List<String> fallbacks;

	private final AtomicBoolean said = new AtomicBoolean();

	/**
	 * Creates a report.
	 * @param models the factory that created the clients
	 * @param budgets the budgets
	 * @param host the host of the base URL
	 * @param injection describes the injected beans
	 * @param retry the retry properties, or {@code null} without retries
	 * @param worstCase estimates the maximum cost, or {@code null} without prices
	 * @param fallbacks the fallback models
	 */
	StartupLogger(GrokChatModelFactory models, Budgets budgets, String host, InjectionLogger injection,
			@Nullable GrokRetryProperties retry, @Nullable CostEstimator worstCase, List<String> fallbacks) {
		this.models = models;
		this.budgets = budgets;
		this.host = host;
		this.injection = injection;
		this.retry = retry;
		this.worstCase = worstCase;
		this.fallbacks = fallbacks;
	}

	@EventListener(ApplicationStartedEvent.class)
	void log() {
		// Child contexts publish the event too
		if (this.said.compareAndSet(false, true) && logger.isInfoEnabled()) {
			List<String> names = this.budgets.budgets().stream().map(Budget::name).toList();
			String limits = names.isEmpty() ? "no budget" : "budgets " + String.join(", ", names);
			this.models.createdClients()
				.stream()
				.sorted(Comparator.<GrokChatModelFactory.CreatedClient, Boolean>comparing(
						(made) -> !GrokClientSettings.DEFAULT.equals(made.settings().name()))
					.thenComparing((made) -> made.settings().name()))
				.forEach((made) -> logger.info(line(made) + "; " + limits));
			String injected = this.injection.line();
			if (injected != null) {
				logger.info(injected);
			}
			if (this.retry != null && this.retry.enabled() && !this.models.createdClients().isEmpty()) {
				logger.info(repetitions(this.retry));
			}
		}
	}

	// xAI may bill requests that were not answered
	private static String repetitions(GrokRetryProperties retry) {
		int most = retry.maxAttempts();
		return "Failed requests (POST) are retried: up to " + Math.min(retry.serverErrorMaxAttempts(), most)
				+ " attempts after 5xx and lost connections, " + Math.min(retry.timeoutMaxAttempts(), most)
				+ " after timeouts, " + most + " otherwise; xAI may bill each of them ('grok.retry')";
	}

	private String line(GrokChatModelFactory.CreatedClient made) {
		GrokChatOptions options = made.model().getOptions();
		GrokApi api = options.getApi();
		return "Grok client '" + made.settings().name() + "': model " + made.settings().chat().model() + " at "
				+ this.host + ", api " + wireName((api != null) ? api : GrokApi.AUTO)
				+ ((options.getMaxTokens() != null) ? "" : ", no max-tokens") + maximumCost(options) + "; "
				+ String.join(" -> ", made.model().stages());
	}

	private String maximumCost(GrokChatOptions options) {
		if (this.worstCase == null) {
			return "";
		}
		long most = 0;
		try {
			Prompt prompt = new Prompt(List.of(), options);
			most = this.worstCase.maximum(prompt, String.valueOf(options.getModel()));
			for (String model : this.fallbacks) {
				most = Math.max(most, this.worstCase.maximum(prompt, model));
			}
		}
		catch (Exception ex) {
			logger.debug("Failed to estimate the maximum cost of a request", ex);
			return "";
		}
		if (most == 0 || most == Long.MAX_VALUE) {
			return "";
		}
		return ", at most about $" + Cost.table(most).usd().setScale(2, RoundingMode.CEILING) + " per request"
				+ (options.getServerTools().isEmpty() ? "" : ", excluding the prompts of further turns");
	}

	private static String wireName(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
