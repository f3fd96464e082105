package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;

/**
 * Approximate tokenizer, to count, truncate and stream text.
 */
final class Tokens {

	private static final int CHARACTERS_PER_PROMPT_TOKEN = 4;

	private static final int MAX_TOKEN_LENGTH = 16;

	private Tokens() {
	}

	/**
	 * Returns a quarter of the number of characters, rounded up.
	 */
	static long estimate(long characters) {
		return (characters + CHARACTERS_PER_PROMPT_TOKEN - 1) / CHARACTERS_PER_PROMPT_TOKEN;
	}

	/**
	 * Splits a text into words with their leading blanks.
	 */
	static List<String> split(String text) {
		List<String> pieces = new ArrayList<>(text.length() / 4 + 1);
		int start = 0;
		boolean inWord = false;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			boolean blank = Character.isWhitespace(c);
			boolean cut = (blank && inWord) || (i - start >= MAX_TOKEN_LENGTH && !Character.isLowSurrogate(c));
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
