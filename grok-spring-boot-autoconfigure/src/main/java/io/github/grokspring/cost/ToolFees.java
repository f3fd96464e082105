package io.github.grokspring.cost;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.Ticks;

/**
 * Fees for runs of server-side tools, from the catalog or from the application.
 */
final class ToolFees {

	private final ModelCatalog catalog;

	private final Map<String, Long> overrides = new HashMap<>();

	/**
	 * Creates new fees.
	 * @param catalog the model catalog
	 * @param overrides the fees in ticks per run by tool, which take precedence over the
	 * catalog
	 */
	ToolFees(ModelCatalog catalog, Map<String, Long> own) {
		this.catalog = catalog;
		own.forEach((tool, ticks) -> this.overrides.put(normalize(tool), ticks));
	}

	long of(Map<String, Long> calls, Instant at) {
		long ticks = 0;
		for (Map.Entry<String, Long> call : calls.entrySet()) {
			ticks = Ticks.plus(ticks, Ticks.times(call.getValue(), fee(call.getKey(), at)));
		}
		return ticks;
	}

	private long fee(String tool, Instant at) {
		Long fee = this.overrides.isEmpty() ? null : this.overrides.get(normalize(tool));
		return (fee != null) ? fee : this.catalog.toolFee(tool, at);
	}

	/** Properties and environment variables may spell tool names differently. */
	private static String normalize(String tool) {
		return tool.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

}
