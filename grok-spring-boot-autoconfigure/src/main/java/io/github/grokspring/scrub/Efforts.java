package io.github.grokspring.scrub;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The values of {@code reasoning_effort} and how near they are to one another.
 */
final class Efforts {

	/**
	 * The field that carries them.
	 */
	static final String FIELD = "reasoning_effort";

	private static final String NONE = "none";

	private static final List<String> ORDER = List.of(NONE, "minimal", "low", "medium", "high", "xhigh", "max");

	private Efforts() {
	}

	/**
	 * The value that comes nearest to one that is asked for, the higher of two. Who asks
	 * for thinking is never given none.
	 * @param asked what is asked for
	 * @param accepted what the model accepts
	 * @param refused what it refused all the same
	 * @return the value, or {@code null} if there is none, or what is asked for is no
	 * effort
	 */
	static @Nullable String nearest(String asked, List<String> accepted, Set<String> refused) {
		String normalized = asked.strip().toLowerCase(Locale.ROOT);
		int wanted = ORDER.indexOf(normalized);
		if (wanted < 0) {
			return (accepted.contains(normalized) && !refused.contains(normalized)) ? normalized : null;
		}
		String nearest = null;
		int smallest = Integer.MAX_VALUE;
		for (int i = ORDER.size() - 1; i >= 0; i--) {
			String candidate = ORDER.get(i);
			boolean allowed = accepted.contains(candidate) && !refused.contains(candidate)
					&& (wanted == 0 || !NONE.equals(candidate));
			if (allowed && Math.abs(wanted - i) < smallest) {
				smallest = Math.abs(wanted - i);
				nearest = candidate;
			}
		}
		return nearest;
	}

	/**
	 * Whether a value may be shown: what is no effort may be anything.
	 * @param value the value
	 * @return whether it is an effort
	 */
	static boolean isEffort(String value) {
		return ORDER.contains(value.strip().toLowerCase(Locale.ROOT));
	}

}
