package io.github.grokspring.scrub;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells what happens for the first time from what has happened before, so that a log is
 * not filled with the same. What comes when the memory is full counts as seen.
 */
final class WarnOnce {

	private static final int MOST = 512;

	private final Set<Pair> seen = ConcurrentHashMap.newKeySet();

	/**
	 * Take note.
	 * @param model the model that it happens to
	 * @param what what happens to it
	 * @return whether it is the first time
	 */
	boolean isFirst(String model, String what) {
		Pair pair = new Pair(model, what);
		// A few more than allowed may get in at once, which does no harm.
		return !this.seen.contains(pair) && this.seen.size() < MOST && this.seen.add(pair);
	}

	private record Pair(String model, String what) {

	}

}
