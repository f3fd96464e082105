package io.github.grokspring.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a tag from having more values than a registry can bear. Names of tools and
 * parameters come from requests and answers, and so may be anything.
 */
final class TagValueLimiter {

	private static final String OTHER = "other";

	private static final int LONGEST = 100;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final int limit;

	TagValueLimiter(int limit) {
		this.limit = limit;
	}

	/**
	 * The value of a tag for a name.
	 * @param name the name
	 * @return the name, or one that stands for all that came too late
	 */
	String of(String name) {
		if (this.names.contains(name)) {
			return name;
		}
		if (name.length() > LONGEST) {
			return OTHER;
		}
		// A few more than the limit may get in at once, which does no harm.
		return (this.names.size() < this.limit && this.names.add(name)) ? name
				: (this.names.contains(name) ? name : OTHER);
	}

}
