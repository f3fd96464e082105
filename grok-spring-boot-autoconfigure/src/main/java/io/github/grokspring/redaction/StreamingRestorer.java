package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.core.io.JsonStringEncoder;

/**
 * Replaces the placeholders in a text that arrives in chunks. Holds back only what may be
 * the prefix of a placeholder. Not thread-safe.
 */
final class StreamingRestorer {

	private static final int HEAD_LENGTH = 16;

	private static final String FENCE = "```";

	private final Placeholders placeholders;

	private final boolean json;

	private final StringBuilder head = new StringBuilder(HEAD_LENGTH);

	private final List<Shift> shifts = new ArrayList<>(0);

	private final UrlScanner urls = new UrlScanner();

	private String held = "";

	/** Number of chars received before those that are held back. */
	private int read;

	private int shift;

	StreamingRestorer(Placeholders placeholders, boolean json) {
		this.placeholders = placeholders;
		this.json = json;
	}

	static String of(String text, Placeholders placeholders) {
		if (text.indexOf('[') < 0) {
			return text;
		}
		StreamingRestorer whole = new StreamingRestorer(placeholders, false);
		return whole.next(text, false) + whole.remaining();
	}

	String next(String added) {
		return next(added, true);
	}

	/**
	 * Returns the text that is held back at the end.
	 */
	String remaining() {
		String remaining = this.held;
		this.read += remaining.length();
		this.held = "";
		return remaining;
	}

	/**
	 * Maps a position in the original text to the restored text.
	 */
	int position(int original) {
		int moved = original;
		for (Shift earlier : this.shifts) {
			if (earlier.end() <= original) {
				moved = original + earlier.total();
			}
		}
		return moved;
	}

	private String next(String added, boolean mayBeJson) {
		String text = this.held.isEmpty() ? added : this.held + added;
		this.held = "";
		int from = 0;
		int scanned = 0;
		StringBuilder restored = new StringBuilder(text.length());
		for (int open = text.indexOf('['); open >= 0; open = text.indexOf('[', Math.max(from, open + 1))) {
			int end = open + 1;
			while (end < text.length() && Placeholders.isPart(text.charAt(end))) {
				end++;
			}
			if (end == text.length()) {
				if (this.placeholders.isBeginning(text.substring(open))) {
					this.held = text.substring(open);
				}
				break;
			}
			String value = (text.charAt(end) == ']') ? this.placeholders.valueOf(text.substring(open, end + 1)) : null;
			if (value != null) {
				scanText(text, scanned, open, mayBeJson);
				scanned = open;
				if (this.urls.isInUrl() && !this.placeholders.isRestoredInUrls()) {
					continue;
				}
				scanUrls(text, open, end + 1, mayBeJson);
				scanned = end + 1;
				restored.append(text, from, open).append(replacement(value, end + 1 - open, end + 1, mayBeJson));
				from = end + 1;
			}
		}
		int until = text.length() - this.held.length();
		scanText(text, scanned, until, mayBeJson);
		restored.append(text, from, until);
		this.read += until;
		return restored.toString();
	}

	private String replacement(String value, int length, int end, boolean mayBeJson) {
		String replacement = (mayBeJson && (this.json || isJson()))
				? new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) : value;
		this.shift += replacement.length() - length;
		this.shifts.add(new Shift(this.read + end, this.shift));
		if (this.head.length() < HEAD_LENGTH) {
			this.head.append('"');
		}
		return replacement;
	}

	// The beginning of the text determines whether values are escaped for JSON
	private void scanText(String text, int from, int to, boolean mayBeJson) {
		for (int i = from; i < to && this.head.length() < HEAD_LENGTH; i++) {
			if (!Character.isWhitespace(text.charAt(i))) {
				this.head.append(text.charAt(i));
			}
		}
		scanUrls(text, from, to, mayBeJson);
	}

	private void scanUrls(String text, int from, int to, boolean mayBeJson) {
		if (!this.placeholders.isRestoredInUrls()) {
			this.urls.read(text, from, to, mayBeJson && (this.json || isJson()));
		}
	}

	private boolean isJson() {
		String start = this.head.toString();
		if (start.startsWith(FENCE)) {
			start = start.substring(FENCE.length());
			start = start.startsWith("json") ? start.substring(4) : start;
		}
		return start.startsWith("{\"") || start.startsWith("[\"") || start.startsWith("[{") || start.startsWith("[[");
	}

	@Override
	public String toString() {
		return "StreamingRestorer[" + this.read + " chars]";
	}

	/**
	 * Offset of the restored text after a position.
	 *
	 * @param total number of chars added before it
	 */
	private record Shift(int end, int total) {

	}

}
