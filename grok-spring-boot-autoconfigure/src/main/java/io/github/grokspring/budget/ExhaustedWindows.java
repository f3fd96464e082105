package io.github.grokspring.budget;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which windows have so little left that usual calls are refused. Safe for use by several
 * threads.
 */
final class ExhaustedWindows {

	private static final int MOST_BEFORE_CLEANING = 1000;

	private final Set<BudgetKey> keys = ConcurrentHashMap.newKeySet();

	/**
	 * A usual call was refused that would not fit if it were alone.
	 */
	void add(BudgetKey key, Instant now) {
		if (this.keys.size() >= MOST_BEFORE_CLEANING) {
			this.keys.removeIf((old) -> old.period().isOver(now));
		}
		this.keys.add(key);
	}

	/**
	 * There was room for a call.
	 */
	void remove(BudgetKey key) {
		if (!this.keys.isEmpty()) {
			this.keys.remove(key);
		}
	}

	boolean contains(BudgetKey key) {
		return this.keys.contains(key);
	}

}
