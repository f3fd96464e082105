package io.github.grokspring.redaction;

/**
 * Questions about the chars of a text that may lie outside of it.
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

	/**
	 * Whether a char goes on with a word, in any script.
	 */
	static boolean isWord(char c) {
		return isAlphanumeric(c) || c == '_' || (c > 127 && Character.isLetterOrDigit(c));
	}

	/**
	 * Whether a char belongs to a script that puts no blanks between words, or hangs
	 * endings on what is foreign to it.
	 */
	static boolean isUnspaced(char c) {
		return (c >= '\u0e00' && c <= '\u0eff') || (c >= '\u3040' && c <= '\u30ff') || (c >= '\u3400' && c <= '\u9fff')
				|| (c >= '\uac00' && c <= '\ud7a3');
	}

	/**
	 * Whether a word begins at a place, rather than going on there.
	 */
	static boolean beginsWord(String text, int index) {
		return index == 0 || !isWord(text.charAt(index - 1)) || isUnspaced(text.charAt(index - 1));
	}

	/**
	 * Whether no word goes on at a place.
	 */
	static boolean endsWord(String text, int index) {
		return index >= text.length() || !isWord(text.charAt(index)) || isUnspaced(text.charAt(index));
	}

	/**
	 * Where a run of digits ends.
	 */
	static int endOfDigits(String text, int start) {
		int end = start;
		while (end < text.length() && isDigit(text.charAt(end))) {
			end++;
		}
		return end;
	}

}
