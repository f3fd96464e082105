package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;

import io.github.grokspring.budget.BudgetLedger.Fsync;
import io.github.grokspring.budget.BudgetLedger.OnFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of how budgets are kept.
 *
 * @param store What keeps how much was spent
 * @param file File where the file store keeps its ledger
 * @param fsync When a settlement is made to reach the disk
 * @param onWriteFailure What happens to calls while the ledger cannot be written
 * @param ceiling US dollars reserved at most for a call of which nothing limits how much
 * it thinks or, without max-tokens, writes; a tenth of each limit if not set
 * @param toolCalls Number of server-side tool runs to reserve for when a request offers
 * such tools without max-turns.
 * @param lease Time after which a reservation that was never settled counts as spent.
 */
@ConfigurationProperties("grok.budget")
record GrokBudgetProperties(@DefaultValue("auto") Store store, @Nullable String file,
		@DefaultValue("always") Fsync fsync, @DefaultValue("refuse") OnFailure onWriteFailure,
		@Nullable BigDecimal ceiling, @DefaultValue("10") int toolCalls, @DefaultValue("1h") Duration lease) {

	GrokBudgetProperties {
		file = StringUtils.hasText(file) ? file.strip() : null;
		if (ceiling != null) {
			GrokBudgetsProperties.Entry.requireAmount("ceiling", ceiling);
		}
		if (toolCalls < 0) {
			throw new GrokConfigurationException("tool-calls", "is " + toolCalls + " but must not be negative",
					"Set the number of tool runs that a request usually takes, or 0 to reserve nothing for them.");
		}
		if (lease.isZero() || lease.isNegative()) {
			throw new GrokConfigurationException("lease", "is " + lease.toMillis() + " ms but must be longer than 0",
					"Write a duration such as 1h, or remove the property.");
		}
		if (store == Store.FILE && file == null) {
			throw new GrokConfigurationException("file", "is not set, but 'grok.budget.store' is 'file'",
					"Write the path of a file that only this application writes, or another store.");
		}
		if (store == Store.REDIS) {
			throw new GrokConfigurationException("store", "is 'redis', but this version keeps no budgets in Redis",
					"Write 'memory', or 'file' together with 'grok.budget.file'; a bean of type BudgetStore can keep"
							+ " them anywhere.");
		}
	}

	/**
	 * What keeps how much was spent.
	 */
	enum Store {

		/**
		 * A file if one is named, else memory.
		 */
		AUTO,

		/**
		 * Memory, which forgets when the process ends.
		 */
		MEMORY,

		/**
		 * A file of this process alone.
		 */
		FILE,

		/**
		 * Not served by this version; known so that it can be refused with a reason.
		 */
		REDIS

	}

}
