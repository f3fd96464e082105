package io.github.grokspring.token;

/**
 * As much of a text as is counted, so that no text takes long: all of it, or parts from
 * everywhere.
 *
 * @param text what is counted
 * @param whole how many characters it stands for
 */
record TextSample(String text, int whole) {

	/** As many characters are counted at most. */
	static final int MOST = 131_072;

	private static final int PARTS = 64;

	private static final int PART = MOST / PARTS;

	static TextSample of(String text) {
		if (text.length() <= MOST) {
			return new TextSample(text, text.length());
		}
		StringBuilder parts = new StringBuilder(MOST);
		int rest = text.length() - PART;
		for (int i = 0; i < PARTS; i++) {
			int start = (int) ((long) rest * i / (PARTS - 1));
			int end = start + PART;
			// No half of a character, which nobody could count
			parts.append(text, splits(text, start) ? start + 1 : start, splits(text, end) ? end - 1 : end);
		}
		return new TextSample(parts.toString(), text.length());
	}

	private static boolean splits(String text, int index) {
		return index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index))
				&& Character.isHighSurrogate(text.charAt(index - 1));
	}

	/**
	 * What the whole text counts as.
	 * @param tokens what this counts as
	 * @return tokens
	 */
	int scaled(long tokens) {
		return (this.text.length() == this.whole) ? (int) Math.min(Integer.MAX_VALUE, tokens)
				: (int) Math.min(Integer.MAX_VALUE, tokens * this.whole / this.text.length());
	}

}
