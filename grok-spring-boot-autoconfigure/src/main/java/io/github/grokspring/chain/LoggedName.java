package io.github.grokspring.chain;

/**
 * A name that came with a request, as it may stand in a line of the log or in a message:
 * it breaks no line, and is not as long as whoever chose it wanted.
 *
 * @since 0.1.0
 */
public final class LoggedName {

	private static final int LONGEST = 100;

	private LoggedName() {
	}

	/**
	 * Make a name fit to be written.
	 * @param name the name
	 * @return the name, with a question mark for what cannot be seen, and cut off when it
	 * is long
	 */
	public static String of(String name) {
		boolean tooLong = name.codePointCount(0, name.length()) > LONGEST;
		StringBuilder shown = new StringBuilder(Math.min(name.length(), LONGEST + 1));
		name.codePoints().limit(LONGEST).forEach((point) -> shown.appendCodePoint(isVisible(point) ? point : '?'));
		return tooLong ? shown.append("...").toString() : shown.toString();
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
