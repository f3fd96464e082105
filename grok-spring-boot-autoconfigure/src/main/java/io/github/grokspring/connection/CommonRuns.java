package io.github.grokspring.connection;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/**
 * The runs of characters that what was said has in common with other texts, whichever way
 * either is escaped, broken into lines, or written in capitals. What was said is short;
 * the other texts may be long, and each is read once. Not safe for use by several
 * threads.
 */
final class CommonRuns {

	/** So many characters of a text in a row are no chance. */
	static final int RUN = 12;

	/** Shorter texts are looked for as a whole, down to this length. */
	static final int SHORTEST_TEXT = 4;

	private static final int BUCKETS = 8_192;

	private static final int LONGEST_ENTITY = 6;

	private static final String BREAKS = "nrtbf";

	private static final Map<String, Character> ENTITIES = Map.of("&lt;", '<', "&gt;", '>', "&amp;", '&', "&quot;", '"',
			"&apos;", '\'', "&#39;", '\'', "&#34;", '"', "&#x27;", '\'');

	private final Plain said;

	private final int length;

	private final int run;

	private final int highestFactor;

	private final BitSet common = new BitSet();

	/** Where the first run of each bucket begins, plus one. */
	private final int[] heads = new int[BUCKETS];

	/** Where the next run of the same bucket begins, plus one. */
	private final int[] next;

	/** Where an equal run begins that comes earlier, or the run itself. */
	private final int[] firsts;

	private final BitSet found = new BitSet();

	CommonRuns(String said) {
		this(said, RUN);
	}

	/**
	 * Prepare what was said.
	 * @param said what was said
	 * @param run how many characters in a row count
	 */
	CommonRuns(String said, int run) {
		this.length = said.length();
		this.run = run;
		this.highestFactor = power(31, run - 1);
		this.said = new Plain(said, true);
		int runs = Math.max(0, this.said.length - run + 1);
		this.next = new int[runs];
		this.firsts = new int[runs];
		for (int from = 0; from < runs; from++) {
			int bucket = bucket(hash(this.said.characters, from));
			int equal = equal(bucket, this.said.characters, from);
			this.firsts[from] = (equal >= 0) ? equal : from;
			if (equal < 0) {
				this.next[from] = this.heads[bucket];
				this.heads[bucket] = from + 1;
			}
		}
	}

	/**
	 * Look for runs of a text.
	 * @param text the text
	 */
	void lookFor(String text) {
		Plain plain = new Plain(text, false);
		if (plain.length < this.run) {
			lookForWhole(new String(plain.characters, 0, plain.length).strip());
			return;
		}
		char[] characters = plain.characters;
		int hash = hash(characters, 0);
		for (int run = 0;; run++) {
			int bucket = bucket(hash);
			if (this.heads[bucket] != 0) {
				int equal = equal(bucket, characters, run);
				if (equal >= 0) {
					this.found.set(equal);
				}
			}
			if (run + this.run >= plain.length) {
				return;
			}
			hash = (hash - characters[run] * this.highestFactor) * 31 + characters[run + this.run];
		}
	}

	/**
	 * What was found.
	 * @return the characters of what was said that belong to common runs
	 */
	BitSet found() {
		for (int run = 0; run < this.firsts.length; run++) {
			if (this.found.get(this.firsts[run])) {
				mark(run, run + this.run);
			}
		}
		return this.common;
	}

	/**
	 * Replace what was found.
	 * @param found the characters to replace
	 * @param said what was said
	 * @param mark what stands in the place of each row of them
	 * @return the rest
	 */
	static String replace(BitSet found, String said, String mark) {
		StringBuilder rest = new StringBuilder(said.length());
		int from = 0;
		for (int start = found.nextSetBit(0); start >= 0; start = found.nextSetBit(from)) {
			rest.append(said, from, start).append(mark);
			from = found.nextClearBit(start);
		}
		return rest.append(said, from, said.length()).toString();
	}

	// Numbers are left: an error has some of its own.
	private void lookForWhole(String text) {
		if (text.length() < SHORTEST_TEXT || text.chars().noneMatch(Character::isLetter)) {
			return;
		}
		String said = new String(this.said.characters, 0, this.said.length);
		for (int at = said.indexOf(text); at >= 0; at = said.indexOf(text, at + 1)) {
			int end = at + text.length();
			boolean word = (at > 0 && Character.isLetterOrDigit(said.charAt(at - 1)))
					|| (end < said.length() && Character.isLetterOrDigit(said.charAt(end)));
			if (!word) {
				mark(at, end);
			}
		}
	}

	private void mark(int from, int to) {
		this.common.set(this.said.origins[from], (to < this.said.length) ? this.said.origins[to] : this.length);
	}

	private int equal(int bucket, char[] characters, int run) {
		for (int other = this.heads[bucket] - 1; other >= 0; other = this.next[other] - 1) {
			if (Arrays.equals(this.said.characters, other, other + this.run, characters, run, run + this.run)) {
				return other;
			}
		}
		return -1;
	}

	private int hash(char[] characters, int from) {
		int hash = 0;
		for (int i = from; i < from + this.run; i++) {
			hash = hash * 31 + characters[i];
		}
		return hash;
	}

	private static int bucket(int hash) {
		return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
	}

	private static int power(int factor, int exponent) {
		int power = 1;
		for (int i = 0; i < exponent; i++) {
			power *= factor;
		}
		return power;
	}

	/**
	 * A text without what differs between ways to write it: escapes, line breaks,
	 * capitals.
	 */
	private static final class Plain {

		private final char[] characters;

		/** Where each character comes from, if anybody wants to know. */
		private final int[] origins;

		private int length;

		Plain(String text, boolean tellsOrigins) {
			this.characters = new char[text.length()];
			this.origins = new int[tellsOrigins ? text.length() : 0];
			int at = 0;
			while (at < text.length()) {
				char character = text.charAt(at);
				if (character == '\\') {
					at = escape(text, at);
				}
				else if (character == '&') {
					at = entity(text, at);
				}
				else {
					add(character, at++);
				}
			}
		}

		// What was escaped twice has more of them
		private int escape(String text, int from) {
			int at = from;
			while (at < text.length() && text.charAt(at) == '\\') {
				at++;
			}
			if (at < text.length() && BREAKS.indexOf(text.charAt(at)) >= 0) {
				add(' ', from);
				return at + 1;
			}
			if (at + 4 < text.length() && text.charAt(at) == 'u') {
				int code = hexadecimal(text, at + 1);
				if (code >= 0) {
					add((char) code, from);
					return at + 5;
				}
			}
			return at;
		}

		private static int hexadecimal(String text, int from) {
			int code = 0;
			for (int i = from; i < from + 4; i++) {
				int digit = Character.digit(text.charAt(i), 16);
				if (digit < 0) {
					return -1;
				}
				code = code * 16 + digit;
			}
			return code;
		}

		private int entity(String text, int from) {
			int end = from + 1;
			while (end < text.length() && end - from < LONGEST_ENTITY && text.charAt(end) != ';') {
				end++;
			}
			if (end < text.length()) {
				Character meant = ENTITIES.get(text.substring(from, end + 1));
				if (meant != null) {
					add(meant, from);
					return end + 1;
				}
			}
			add('&', from);
			return from + 1;
		}

		private void add(char character, int origin) {
			if (character > '~' && Character.getType(character) == Character.FORMAT) {
				return;
			}
			boolean blank = character <= ' ' || Character.isWhitespace(character) || character == '\u00a0';
			char plain = blank ? ' ' : Character.toLowerCase(character);
			if (plain != ' ' || this.length == 0 || this.characters[this.length - 1] != ' ') {
				if (this.origins.length > 0) {
					this.origins[this.length] = origin;
				}
				this.characters[this.length++] = plain;
			}
		}

	}

}
