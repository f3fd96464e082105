package io.github.grokspring.redaction;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The placeholders of a request. Values are numbered in order of appearance, so that
 * requests with the same leading messages use the same placeholders. Not thread-safe
 * while values are added.
 */
final class Placeholders {

	/**
	 * Kind of a text that looks like a placeholder but is none. Not a valid name for a
	 * redactor's kind.
	 */
	static final String LITERAL = "[literal]";

	private static final String LITERAL_LABEL = "LITERAL";

	private final boolean restoredInUrls;

	private final Map<String, String> byValue = new HashMap<>();

	private final NavigableMap<String, String> values = new TreeMap<>();

	private final Map<String, Integer> counts = new HashMap<>();

	Placeholders(boolean restoredInUrls) {
		this.restoredInUrls = restoredInUrls;
	}

	boolean isRestoredInUrls() {
		return this.restoredInUrls;
	}

	static String label(String kind) {
		if (kind.equals(LITERAL)) {
			return LITERAL_LABEL;
		}
		StringBuilder label = new StringBuilder(kind.toUpperCase(Locale.ROOT));
		for (int i = 0; i < label.length(); i++) {
			if (!Chars.isAlphanumeric(label.charAt(i))) {
				label.setCharAt(i, '_');
			}
		}
		return label.toString();
	}

	/**
	 * Returns whether a character may occur in a placeholder. Models may write
	 * placeholders in lower case.
	 */
	static boolean isPart(char c) {
		return Chars.isAlphanumeric(c) || c == '_';
	}

	/**
	 * Returns the placeholder of a value, creating it if necessary.
	 */
	String of(String kind, String value) {
		return this.byValue.computeIfAbsent(value, (unknown) -> {
			String label = label(kind);
			String placeholder = "[" + label + "_" + this.counts.merge(label, 1, Integer::sum) + "]";
			this.values.put(placeholder, value);
			return placeholder;
		});
	}

	/**
	 * Returns the value of a placeholder, ignoring case.
	 * @return the value, or {@code null} if there is none
	 */
	@Nullable String valueOf(String placeholder) {
		return this.values.get(placeholder.toUpperCase(Locale.ROOT));
	}

	boolean isBeginning(String text) {
		String beginning = text.toUpperCase(Locale.ROOT);
		String next = this.values.ceilingKey(beginning);
		return next != null && next.startsWith(beginning);
	}

	boolean hasLabel(String label) {
		return this.counts.containsKey(label);
	}

	boolean isEmpty() {
		return this.values.isEmpty();
	}

	@Override
	public String toString() {
		return this.values.size() + " placeholders";
	}

}
