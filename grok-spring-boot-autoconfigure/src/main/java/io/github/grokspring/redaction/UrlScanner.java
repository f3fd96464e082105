package io.github.grokspring.redaction;

import java.util.Locale;
import java.util.Set;

/**
 * Tells of a text, char by char as it grows, whether its end is within a URL: a bare one,
 * the destination of a Markdown link or image, or an attribute of HTML. In doubt it is.
 */
final class UrlScanner {

	private static final int LONGEST_WORD = 12;

	/** Before a quote that begins a value. */
	private static final String OPENING = "=:,([{";

	private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "ws", "wss", "mailto");

	private static final Set<String> ATTRIBUTES = Set.of("href", "src", "srcset", "action", "formaction", "poster",
			"background", "ping");

	/** Letters and digits up to here, as much of them as matters. */
	private final StringBuilder word = new StringBuilder(LONGEST_WORD + 1);

	/** Whether the word has ended, with nothing but blanks behind it. */
	private boolean wordEnded;

	private char last;

	private char lastVisible;

	/** The last char that ends a bare URL, and whether it opened a value. */
	private char delimiter;

	private boolean opening;

	/** Behind the name of an attribute that holds a URL. */
	private boolean attribute;

	private End end = End.NONE;

	private char closing;

	private int depth;

	private boolean begun;

	boolean isInUrl() {
		return this.end != End.NONE || this.attribute;
	}

	/**
	 * Reads on.
	 * @param text what the text goes on with
	 * @param from where that begins
	 * @param to where it ends
	 * @param json whether the text is JSON, in which escapes stand for line breaks
	 */
	void read(String text, int from, int to, boolean json) {
		for (int i = from; i < to; i++) {
			read(text.charAt(i), json);
		}
	}

	private void read(char c, boolean json) {
		if (this.end != End.NONE && ends(c, json)) {
			this.end = End.NONE;
			this.word.setLength(0);
		}
		else if (this.end == End.NONE) {
			begin(c);
		}
		if (this.end == End.NONE && isDelimiter(c)) {
			this.opening = OPENING.indexOf(this.lastVisible) >= 0;
			this.delimiter = c;
		}
		if (!(c == '\\' && this.last == '/')) {
			this.last = c;
		}
		this.lastVisible = Character.isWhitespace(c) ? this.lastVisible : c;
	}

	private boolean ends(char c, boolean json) {
		switch (this.end) {
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
			return this.begun;
		}
		if (!this.begun && c == '<') {
			this.end = End.CHAR;
			this.closing = '>';
			return false;
		}
		this.begun = true;
		this.depth += (c == '(') ? 1 : (c == ')') ? -1 : 0;
		return this.depth < 0;
	}

	private void begin(char c) {
		if (this.attribute && !Character.isWhitespace(c)) {
			this.attribute = false;
			boolean quoted = c == '"' || c == '\'';
			this.end = quoted ? End.CHAR : End.BARE;
			this.closing = c;
			return;
		}
		if (c == '(' && this.last == ']') {
			this.end = End.PARENTHESIS;
			this.depth = 0;
			this.begun = false;
			return;
		}
		String before = this.word.toString().toLowerCase(Locale.ROOT);
		if ((c == '/' && this.last == '/') || (c == ':' && SCHEMES.contains(before))
				|| (c == '.' && before.equals("www"))) {
			boolean enclosed = this.delimiter == '<'
					|| (this.opening && (this.delimiter == '"' || this.delimiter == '\''));
			this.end = enclosed ? End.CHAR : End.BARE;
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
		if (Chars.isAlphanumeric(c) && this.word.length() <= LONGEST_WORD) {
			this.word.append(c);
		}
	}

	private static boolean isDelimiter(char c) {
		return Character.isWhitespace(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
	}

	private enum End {

		NONE,

		/** White space, or what no URL has. */
		BARE,

		/** One certain char. */
		CHAR,

		/** The end of a destination in Markdown. */
		PARENTHESIS

	}

}
