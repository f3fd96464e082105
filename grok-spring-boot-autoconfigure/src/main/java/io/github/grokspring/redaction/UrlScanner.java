package io.github.grokspring.redaction;

import java.util.Locale;
import java.util.Set;

/**
 * Determines, char by char, whether the end of a growing text is within a URL: a bare
 * URL, the destination of a Markdown link or image, or an HTML attribute. In doubt it is.
 */
final class UrlScanner {

	private static final int MAX_WORD_LENGTH = 12;

	/** Characters before a quote that starts a value. */
	private static final String OPENING = "=:,([{";

	private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "ws", "wss", "mailto");

	private static final Set<String> ATTRIBUTES = Set.of("href", "src", "srcset", "action", "formaction", "poster",
			"background", "ping");

	/** The current word, as far as it matters. */
	private final StringBuilder word = new StringBuilder(MAX_WORD_LENGTH + 1);

	/** Whether the word is followed by whitespace only. */
	private boolean wordEnded;

	private char last;

	private char lastVisible;

	/** The last char that ends a bare URL, and whether it started a value. */
	private char delimiter;

	private boolean opening;

	/** Whether the text continues with the value of a URL attribute. */
	private boolean attribute;

	private Terminator terminator = Terminator.NONE;

	private char closing;

	private int depth;

	private boolean started;

	boolean isInUrl() {
		return this.terminator != Terminator.NONE || this.attribute;
	}

	/**
	 * Reads more text. In JSON, escape sequences represent line breaks.
	 */
	void read(String text, int from, int to, boolean json) {
		for (int i = from; i < to; i++) {
			read(text.charAt(i), json);
		}
	}

	private void read(char c, boolean json) {
		if (this.terminator != Terminator.NONE && ends(c, json)) {
			this.terminator = Terminator.NONE;
			this.word.setLength(0);
		}
		else if (this.terminator == Terminator.NONE) {
			start(c);
		}
		if (this.terminator == Terminator.NONE && isDelimiter(c)) {
			this.opening = OPENING.indexOf(this.lastVisible) >= 0;
			this.delimiter = c;
		}
		if (!(c == '\\' && this.last == '/')) {
			this.last = c;
		}
		this.lastVisible = Character.isWhitespace(c) ? this.lastVisible : c;
	}

	private boolean ends(char c, boolean json) {
		switch (this.terminator) {
			case CHAR -> {
				return c == this.closing || (this.closing == '>' && c == '\n');
			}
			case PARENTHESIS -> {
				return endsDestination(c);
			}
			default -> {
				return Character.isWhitespace(c) || c == '"' || c == '<' || c == '>' || c == '`'
						|| (json && this.last == '\\' && (c == 'n' || c == 'r' || c == 't'));
			}
		}
	}

	private boolean endsDestination(char c) {
		if (Character.isWhitespace(c)) {
			return this.started;
		}
		if (!this.started && c == '<') {
			this.terminator = Terminator.CHAR;
			this.closing = '>';
			return false;
		}
		this.started = true;
		this.depth += (c == '(') ? 1 : (c == ')') ? -1 : 0;
		return this.depth < 0;
	}

	private void start(char c) {
		if (this.attribute && !Character.isWhitespace(c)) {
			this.attribute = false;
			boolean quoted = c == '"' || c == '\'';
			this.terminator = quoted ? Terminator.CHAR : Terminator.BARE;
			this.closing = c;
			return;
		}
		if (c == '(' && this.last == ']') {
			this.terminator = Terminator.PARENTHESIS;
			this.depth = 0;
			this.started = false;
			return;
		}
		String before = this.word.toString().toLowerCase(Locale.ROOT);
		if ((c == '/' && this.last == '/') || (c == ':' && SCHEMES.contains(before))
				|| (c == '.' && before.equals("www"))) {
			boolean enclosed = this.delimiter == '<'
					|| (this.opening && (this.delimiter == '"' || this.delimiter == '\''));
			this.terminator = enclosed ? Terminator.CHAR : Terminator.BARE;
			this.closing = (this.delimiter == '<') ? '>' : this.delimiter;
		}
		this.attribute = c == '=' && ATTRIBUTES.contains(before);
		if (Character.isWhitespace(c)) {
			this.wordEnded = true;
			return;
		}
		if (this.wordEnded || !Chars.isAlphanumeric(c)) {
			this.word.setLength(0);
			this.wordEnded = false;
		}
		if (Chars.isAlphanumeric(c) && this.word.length() <= MAX_WORD_LENGTH) {
			this.word.append(c);
		}
	}

	private static boolean isDelimiter(char c) {
		return Character.isWhitespace(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
	}

	private enum Terminator {

		NONE,

		/** Whitespace or a character that URLs do not contain. */
		BARE,

		/** A specific char. */
		CHAR,

		/** The end of a Markdown destination. */
		PARENTHESIS

	}

}
