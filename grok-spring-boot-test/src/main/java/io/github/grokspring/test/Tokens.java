package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;

/**
 * A rough tokenizer: enough to count, to cut and to stream by.
 */
final class Tokens {

	private static final int CHARACTERS_PER_PROMPT_TOKEN = 4;

	private static final int LONGEST_TOKEN = 16;

	private Tokens() {
	}

	/**
	 * How many tokens a text of the prompt counts for.
	 * @param characters length of the text in UTF-16 units
	 * @return a quarter of it, rounded up
	 */
	static long estimate(long characters) {
		return (characters + CHARACTERS_PER_PROMPT_TOKEN - 1) / CHARACTERS_PER_PROMPT_TOKEN;
	}

	/**
	 * Cuts a text into the pieces it streams in: words with the blanks before them.
	 * @param text any text
	 * @return pieces that give the text when joined
	 */
	static List<String> split(String text) {
		List<String> pieces = new ArrayList<>(text.length() / 4 + 1);
		int start = 0;
		boolean inWord = false;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			boolean blank = Character.isWhitespace(c);
			boolean cut = (blank && inWord) || (i - start >= LONGEST_TOKEN && !Character.isLowSurrogate(c));
			if (cut) {
				pieces.add(text.substring(start, i));
				start = i;
			}
			inWord = !blank;
		}
		if (start < text.length()) {
			pieces.add(text.substring(start));
		}
		return pieces;
	}

}
