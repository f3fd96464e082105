package io.github.grokspring.token;

/**
 * A sample of a text that bounds the time for counting: the whole text, or parts
 * distributed over it.
 */
record TextSample(String text, int originalLength) {

	/** Maximum number of characters to count. */
	static final int MAX_LENGTH = 131_072;

	private static final int PART_COUNT = 64;

	private static final int PART_LENGTH = MAX_LENGTH / PART_COUNT;

	static TextSample of(String text) {
		if (text.length() <= MAX_LENGTH) {
			return new TextSample(text, text.length());
		}
		StringBuilder parts = new StringBuilder(MAX_LENGTH);
		int lastStart = text.length() - PART_LENGTH;
		for (int i = 0; i < PART_COUNT; i++) {
			int start = (int) ((long) lastStart * i / (PART_COUNT - 1));
			int end = start + PART_LENGTH;
			// Does not split surrogate pairs
			parts.append(text, splitsSurrogatePair(text, start) ? start + 1 : start,
					splitsSurrogatePair(text, end) ? end - 1 : end);
		}
		return new TextSample(parts.toString(), text.length());
	}

	private static boolean splitsSurrogatePair(String text, int index) {
		return index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index))
				&& Character.isHighSurrogate(text.charAt(index - 1));
	}

	/**
	 * Extrapolates the count of the sample to the original text.
	 */
	int extrapolate(long tokens) {
		return (this.text.length() == this.originalLength) ? (int) Math.min(Integer.MAX_VALUE, tokens)
				: (int) Math.min(Integer.MAX_VALUE, tokens * this.originalLength / this.text.length());
	}

}
