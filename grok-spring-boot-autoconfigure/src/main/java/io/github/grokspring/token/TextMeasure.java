package io.github.grokspring.token;

/**
 * Measures a text in quarters of a token, so that many short texts are not rounded each.
 */
@FunctionalInterface
interface TextMeasure {

	/** A whole token. */
	long TOKEN = 4;

	/** Beyond it a character has more than one byte. */
	char LAST_OF_ASCII = 0x7F;

	/** Beyond it are Chinese, Japanese and Korean, and the halves of emoji. */
	char LAST_OF_ALPHABETS = 0x2E7F;

	/**
	 * Measure a text.
	 * @param text the text
	 * @return quarters of a token
	 */
	long quarters(String text);

	/**
	 * Goes by characters and their script alone.
	 * @param text the text
	 * @return quarters of a token
	 */
	static long characters(String text) {
		long quarters = text.length();
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character > LAST_OF_ASCII) {
				quarters += (character > LAST_OF_ALPHABETS) ? 3 : 1;
			}
		}
		return quarters;
	}

	/**
	 * Goes by the length alone, at two tokens a character: what hardly any text exceeds.
	 * @param text the text
	 * @return quarters of a token
	 */
	static long most(String text) {
		return 2 * TOKEN * text.length();
	}

}
