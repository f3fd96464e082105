package io.github.grokspring.chain;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The values of {@code reasoning_effort}, in ascending order, and their distance to each
 * other.
 *
 * @since 0.1.0
 */
public final class ReasoningEfforts {

	/**
	 * Name of the request field.
	 */
	public static final String FIELD = "reasoning_effort";

	private static final String NONE = "none";

	private static final List<String> ORDER = List.of(NONE, "minimal", "low", "medium", "high", "xhigh", "max");

	private ReasoningEfforts() {
	}

	/**
	 * Returns the accepted value that is nearest to the requested one, the higher of two
	 * equally near ones. Does not replace another value with {@code none}.
	 * @param requested the requested value
	 * @param accepted the values that the model accepts
	 * @param rejected the values that the model has rejected nevertheless
	 * @return the nearest value, or {@code null} if there is none or the requested value
	 * is not a reasoning effort
	 */
	public static @Nullable String nearest(String requested, List<String> accepted, Set<String> rejected) {
		String normalized = requested.strip().toLowerCase(Locale.ROOT);
		int wanted = ORDER.indexOf(normalized);
		if (wanted < 0) {
			return (accepted.contains(normalized) && !rejected.contains(normalized)) ? normalized : null;
		}
		String nearest = null;
		int smallest = Integer.MAX_VALUE;
		for (int i = ORDER.size() - 1; i >= 0; i--) {
			String candidate = ORDER.get(i);
			boolean allowed = accepted.contains(candidate) && !rejected.contains(candidate)
					&& (wanted == 0 || !NONE.equals(candidate));
			if (allowed && Math.abs(wanted - i) < smallest) {
				smallest = Math.abs(wanted - i);
				nearest = candidate;
			}
		}
		return nearest;
	}

	/**
	 * Returns whether a value is a reasoning effort, so that it may be logged.
	 * @param value the value
	 * @return whether it is known
	 */
	public static boolean isEffort(String value) {
		return ORDER.contains(value.strip().toLowerCase(Locale.ROOT));
	}

}
