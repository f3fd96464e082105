package io.github.grokspring.cost;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.Ticks;
import io.github.grokspring.tool.ToolUse;

/**
 * Counts runs of server-side tools in the units that xAI bills.
 */
final class ServerToolRuns {

	private static final String X_SEARCH = "x_search";

	private static final String POSTS = "x_posts_fetched";

	/**
	 * Average number of posts fetched by an X search; xAI reports the exact number only
	 * at the end of a response.
	 */
	private static final long POSTS_PER_SEARCH = 10;

	private ServerToolRuns() {
	}

	static Map<String, Long> of(String tool, long runs) {
		return X_SEARCH.equals(tool) ? Map.of(X_SEARCH, runs, POSTS, Ticks.times(runs, POSTS_PER_SEARCH))
				: Map.of(tool, runs);
	}

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
