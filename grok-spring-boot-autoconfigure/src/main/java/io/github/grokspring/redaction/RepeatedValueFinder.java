package io.github.grokspring.redaction;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Finds values that were recognized by their context wherever else they occur as whole
 * words. The values are sorted, so that a binary search leads to the longest one at a
 * place, however many there are.
 */
final class RepeatedValueFinder {

	private static final int SHORTEST = 6;

	private static final int LONGEST = 512;

	private final String[] values;

	private final String[] kinds;

	/** For each value the longest other one that it begins with, -1 if there is none. */
	private final int[] prefixes;

	private final BitSet firstChars = new BitSet();

	private int longest;

	/**
	 * Creates a finder. Values so short that they may be anything are left out.
	 * @param kinds the kinds of the values
	 */
	RepeatedValueFinder(Map<String, String> kinds) {
		this.values = kinds.keySet()
			.stream()
			.filter((value) -> value.length() >= SHORTEST && value.length() <= LONGEST)
			.sorted()
			.toArray(String[]::new);
		this.kinds = Arrays.stream(this.values).map(kinds::get).toArray(String[]::new);
		this.prefixes = new int[this.values.length];
		for (int i = 0; i < this.values.length; i++) {
			int prefix = i - 1;
			while (prefix >= 0 && !this.values[i].startsWith(this.values[prefix])) {
				prefix = this.prefixes[prefix];
			}
			this.prefixes[i] = prefix;
			this.firstChars.set(this.values[i].charAt(0));
			this.longest = Math.max(this.longest, this.values[i].length());
		}
	}

	void find(String text, List<DetectedValue> found) {
		for (int start = 0; start <= text.length() - SHORTEST; start++) {
			char first = text.charAt(start);
			if (this.firstChars.get(first) && (Chars.beginsWord(text, start) || !Chars.isWord(first))) {
				int value = longestAt(text, start);
				if (value >= 0) {
					found.add(new DetectedValue(this.kinds[value], start, start + this.values[value].length()));
				}
			}
		}
	}

	private int longestAt(String text, int start) {
		String window = text.substring(start, Math.min(text.length(), start + this.longest));
		int index = Arrays.binarySearch(this.values, window);
		int value = (index >= 0) ? index : -index - 2;
		int common = (value >= 0) ? commonPrefix(window, this.values[value]) : 0;
		while (value >= 0 && !(this.values[value].length() <= common && endsAt(text, start, this.values[value]))) {
			value = this.prefixes[value];
		}
		return value;
	}

	private static boolean endsAt(String text, int start, String value) {
		int end = start + value.length();
		return Chars.endsWord(text, end) || !Chars.isWord(text.charAt(end - 1));
	}

	private static int commonPrefix(String one, String other) {
		int length = Math.min(one.length(), other.length());
		int common = 0;
		while (common < length && one.charAt(common) == other.charAt(common)) {
			common++;
		}
		return common;
	}

	@Override
	public String toString() {
		return this.values.length + " values";
	}

}
