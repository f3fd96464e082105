package io.github.grokspring.cost;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.Ticks;
import io.github.grokspring.tool.ToolUse;

/**
 * Counts runs of server-side tools as xAI bills them.
 */
final class ServerToolRuns {

	private static final String X_SEARCH = "x_search";

	private static final String POSTS = "x_posts_fetched";

	/** What a search on X fetches, which only the end of a response tells. */
	private static final long POSTS_OF_A_SEARCH = 10;

	private ServerToolRuns() {
	}

	/**
	 * Returns what runs of a tool are billed by. A search on X is billed by the posts
	 * that it fetches, about ten.
	 */
	static Map<String, Long> of(String tool, long runs) {
		return X_SEARCH.equals(tool) ? Map.of(X_SEARCH, runs, POSTS, Ticks.times(runs, POSTS_OF_A_SEARCH))
				: Map.of(tool, runs);
	}

	/**
	 * Returns what the finished ones among uses of tools are billed by.
	 */
	static Map<String, Long> finished(List<?> uses) {
		if (uses.isEmpty()) {
			return Map.of();
		}
		Map<String, Long> runs = new HashMap<>();
		for (Object use : uses) {
			if (use instanceof ToolUse known && known.isCompleted()) {
				of(known.type(), 1).forEach((tool, count) -> runs.merge(tool, count, Ticks::plus));
			}
		}
		return runs;
	}

}
