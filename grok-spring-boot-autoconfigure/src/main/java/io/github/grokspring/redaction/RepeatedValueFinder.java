package io.github.grokspring.redaction;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds further occurrences, as whole words, of values that were detected by their
 * context. The values are sorted, so that a binary search finds the longest match at a
 * position, however many values there are.
 */
final class RepeatedValueFinder {

	private static final int MIN_LENGTH = 6;

	private static final int MAX_LENGTH = 512;

	private final char[][] values;

	private final String[] kinds;

	/** Index of the longest other value that a value starts with, or -1. */
	private final int[] prefixes;

	/** The same for prefixes that end a word within the value. */
	private final int[] wordPrefixes;

	private final BitSet firstChars = new BitSet();

	/** The first {@link #MIN_LENGTH} characters of each value. */
	private final Set<String> beginnings = new HashSet<>();

	/**
	 * Creates a finder. Values that are so short that they could be ordinary words are
	 * ignored.
	 */
	RepeatedValueFinder(Map<String, String> kinds) {
		String[] sorted = kinds.keySet()
			.stream()
			.filter((value) -> value.length() >= MIN_LENGTH && value.length() <= MAX_LENGTH)
			.sorted()
			.toArray(String[]::new);
		this.values = Arrays.stream(sorted).map(String::toCharArray).toArray(char[][]::new);
		this.kinds = Arrays.stream(sorted).map(kinds::get).toArray(String[]::new);
		this.prefixes = new int[sorted.length];
		this.wordPrefixes = new int[sorted.length];
		for (int i = 0; i < sorted.length; i++) {
			int prefix = i - 1;
			while (prefix >= 0 && !sorted[i].startsWith(sorted[prefix])) {
				prefix = this.prefixes[prefix];
			}
			this.prefixes[i] = prefix;
			this.wordPrefixes[i] = (prefix < 0 || endsWord(sorted[i], sorted[prefix].length())) ? prefix
					: this.wordPrefixes[prefix];
			this.firstChars.set(sorted[i].charAt(0));
			this.beginnings.add(sorted[i].substring(0, MIN_LENGTH));
		}
	}

	void find(String text, List<DetectedValue> found) {
		if (this.values.length == 0) {
			return;
		}
		char[] chars = text.toCharArray();
		for (int start = 0; start <= chars.length - MIN_LENGTH; start++) {
			if (this.firstChars.get(chars[start]) && (Chars.beginsWord(text, start) || !Chars.isWord(chars[start]))
					&& this.beginnings.contains(text.substring(start, start + MIN_LENGTH))) {
				int value = longestAt(text, chars, start);
				if (value >= 0) {
					found.add(new DetectedValue(this.kinds[value], start, start + this.values[value].length));
				}
			}
		}
	}

	private int longestAt(String text, char[] chars, int start) {
		int value = 0;
		int common = commonLength(chars, start, 0, 0);
		if (isAfter(chars, start, 0, common)) {
			return -1;
		}
		// Characters that both bounds share with the text are not compared again
		int high = this.values.length - 1;
		int highCommon = commonLength(chars, start, high, 0);
		if (!isAfter(chars, start, high, highCommon)) {
			value = high;
			common = highCommon;
		}
		while (high - value > 1) {
			int middle = (value + high) >>> 1;
			int middleCommon = commonLength(chars, start, middle, Math.min(common, highCommon));
			if (isAfter(chars, start, middle, middleCommon)) {
				high = middle;
				highCommon = middleCommon;
			}
			else {
				value = middle;
				common = middleCommon;
			}
		}
		while (value >= 0 && this.values[value].length > common) {
			value = this.prefixes[value];
		}
		return (value < 0 || endsWord(text, start + this.values[value].length)) ? value : this.wordPrefixes[value];
	}

	private int commonLength(char[] chars, int start, int index, int known) {
		char[] value = this.values[index];
		int length = Math.min(value.length, chars.length - start);
		int mismatch = Arrays.mismatch(value, known, length, chars, start + known, start + length);
		return (mismatch >= 0) ? known + mismatch : length;
	}

	private boolean isAfter(char[] chars, int start, int index, int common) {
		char[] value = this.values[index];
		return common < value.length && (start + common == chars.length || value[common] > chars[start + common]);
	}

	private static boolean endsWord(String text, int end) {
		return Chars.endsWord(text, end) || !Chars.isWord(text.charAt(end - 1));
	}

	@Override
	public String toString() {
		return this.values.length + " values";
	}

}
