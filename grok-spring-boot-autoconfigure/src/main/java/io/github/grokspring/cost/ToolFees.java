package io.github.grokspring.cost;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.Ticks;

/**
 * What xAI charges for runs of its own tools: the fees of the catalogue, and those that
 * an application has set instead.
 */
final class ToolFees {

	private final ModelCatalog catalog;

	private final Map<String, Long> own = new HashMap<>();

	/**
	 * Create fees.
	 * @param catalog the catalogue
	 * @param own fees in ticks per run that go before the catalogue's, by tool
	 */
	ToolFees(ModelCatalog catalog, Map<String, Long> own) {
		this.catalog = catalog;
		own.forEach((tool, ticks) -> this.own.put(plain(tool), ticks));
	}

	/**
	 * Returns what runs of tools cost.
	 * @param calls the number of runs, by tool
	 * @param at the time of the call
	 * @return the fees in ticks
	 */
	long of(Map<String, Long> calls, Instant at) {
		long ticks = 0;
		for (Map.Entry<String, Long> call : calls.entrySet()) {
			ticks = Ticks.plus(ticks, Ticks.times(call.getValue(), fee(call.getKey(), at)));
		}
		return ticks;
	}

	private long fee(String tool, Instant at) {
		Long fee = this.own.isEmpty() ? null : this.own.get(plain(tool));
		return (fee != null) ? fee : this.catalog.toolFee(tool, at);
	}

	/** Properties and environment variables spell names in other ways than usage does. */
	private static String plain(String tool) {
		return tool.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

}
