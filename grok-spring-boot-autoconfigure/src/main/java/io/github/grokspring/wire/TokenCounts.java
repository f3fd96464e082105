package io.github.grokspring.wire;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the counts of a {@code usage} object, whatever the endpoint calls them.
 *
 * @since 0.1.0
 */
public final class TokenCounts {

	private static final Pattern COUNT = Pattern.compile("\\s*\\d{1,18}\\s*");

	private TokenCounts() {
	}

	/**
	 * Read a {@code usage} object. Counts that came as texts become numbers, for all who
	 * read them later.
	 * @param json the parser, on the object
	 * @return its values, empty if this is no object
	 */
	public static Map<String, @Nullable Object> read(JsonParser json) {
		Map<String, @Nullable Object> usage = JsonValues.readObject(json);
		return isNormalized(usage) ? usage : normalize(usage);
	}

	private static boolean isNormalized(Map<?, ?> usage) {
		for (Object value : usage.values()) {
			boolean readable = (value instanceof Map<?, ?> details) ? isNormalized(details)
					: !(value instanceof String || (value instanceof Double number && !Double.isFinite(number)));
			if (!readable) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Makes numbers of counts that came as texts, and leaves out what is not a number.
	 * @param usage a {@code usage} object
	 * @return a copy
	 */
	public static Map<String, @Nullable Object> normalize(Map<?, ?> usage) {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		usage.forEach((name, value) -> {
			if (value instanceof Map<?, ?> details) {
				copy.put(String.valueOf(name), normalize(details));
			}
			else if (value instanceof String text && COUNT.matcher(text).matches()) {
				copy.put(String.valueOf(name), Long.valueOf(text.strip()));
			}
			else if (!(value instanceof Double number && !Double.isFinite(number))) {
				copy.put(String.valueOf(name), value);
			}
		});
		return copy;
	}

	/**
	 * Whether a usage counts nothing at all.
	 * @param usage the usage
	 * @return whether all its counts are zero
	 */
	static boolean isZero(Usage usage) {
		return usage.getPromptTokens() == 0 && usage.getCompletionTokens() == 0 && usage.getTotalTokens() == 0;
	}

	/**
	 * Read one count.
	 * @param usage the object
	 * @param name name of the count
	 * @return the count, 0 if it is missing or makes no sense
	 */
	public static long count(Map<?, ?> usage, String name) {
		Object value = usage.get(name);
		if (value instanceof BigInteger huge) {
			return (huge.signum() > 0) ? Long.MAX_VALUE : 0;
		}
		return (value instanceof Number number) ? Math.max(0, number.longValue()) : 0;
	}

	/**
	 * Read one count of an object within.
	 * @param usage the object
	 * @param details name of the object within
	 * @param name name of the count
	 * @return the count, 0 if it is missing or makes no sense
	 */
	public static long count(Map<?, ?> usage, String details, String name) {
		return (usage.get(details) instanceof Map<?, ?> within) ? count(within, name) : 0;
	}

	/**
	 * Put counts together.
	 * @param usage the object, handed on as it is
	 * @param prompt tokens that were read, cached ones included
	 * @param billed tokens that are billed as output
	 * @param cached tokens of the prompt that were cached
	 * @return the usage
	 */
	public static Usage toUsage(Map<String, @Nullable Object> usage, long prompt, long billed, long cached) {
		int output = clamp(billed);
		// More was cached than the prompt has in some recordings, and billed so
		int read = clamp(Math.max(prompt, cached));
		return new DefaultUsage(read, output, clamp((long) read + output), usage, cached, null);
	}

	private static int clamp(long tokens) {
		return (int) Math.min(tokens, Integer.MAX_VALUE);
	}

}
