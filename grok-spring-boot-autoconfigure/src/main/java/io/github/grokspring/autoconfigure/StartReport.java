package io.github.grokspring.autoconfigure;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokApi;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;

/**
 * Says once what was started: a line for each client.
 */
final class StartReport {

	private static final Log logger = LogFactory.getLog(StartReport.class);

	private final GrokChatModelFactory models;

	private final Budgets budgets;

	private final String host;

	private final InjectionReport injection;

	private final @Nullable GrokRetryProperties retry;

	private final AtomicBoolean said = new AtomicBoolean();

	/**
	 * Create a report.
	 * @param models made the clients
	 * @param budgets what limits them
	 * @param host where their requests go
	 * @param injection knows which beans are injected
	 * @param retry how often requests are repeated, {@code null} for never
	 */
	StartReport(GrokChatModelFactory models, Budgets budgets, String host, InjectionReport injection,
			@Nullable GrokRetryProperties retry) {
		this.models = models;
		this.budgets = budgets;
		this.host = host;
		this.injection = injection;
		this.retry = retry;
	}

	@EventListener(ApplicationStartedEvent.class)
	void say() {
		// Contexts below this one are started too
		if (this.said.compareAndSet(false, true) && logger.isInfoEnabled()) {
			List<String> names = this.budgets.budgets().stream().map(Budget::name).toList();
			String limits = names.isEmpty() ? "no budget" : "budgets " + String.join(", ", names);
			this.models.made()
				.stream()
				.sorted(Comparator.<GrokChatModelFactory.Made, Boolean>comparing(
						(made) -> !GrokClientSettings.DEFAULT.equals(made.settings().name()))
					.thenComparing((made) -> made.settings().name()))
				.forEach((made) -> logger.info(line(made) + "; " + limits));
			String injected = this.injection.line();
			if (injected != null) {
				logger.info(injected);
			}
			if (this.retry != null && this.retry.enabled() && !this.models.made().isEmpty()) {
				logger.info(repetitions(this.retry));
			}
		}
	}

	// xAI may have billed what it did not answer
	private static String repetitions(GrokRetryProperties retry) {
		int most = retry.maxAttempts();
		return "Failed requests (POST) are repeated: up to " + Math.min(retry.serverErrorMaxAttempts(), most)
				+ " attempts after 5xx and lost connections, " + Math.min(retry.timeoutMaxAttempts(), most)
				+ " after timeouts, " + most + " otherwise; xAI may bill each of them ('grok.retry')";
	}

	private String line(GrokChatModelFactory.Made made) {
		GrokApi api = made.model().getOptions().getApi();
		return "Grok client '" + made.settings().name() + "': model " + made.settings().chat().model() + " at "
				+ this.host + ", api " + wireName((api != null) ? api : GrokApi.AUTO)
				+ ((made.model().getOptions().getMaxTokens() != null) ? "; " : ", no max-tokens; ")
				+ String.join(" -> ", made.model().stages());
	}

	private static String wireName(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
