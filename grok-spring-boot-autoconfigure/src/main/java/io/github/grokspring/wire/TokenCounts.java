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
 * Reads the token counts of {@code usage} objects.
 *
 * @since 0.1.0
 */
public final class TokenCounts {

	private static final Pattern COUNT = Pattern.compile("\\s*\\d{1,18}\\s*");

	private TokenCounts() {
	}

	/**
	 * Reads a {@code usage} object and converts numeric strings to numbers.
	 * @param json the parser, on the object
	 * @return the values, empty if the current value is not an object
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
	 * Copies a {@code usage} object, converting numeric strings to numbers and removing
	 * values that are not numbers.
	 * @param usage the {@code usage} object
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

	static boolean isZero(Usage usage) {
		return usage.getPromptTokens() == 0 && usage.getCompletionTokens() == 0 && usage.getTotalTokens() == 0;
	}

	/**
	 * Returns a count.
	 * @param usage the {@code usage} object
	 * @param name the field name
	 * @return the count, 0 if it is missing or invalid
	 */
	public static long count(Map<?, ?> usage, String name) {
		Object value = usage.get(name);
		if (value instanceof BigInteger huge) {
			return (huge.signum() > 0) ? Long.MAX_VALUE : 0;
		}
		return (value instanceof Number number) ? Math.max(0, number.longValue()) : 0;
	}

	/**
	 * Returns a count of a nested object.
	 * @param usage the {@code usage} object
	 * @param details the name of the nested object
	 * @param name the field name
	 * @return the count, 0 if it is missing or invalid
	 */
	public static long count(Map<?, ?> usage, String details, String name) {
		return (usage.get(details) instanceof Map<?, ?> within) ? count(within, name) : 0;
	}

	/**
	 * Creates a usage.
	 * @param usage the {@code usage} object, available as native usage
	 * @param prompt the prompt tokens, including cached ones
	 * @param billed the tokens billed as output
	 * @param cached the cached prompt tokens
	 * @return the usage
	 */
	public static Usage toUsage(Map<String, @Nullable Object> usage, long prompt, long billed, long cached) {
		int output = clamp(billed);
		// Recorded responses have more cached than prompt tokens, and are billed
		// accordingly
		int read = clamp(Math.max(prompt, cached));
		return new DefaultUsage(read, output, clamp((long) read + output), usage, cached, null);
	}

	private static int clamp(long tokens) {
		return (int) Math.min(tokens, Integer.MAX_VALUE);
	}

}
