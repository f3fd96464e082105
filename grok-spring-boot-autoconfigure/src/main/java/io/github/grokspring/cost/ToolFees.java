package io.github.grokspring.cost;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What xAI takes for a run of its own tools, in ticks, as published on 2026-09-29. Tools
 * that are not here, such as {@code mcp}, cost tokens only. An image is counted at the
 * lowest list price, because usage does not say its size and quality.
 */
final class ToolFees {

	/** X search is billed by what it fetches since then, and by calls before. */
	private static final Instant X_BY_ITEM = Instant.parse("2026-09-21T00:00:00Z");

	private static final Map<String, Fee> FEES = Map.of("web_search", always(50_000_000), "x_search",
			new Fee(50_000_000, null, X_BY_ITEM), "x_posts_fetched", new Fee(50_000_000, X_BY_ITEM, null),
			"x_users_fetched", new Fee(100_000_000, X_BY_ITEM, null), "code_interpreter", always(50_000_000),
			"document_search", always(50_000_000), "file_search", always(25_000_000), "image_generation",
			always(400_000_000));

	private ToolFees() {
	}

	/**
	 * What runs of tools cost.
	 * @param calls how many of which
	 * @param at the time of the call
	 * @return the fees in ticks
	 */
	static long of(Map<String, Long> calls, Instant at) {
		long ticks = 0;
		for (Map.Entry<String, Long> entry : calls.entrySet()) {
			Fee fee = FEES.get(entry.getKey());
			if (fee != null && fee.holdsAt(at)) {
				ticks = Ticks.plus(ticks, Ticks.times(entry.getValue(), fee.ticks()));
			}
		}
		return ticks;
	}

	private static Fee always(long ticks) {
		return new Fee(ticks, null, null);
	}

	/**
	 * What one run costs.
	 *
	 * @param ticks the fee
	 * @param from since when it holds, {@code null} for always
	 * @param until when it ended, {@code null} for never
	 */
	private record Fee(long ticks, @Nullable Instant from, @Nullable Instant until) {

		boolean holdsAt(Instant at) {
			return (this.from == null || !at.isBefore(this.from)) && (this.until == null || at.isBefore(this.until));
		}

	}

}
