package io.github.grokspring.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits the number of values of a tag, because names of tools and parameters come from
 * requests and responses. Thread-safe.
 */
final class TagValueLimiter {

	private static final String OTHER = "other";

	private static final int MAX_LENGTH = 100;

	private final Set<String> values = ConcurrentHashMap.newKeySet();

	private final int maxValues;

	TagValueLimiter(int limit) {
		this.maxValues = limit;
	}

	/**
	 * Returns the given value, or {@code other} if it is too long or the limit is
	 * reached.
	 */
	String limit(String value) {
		if (this.values.contains(value)) {
			return value;
		}
		if (value.length() > MAX_LENGTH) {
			return OTHER;
		}
		// Concurrent callers may exceed the limit slightly
		return (this.values.size() < this.maxValues && this.values.add(value)) ? value
				: (this.values.contains(value) ? value : OTHER);
	}

}
