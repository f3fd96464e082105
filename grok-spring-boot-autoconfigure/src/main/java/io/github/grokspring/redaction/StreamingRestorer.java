package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.core.io.JsonStringEncoder;

/**
 * A text of an answer with values in place of placeholders, as it grows. Holds back no
 * more than what may be the beginning of a placeholder. Not safe for use by several
 * threads.
 */
final class StreamingRestorer {

	private static final int HEAD = 16;

	private static final String FENCE = "```";

	private final Placeholders placeholders;

	private final boolean json;

	private final StringBuilder head = new StringBuilder(HEAD);

	private final List<Shift> shifts = new ArrayList<>(0);

	private final UrlScanner urls = new UrlScanner();

	private String held = "";

	/** How many chars of the answer came before those that are held back. */
	private int read;

	private int shift;

	/**
	 * Begin a text.
	 * @param placeholders what stands for what
	 * @param json whether the text is known to be JSON; it may be so all the same
	 */
	StreamingRestorer(Placeholders placeholders, boolean json) {
		this.placeholders = placeholders;
		this.json = json;
	}

	/**
	 * Restore a whole text.
	 */
	static String of(String text, Placeholders placeholders) {
		if (text.indexOf('[') < 0) {
			return text;
		}
		StreamingRestorer whole = new StreamingRestorer(placeholders, false);
		return whole.next(text, false) + whole.rest();
	}

	/**
	 * Take more of the text.
	 * @param more what came
	 * @return what can be handed on
	 */
	String next(String more) {
		return next(more, true);
	}

	/**
	 * The text has ended.
	 * @return what was held back
	 */
	String rest() {
		String rest = this.held;
		this.read += rest.length();
		this.held = "";
		return rest;
	}

	/**
	 * Where a place of the answer is in the restored text.
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

	private String next(String more, boolean mayBeJson) {
		String text = this.held.isEmpty() ? more : this.held + more;
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
				note(text, scanned, open, mayBeJson);
				scanned = open;
				if (this.urls.isInUrl() && !this.placeholders.isRestoredInUrls()) {
					continue;
				}
				scan(text, open, end + 1, mayBeJson);
				scanned = end + 1;
				restored.append(text, from, open).append(put(value, end + 1 - open, end + 1, mayBeJson));
				from = end + 1;
			}
		}
		int until = text.length() - this.held.length();
		note(text, scanned, until, mayBeJson);
		restored.append(text, from, until);
		this.read += until;
		return restored.toString();
	}

	private String put(String value, int length, int end, boolean mayBeJson) {
		String put = (mayBeJson && (this.json || isJson()))
				? new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) : value;
		this.shift += put.length() - length;
		this.shifts.add(new Shift(this.read + end, this.shift));
		if (this.head.length() < HEAD) {
			this.head.append('"');
		}
		return put;
	}

	// How the answer begins tells how values are to be written in it
	private void note(String text, int from, int to, boolean mayBeJson) {
		for (int i = from; i < to && this.head.length() < HEAD; i++) {
			if (!Character.isWhitespace(text.charAt(i))) {
				this.head.append(text.charAt(i));
			}
		}
		scan(text, from, to, mayBeJson);
	}

	private void scan(String text, int from, int to, boolean mayBeJson) {
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
	 * By how much the text has moved behind some place.
	 *
	 * @param end the place in the answer
	 * @param total how many chars were added before it
	 */
	private record Shift(int end, int total) {

	}

}
