package io.github.grokspring.redaction;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes the texts and numbers of a JSON document and leaves every other byte as it is,
 * because requests that begin alike are cheaper.
 */
final class JsonText {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String HEX = "0123456789abcdef";

	private final String json;

	private final Change change;

	private final StringBuilder out;

	private final Deque<Boolean> objects = new ArrayDeque<>();

	private int at;

	/** The name of the value that comes next. */
	private @Nullable String name;

	private boolean nameExpected;

	private JsonText(String json, Change change) {
		this.json = json;
		this.change = change;
		this.out = new StringBuilder(json.length() + 16);
	}

	/**
	 * Whether a text is one JSON document.
	 */
	static boolean isJson(String text) {
		char first = firstOf(text);
		if (first != '{' && first != '[' && first != '"' && first != '-' && !Chars.isDigit(first)) {
			return false;
		}
		try (JsonParser parser = JSON.createParser(text)) {
			int depth = 0;
			int roots = 0;
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				depth -= token.isStructEnd() ? 1 : 0;
				roots += (depth == 0 && !token.isStructEnd()) ? 1 : 0;
				depth += token.isStructStart() ? 1 : 0;
			}
			return roots == 1;
		}
		catch (JacksonException ex) {
			// A text that only begins like one
			return false;
		}
	}

	/**
	 * Whether a text is one JSON document that has texts of its own: an object or an
	 * array.
	 */
	static boolean isDocument(String text) {
		char first = firstOf(text);
		char last = (first == '{') ? '}' : ']';
		return (first == '{' || first == '[') && text.stripTrailing().endsWith(String.valueOf(last)) && isJson(text);
	}

	/**
	 * Change the texts of a document.
	 * @param json the document
	 * @param change what becomes of a text
	 * @return the document with the texts as they have become
	 */
	static String change(String json, Change change) {
		return new JsonText(json, change).changed();
	}

	/**
	 * A text the way it stands between the quotes of a document.
	 */
	static String escaped(String text) {
		StringBuilder escaped = new StringBuilder(text.length() + 8);
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '"' -> escaped.append("\\\"");
				case '\\' -> escaped.append("\\\\");
				case '\n' -> escaped.append("\\n");
				case '\r' -> escaped.append("\\r");
				case '\t' -> escaped.append("\\t");
				default -> {
					if (c < 32) {
						escaped.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
					}
					else {
						escaped.append(c);
					}
				}
			}
		}
		return escaped.toString();
	}

	private static char firstOf(String text) {
		int first = 0;
		while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
			first++;
		}
		return Chars.at(text, first);
	}

	private String changed() {
		while (this.at < this.json.length()) {
			char c = this.json.charAt(this.at);
			if (c == '"') {
				string();
			}
			else if (c == '-' || Chars.isDigit(c)) {
				number();
			}
			else {
				structure(c);
				this.out.append(c);
				this.at++;
			}
		}
		return this.out.toString();
	}

	private void structure(char c) {
		switch (c) {
			case '{', '[' -> {
				this.objects.push(c == '{');
				this.nameExpected = c == '{';
				this.name = (c == '{') ? null : this.name;
			}
			case '}', ']' -> {
				this.objects.pop();
				this.name = null;
			}
			case ',' -> {
				this.nameExpected = Boolean.TRUE.equals(this.objects.peek());
				this.name = this.nameExpected ? null : this.name;
			}
			default -> {
				// says nothing about where a text stands
			}
		}
	}

	private void string() {
		int end = this.at + 1;
		boolean escapes = false;
		while (this.json.charAt(end) != '"') {
			boolean escape = this.json.charAt(end) == '\\';
			escapes |= escape;
			end += escape ? 2 : 1;
		}
		String raw = this.json.substring(this.at + 1, end);
		String text = escapes ? unescaped(raw) : raw;
		String changed = this.change.of(this.nameExpected ? null : this.name, text);
		this.out.append('"').append(changed.equals(text) ? raw : escaped(changed)).append('"');
		if (this.nameExpected) {
			this.name = text;
			this.nameExpected = false;
		}
		this.at = end + 1;
	}

	private void number() {
		int end = this.at + 1;
		while (end < this.json.length() && isNumberPart(this.json.charAt(end))) {
			end++;
		}
		String number = this.json.substring(this.at, end);
		String changed = this.change.of(this.name, number);
		if (changed.equals(number)) {
			this.out.append(number);
		}
		else {
			this.out.append('"').append(escaped(changed)).append('"');
		}
		this.at = end;
	}

	private static boolean isNumberPart(char c) {
		return Chars.isDigit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
	}

	private static String unescaped(String raw) {
		StringBuilder text = new StringBuilder(raw.length());
		int i = 0;
		while (i < raw.length()) {
			char c = raw.charAt(i++);
			if (c != '\\') {
				text.append(c);
				continue;
			}
			char escape = raw.charAt(i++);
			switch (escape) {
				case 'n' -> text.append('\n');
				case 'r' -> text.append('\r');
				case 't' -> text.append('\t');
				case 'b' -> text.append('\b');
				case 'f' -> text.append('\f');
				case 'u' -> {
					text.append((char) Integer.parseInt(raw, i, i + 4, 16));
					i += 4;
				}
				default -> text.append(escape);
			}
		}
		return text.toString();
	}

	/**
	 * What becomes of the texts of a document.
	 */
	@FunctionalInterface
	interface Change {

		/**
		 * Change a text, or a number, which becomes a text if it changes.
		 * @param name the name that it has in its object, {@code null} if it has none or
		 * is one itself
		 * @param text the text, without escapes
		 * @return the text, changed or not
		 */
		String of(@Nullable String name, String text);

	}

}
