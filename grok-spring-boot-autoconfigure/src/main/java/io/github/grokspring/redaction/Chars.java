package io.github.grokspring.redaction;

/**
 * Character tests for positions that may lie outside of a text.
 */
final class Chars {

	private Chars() {
	}

	static char at(String text, int index) {
		return (index >= 0 && index < text.length()) ? text.charAt(index) : ' ';
	}

	static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}

	static boolean isAlphanumeric(char c) {
		return isDigit(c) || isLetter(c);
	}

	static boolean isHex(char c) {
		return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
	}

	static boolean isWord(char c) {
		return isAlphanumeric(c) || c == '_' || (c > 127 && Character.isLetterOrDigit(c));
	}

	/**
	 * Returns whether a character belongs to a script without spaces between words, or to
	 * one that attaches endings to foreign words.
	 */
	static boolean isUnspaced(char c) {
		return (c >= '\u0e00' && c <= '\u0eff') || (c >= '\u3040' && c <= '\u30ff') || (c >= '\u3400' && c <= '\u9fff')
				|| (c >= '\uac00' && c <= '\ud7a3');
	}

	static boolean beginsWord(String text, int index) {
		return index == 0 || !isWord(text.charAt(index - 1)) || isUnspaced(text.charAt(index - 1));
	}

	static boolean endsWord(String text, int index) {
		return index >= text.length() || !isWord(text.charAt(index)) || isUnspaced(text.charAt(index));
	}

	static int endOfDigits(String text, int start) {
		int end = start;
		while (end < text.length() && isDigit(text.charAt(end))) {
			end++;
		}
		return end;
	}

}
