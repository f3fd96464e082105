package io.github.grokspring.redaction;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What stands for which value in one request. Values are numbered in the order in which
 * they first appear, so that they have the same placeholder in every request that begins
 * with the same messages. Not safe for use by several threads while it grows; never
 * printed.
 */
final class Placeholders {

	/**
	 * The kind of a text that looks like a placeholder but is none. No name that a
	 * redactor would give.
	 */
	static final String LITERAL = "[literal]";

	private static final String LITERAL_LABEL = "LITERAL";

	private final boolean restoredInUrls;

	private final Map<String, String> byValue = new HashMap<>();

	private final NavigableMap<String, String> values = new TreeMap<>();

	private final Map<String, Integer> counts = new HashMap<>();

	/**
	 * Begins without any.
	 * @param restoredInUrls whether values take their places in URLs, too
	 */
	Placeholders(boolean restoredInUrls) {
		this.restoredInUrls = restoredInUrls;
	}

	boolean isRestoredInUrls() {
		return this.restoredInUrls;
	}

	/**
	 * What stands for values of a kind.
	 */
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
	 * Whether a char may stand between the brackets of a placeholder, which a model may
	 * write in lower case.
	 */
	static boolean isPart(char c) {
		return Chars.isAlphanumeric(c) || c == '_';
	}

	/**
	 * What stands for a value, from now on if nothing does yet.
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
	 * What a placeholder stands for, in whatever case it is written.
	 * @return the value, or {@code null} if it stands for nothing
	 */
	@Nullable String valueOf(String placeholder) {
		return this.values.get(placeholder.toUpperCase(Locale.ROOT));
	}

	/**
	 * Whether a text may become a placeholder when more of it is there.
	 */
	boolean isBeginning(String text) {
		String beginning = text.toUpperCase(Locale.ROOT);
		String next = this.values.ceilingKey(beginning);
		return next != null && next.startsWith(beginning);
	}

	/**
	 * Whether values with some label have placeholders.
	 */
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
