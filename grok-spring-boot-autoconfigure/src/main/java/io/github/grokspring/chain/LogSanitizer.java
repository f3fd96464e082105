package io.github.grokspring.chain;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Makes text that came with a request or an answer fit for a line of the log or a
 * message: it breaks no line, hides and reorders nothing, and has a bounded length.
 *
 * @since 0.1.0
 */
public final class LogSanitizer {

	private static final int MAX_LENGTH = 100;

	/** Colours and movements of a terminal. */
	private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]");

	private static final Pattern WHITESPACE = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");

	private LogSanitizer() {
	}

	/**
	 * Make a name fit to be written.
	 * @param name the name, such as that of a model
	 * @return the name, with a question mark for what cannot be seen, and cut off when it
	 * is long
	 */
	public static String sanitize(@Nullable String name) {
		String shown = String.valueOf(name);
		return isPlain(shown, MAX_LENGTH) ? shown : visible(shown, MAX_LENGTH, "...");
	}

	/**
	 * Make a text fit to be written on one line.
	 * @param text the text, such as an error of a server
	 * @param longest how many characters it may have at most
	 * @return the text, with blanks for line breaks and a question mark for what cannot
	 * be seen, and cut off when it is long
	 */
	public static String toSingleLine(String text, int longest) {
		if (isPlain(text, longest)) {
			return text;
		}
		String line = ESCAPES.matcher(text).replaceAll("");
		return visible(WHITESPACE.matcher(line).replaceAll(" "), longest, "\u2026");
	}

	private static boolean isPlain(String text, int longest) {
		if (text.length() > longest) {
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

	private static String visible(String text, int longest, String end) {
		boolean tooLong = text.codePointCount(0, text.length()) > longest;
		StringBuilder shown = new StringBuilder(Math.min(text.length(), longest + 1));
		text.codePoints().limit(longest).forEach((point) -> shown.appendCodePoint(isVisible(point) ? point : '?'));
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
