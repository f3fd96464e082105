package io.github.grokspring.token;

/**
 * Measures text in quarters of a token, which avoids rounding for every short text.
 */
@FunctionalInterface
interface TextMeasure {

	/** Quarters of a whole token. */
	long TOKEN = 4;

	/** Last ASCII character. */
	char MAX_ASCII = 0x7F;

	/** Characters beyond are Chinese, Japanese, Korean, and surrogates of emoji. */
	char MAX_ALPHABETIC = 0x2E7F;

	/**
	 * Returns the size of a text in quarters of a token.
	 */
	long quarters(String text);

	/**
	 * Uses the characters and their scripts.
	 */
	static long characters(String text) {
		long quarters = text.length();
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character > MAX_ASCII) {
				quarters += (character > MAX_ALPHABETIC) ? 3 : 1;
			}
		}
		return quarters;
	}

	/**
	 * Uses the length, at two tokens per character.
	 */
	static long upperBound(String text) {
		return 2 * TOKEN * text.length();
	}

}
