package io.github.grokspring.chain;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Makes text of requests and responses safe for log messages and exceptions: on one line,
 * without control and other invisible characters, and of limited length.
 *
 * @since 0.1.0
 */
public final class LogSanitizer {

	private static final int MAX_LENGTH = 100;

	// Terminal colors and cursor movements
	private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]");

	private static final Pattern WHITESPACE = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");

	private LogSanitizer() {
	}

	/**
	 * Sanitizes a name, such as that of a model. Invisible characters are replaced with
	 * question marks.
	 * @param name the name
	 * @return the sanitized name, truncated if necessary
	 */
	public static String sanitize(@Nullable String name) {
		String shown = String.valueOf(name);
		return isPlain(shown, MAX_LENGTH) ? shown : visible(shown, MAX_LENGTH, "...");
	}

	/**
	 * Sanitizes a text, such as a server error, to a single line. Line breaks are
	 * replaced with spaces and invisible characters with question marks.
	 * @param text the text
	 * @param maxLength the maximum number of code points
	 * @return the sanitized text, truncated if necessary
	 */
	public static String toSingleLine(String text, int maxLength) {
		if (isPlain(text, maxLength)) {
			return text;
		}
		String line = ESCAPES.matcher(text).replaceAll("");
		return visible(WHITESPACE.matcher(line).replaceAll(" "), maxLength, "\u2026");
	}

	private static boolean isPlain(String text, int maxLength) {
		if (text.length() > maxLength) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character < ' ' || character > '~') {
				return false;
			}
		}
		return true;
	}

	private static String visible(String text, int maxLength, String end) {
		boolean tooLong = text.codePointCount(0, text.length()) > maxLength;
		StringBuilder shown = new StringBuilder(Math.min(text.length(), maxLength + 1));
		text.codePoints().limit(maxLength).forEach((point) -> shown.appendCodePoint(isVisible(point) ? point : '?'));
		return tooLong ? shown.append(end).toString() : shown.toString();
	}

	private static boolean isVisible(int point) {
		return switch (Character.getType(point)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE ->
				false;
			default -> true;
		};
	}

}
