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

	private final AtomicBoolean said = new AtomicBoolean();

	/**
	 * Create a report.
	 * @param models made the clients
	 * @param budgets what limits them
	 * @param host where their requests go
	 * @param injection knows which beans are injected
	 */
	StartReport(GrokChatModelFactory models, Budgets budgets, String host, InjectionReport injection) {
		this.models = models;
		this.budgets = budgets;
		this.host = host;
		this.injection = injection;
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
		}
	}

	private String line(GrokChatModelFactory.Made made) {
		GrokApi api = made.model().getOptions().getApi();
		return "Grok client '" + made.settings().name() + "': model " + made.settings().chat().model() + " at "
				+ this.host + ", api " + wireName((api != null) ? api : GrokApi.AUTO) + "; "
				+ String.join(" -> ", made.model().stages());
	}

	private static String wireName(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
