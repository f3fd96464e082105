package io.github.grokspring.connection;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the parts of a message that repeat other texts, regardless of escaping, white
 * space and case. The message is short; the texts may be long and are read once. Not
 * thread-safe.
 */
final class EchoFinder {

	/** Minimum number of consecutive characters that count as repeated. */
	static final int RUN = 12;

	/** Minimum length of a text; texts shorter than a run must match as a whole word. */
	static final int SHORTEST_TEXT = 4;

	private final PlainText message;

	private final int run;

	/** Start positions of runs of the message that no text has repeated yet. */
	private final Map<String, List<Integer>> runs = new HashMap<>();

	/**
	 * Hashes of the first characters of runs, which rule out most positions of a text.
	 */
	private final BitSet prefixHashes = new BitSet();

	private final BitSet echoes = new BitSet();

	EchoFinder(String message) {
		this(message, RUN);
	}

	/**
	 * Creates a finder.
	 * @param message the message
	 * @param run the minimum number of consecutive characters that count as repeated
	 */
	EchoFinder(String message, int run) {
		this.message = new PlainText(message);
		this.run = run;
		String plain = this.message.text.toString();
		for (int from = 0; from + run <= plain.length(); from++) {
			this.prefixHashes.set(prefixHash(plain, from));
			this.runs.computeIfAbsent(plain.substring(from, from + run), (absent) -> new ArrayList<>(1)).add(from);
		}
	}

	/**
	 * Marks the parts of the message that repeat a text.
	 * @param text the text
	 */
	void search(String text) {
		String plain = new PlainText(text).text.toString();
		if (plain.length() < this.run) {
			searchWhole(plain.strip());
		}
		for (int from = 0; from + this.run <= plain.length(); from++) {
			if (this.prefixHashes.get(prefixHash(plain, from))) {
				List<Integer> starts = this.runs.remove(plain.substring(from, from + this.run));
				if (starts != null) {
					starts.forEach((start) -> mark(start, start + this.run));
				}
			}
		}
	}

	/**
	 * Returns the characters of the message that repeat a text.
	 * @return the positions
	 */
	BitSet echoes() {
		return this.echoes;
	}

	/**
	 * Replaces parts of a message.
	 * @param parts the positions to replace
	 * @param message the message
	 * @param replacement the replacement for each consecutive part
	 * @return the new message
	 */
	static String replace(BitSet parts, String message, String replacement) {
		StringBuilder rest = new StringBuilder(message.length());
		int from = 0;
		for (int start = parts.nextSetBit(0); start >= 0; start = parts.nextSetBit(from)) {
			rest.append(message, from, start).append(replacement);
			from = parts.nextClearBit(start);
		}
		return rest.append(message, from, message.length()).toString();
	}

	// Numbers are kept, because error messages contain numbers of their own
	private void searchWhole(String text) {
		if (text.length() < SHORTEST_TEXT || text.chars().noneMatch(Character::isLetter)) {
			return;
		}
		String plain = this.message.text.toString();
		for (int at = plain.indexOf(text); at >= 0; at = plain.indexOf(text, at + 1)) {
			int end = at + text.length();
			boolean word = (at > 0 && Character.isLetterOrDigit(plain.charAt(at - 1)))
					|| (end < plain.length() && Character.isLetterOrDigit(plain.charAt(end)));
			if (!word) {
				mark(at, end);
			}
		}
	}

	private static int prefixHash(String text, int from) {
		return (char) ((text.charAt(from) * 31 + text.charAt(from + 1)) * 31 + text.charAt(from + 2));
	}

	private void mark(int from, int to) {
		this.echoes.set(this.message.origins[from], this.message.origins[to]);
	}

	/**
	 * Text normalized for comparison: unescaped, in lower case and with single spaces.
	 */
	private static final class PlainText {

		/** JSON escapes, at any nesting, and HTML entities. */
		private static final Pattern ESCAPE = Pattern
			.compile("\\\\++(?:[nrtbf]|u(\\p{XDigit}{4}))?|&(?:lt|gt|amp|quot|apos|#39|#34|#x27);");

		private static final Map<String, Character> ENTITIES = Map.of("&lt;", '<', "&gt;", '>', "&amp;", '&', "&quot;",
				'"', "&#34;", '"');

		private final StringBuilder text;

		/**
		 * Position of each character in the original, followed by the length of the
		 * original.
		 */
		private final int[] origins;

		PlainText(String original) {
			this.text = new StringBuilder(original.length());
			this.origins = new int[original.length() + 1];
			Matcher escape = ESCAPE.matcher(original);
			int at = 0;
			while (escape.find()) {
				append(original, at, escape.start());
				at = escape.end();
				char last = original.charAt(at - 1);
				if (escape.group(1) != null) {
					append((char) Integer.parseInt(escape.group(1), 16), escape.start());
				}
				else if (last == ';') {
					// The other entities are apostrophes
					append(ENTITIES.getOrDefault(escape.group(), '\''), escape.start());
				}
				else if (last != '\\') {
					append(' ', escape.start());
				}
			}
			append(original, at, original.length());
			this.origins[this.text.length()] = original.length();
		}

		private void append(String original, int from, int to) {
			for (int i = from; i < to; i++) {
				append(original.charAt(i), i);
			}
		}

		private void append(char character, int origin) {
			if (character > '~' && Character.getType(character) == Character.FORMAT) {
				return;
			}
			boolean blank = character <= ' ' || Character.isWhitespace(character) || character == '\u00a0';
			int length = this.text.length();
			if (!blank || length == 0 || this.text.charAt(length - 1) != ' ') {
				this.origins[length] = origin;
				this.text.append(blank ? ' ' : Character.toLowerCase(character));
			}
		}

	}

}
