package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;

import io.github.grokspring.budget.LedgerSettings.Fsync;
import io.github.grokspring.budget.LedgerSettings.OnFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the budget store.
 *
 * @param store Store for budget usage.
 * @param file Path of the ledger file of the file store.
 * @param fsync When settlements are flushed to disk.
 * @param onWriteFailure Action to take when the ledger cannot be written.
 * @param ceiling Maximum amount reserved for a call with unlimited output, in US dollars.
 * Defaults to a tenth of each limit.
 * @param toolCalls Number of server-side tool calls to reserve for when a request offers
 * such tools and does not set max-turns.
 * @param lease Time after which an unsettled reservation counts as spent.
 */
@ConfigurationProperties("grok.budget")
record GrokBudgetStoreProperties(@DefaultValue("auto") Store store, @Nullable String file,
		@DefaultValue("always") Fsync fsync, @DefaultValue("refuse") OnFailure onWriteFailure,
		@Nullable BigDecimal ceiling, @DefaultValue("10") int toolCalls, @DefaultValue("1h") Duration lease) {

	GrokBudgetStoreProperties {
		file = StringUtils.hasText(file) ? file.strip() : null;
		if (ceiling != null) {
			GrokBudgetsProperties.Entry.requireAmount("ceiling", ceiling);
		}
		if (toolCalls < 0) {
			throw new GrokConfigurationException("tool-calls", "is " + toolCalls + " but must not be negative",
					"Set the property to the usual number of tool calls per request, or to 0 to reserve nothing for them.");
		}
		if (lease.isZero() || lease.isNegative()) {
			throw new GrokConfigurationException("lease", "is " + lease.toMillis() + " ms but must be longer than 0",
					"Set the property to a duration, for example 1h, or remove it.");
		}
		if (store == Store.FILE && file == null) {
			throw new GrokConfigurationException("file", "is not set, but 'grok.budget.store' is 'file'",
					"Set the property to the path of a file that only this application uses, or choose another store.");
		}
		if (store == Store.REDIS) {
			throw new GrokConfigurationException("store",
					"is 'redis', but this version does not support Redis as budget store",
					"Set the property to 'memory', or to 'file' together with 'grok.budget.file'. For any other store, define"
							+ " a BudgetStore bean.");
		}
	}

	/**
	 * Store for budget usage.
	 */
	enum Store {

		/**
		 * The file store if a file is set, otherwise memory.
		 */
		AUTO,

		/**
		 * Memory; lost when the process ends.
		 */
		MEMORY,

		/**
		 * A ledger file, used by a single process.
		 */
		FILE,

		/**
		 * Not supported by this version; rejected with a specific message.
		 */
		REDIS

	}

}
