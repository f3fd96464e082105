package io.github.grokspring.chain;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which warnings have been logged, so that each is logged only once. Remembers
 * a bounded number of warnings; once it is full, new warnings count as logged.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class WarnOnce {

	// Keys contain model names of requests, so their number is not bounded otherwise
	private static final int MAX_KEYS = 512;

	private final Set<List<String>> seen = ConcurrentHashMap.newKeySet();

	/**
	 * Records a warning.
	 * @param key the values that identify the warning
	 * @return whether the warning has not been recorded before
	 */
	public boolean isFirst(String... key) {
		List<String> parts = Arrays.asList(key);
		// Concurrent callers may exceed the limit slightly
		return !this.seen.contains(parts) && this.seen.size() < MAX_KEYS && this.seen.add(parts);
	}

}
