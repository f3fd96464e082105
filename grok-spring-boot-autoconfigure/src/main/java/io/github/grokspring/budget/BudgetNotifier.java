package io.github.grokspring.budget;

import java.time.Instant;
import java.util.Locale;

import io.github.grokspring.budget.BudgetStore.Usage;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.event.BudgetExceeded;
import io.github.grokspring.event.BudgetThresholdReached;
import io.github.grokspring.event.GrokEventListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs and publishes thresholds and exceeded limits, once per window each.
 */
final class BudgetNotifier {

	private static final Log logger = LogFactory.getLog(BudgetNotifier.class);

	/**
	 * Two notifications per window: for a large call and for calls of average size.
	 */
	private static final int MAX_REMEMBERED = 2 * DefaultBudgets.MAX_EXHAUSTED;

	private static final int MAX_DECIMALS = 6;

	private final GrokEventListener listener;

	private final RecentEntries<Notification> sent = new RecentEntries<>(MAX_REMEMBERED);

	BudgetNotifier(GrokEventListener listener) {
		this.listener = listener;
	}

	void thresholdReached(String client, Budget budget, Usage usage, int percent) {
		BudgetKey key = usage.key();
		Instant resetsAt = key.period().end();
		logger.warn(name(budget, key) + " has reached " + percent + " % of its limit: " + usd(usage.used()) + " of "
				+ usd(budget.limit()) + " are used, and it " + reset(resetsAt));
		this.listener.onEvent(new BudgetThresholdReached(client, budget.name(), key.scope(), percent, usage.used(),
				budget.limit(), resetsAt));
	}

	/**
	 * Notifies that a call exceeded the limit regardless of concurrent calls.
	 * @param exhausted whether calls of average size do not fit any more, which is
	 * notified even after a larger one was rejected
	 */
	void budgetExceeded(String client, Budget budget, Usage usage, OnExceeded action, boolean exhausted) {
		BudgetKey key = usage.key();
		if (!this.sent.add(new Notification(rememberedKey(budget, usage), action, exhausted))) {
			return;
		}
		Instant resetsAt = key.period().end();
		String consequence = switch (action) {
			case FAIL -> "Calls that do not fit are refused";
			case WARN -> "Calls go on all the same";
			case DOWNGRADE -> "Calls that do not fit go to '" + budget.downgradeModel() + "'";
		};
		logger.warn(name(budget, key) + " has no room for a call: " + amounts(budget, usage) + ". " + consequence
				+ ". It " + reset(resetsAt));
		this.listener.onEvent(new BudgetExceeded(client, budget.name(), key.scope(),
				action.name().toLowerCase(Locale.ROOT), usage.used(), usage.reserved(), budget.limit(), resetsAt));
	}

	BudgetExceededException rejection(Budget budget, Usage usage, long needed) {
		BudgetKey key = usage.key();
		Instant resetsAt = key.period().end();
		String property = "'grok.budgets." + budget.name() + ".limit'";
		String advice = (needed > budget.limit())
				? "The call alone may cost more than the whole limit: set a smaller 'max-tokens' or 'grok.budget.ceiling', or raise "
						+ property + "."
				: "Raise " + property + ", set a smaller 'max-tokens' so that less is reserved, or wait.";
		return new BudgetExceededException(budget.name(), key.scope(),
				new BudgetExceededException.Amounts(Ticks.toUsd(budget.limit()), Ticks.toUsd(usage.used()),
						Ticks.toUsd(usage.reserved()), Ticks.toUsd(needed)),
				resetsAt, name(budget, key) + " has no room for this call, which was not sent and may cost "
						+ usd(needed) + ": " + amounts(budget, usage) + ". It " + reset(resetsAt) + ". " + advice);
	}

	/**
	 * Tenants and models without usage share one entry, because their names come from
	 * requests and are not bounded.
	 */
	private static BudgetKey rememberedKey(Budget budget, Usage usage) {
		BudgetKey key = usage.key();
		boolean named = budget.scope() == BudgetScope.TENANT || budget.scope() == BudgetScope.MODEL;
		return (named && usage.used() == 0) ? new BudgetKey(key.budget(), "", key.period(), key.scopeType()) : key;
	}

	private static String name(Budget budget, BudgetKey key) {
		String scope = LogSanitizer.sanitize(key.scope());
		String whose = switch (budget.scope()) {
			case ALL -> "";
			case CLIENT -> " of client '" + scope + "'";
			case MODEL -> " of model '" + scope + "'";
			case TENANT -> " of tenant '" + scope + "'";
		};
		return "Budget '" + budget.name() + "'" + whose;
	}

	private static String amounts(Budget budget, Usage usage) {
		String reserved = (usage.reserved() > 0) ? " and " + usd(usage.reserved()) + " reserved for calls under way"
				: "";
		return usd(usage.used()) + " of " + usd(budget.limit()) + " are used" + reserved;
	}

	private static String reset(@Nullable Instant resetsAt) {
		return (resetsAt != null) ? "resets at " + resetsAt : "never resets";
	}

	private static String usd(long ticks) {
		return "$" + UsdFormat.format(ticks, MAX_DECIMALS);
	}

	private record Notification(BudgetKey key, OnExceeded action, boolean exhausted) {

	}

}
