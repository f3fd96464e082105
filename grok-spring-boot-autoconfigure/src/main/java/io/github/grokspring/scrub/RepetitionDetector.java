package io.github.grokspring.scrub;

import java.util.Arrays;

/**
 * Detects that a growing text ends in one unit repeated over and over: that its last
 * {@code n} characters have a period of {@code p} characters, where {@code n} is at least
 * the minimum of characters and at least {@code p} times the minimum of repetitions.
 * <p>
 * Takes amortized constant time per character and keeps some four times the longest unit.
 * The decision does not depend on how the text is split. It is exact from eight
 * repetitions on; with a smaller minimum, a unit may have been repeated up to eight times
 * before it is found. Not safe for use by several threads.
 */
final class RepetitionDetector {

	/**
	 * How many of the longest units are kept: one window, and what comes until the next.
	 */
	private static final int UNITS_KEPT = 4;

	private static final int INITIAL_CAPACITY = 256;

	private final int minRepetitions;

	private final int minCharacters;

	private final int maxCapacity;

	private final Scale[] scales;

	/**
	 * The end of the text, as a ring: a character stands at its index modulo the length.
	 */
	private char[] recent;

	private int[] borders = new int[0];

	private long count;

	private int unit;

	private long repetitions;

	RepetitionDetector(int minRepetitions, int minCharacters, int maxUnit) {
		this.minRepetitions = minRepetitions;
		this.minCharacters = minCharacters;
		this.maxCapacity = powerOfTwo(UNITS_KEPT * maxUnit);
		this.recent = new char[Math.min(INITIAL_CAPACITY, this.maxCapacity)];
		this.scales = scales(minCharacters, maxUnit);
	}

	/**
	 * A window finds each unit of up to half its length, but only when it is full. What
	 * must be found earlier needs smaller ones.
	 */
	private static Scale[] scales(int minCharacters, int maxUnit) {
		int count = 1;
		for (int unit = maxUnit; unit > 1 && UNITS_KEPT * unit > minCharacters; unit /= 2) {
			count++;
		}
		Scale[] scales = new Scale[count];
		for (int i = 0, unit = maxUnit; i < count; i++, unit /= 2) {
			scales[i] = new Scale(unit);
		}
		return scales;
	}

	private static int powerOfTwo(int atLeast) {
		return Integer.highestOneBit(Math.max(1, atLeast - 1)) << 1;
	}

	/**
	 * Appends to the text, up to the character at which a repetition is detected.
	 * @param text what comes next
	 * @return whether a repetition was detected
	 */
	boolean append(CharSequence text) {
		int length = text.length();
		for (int i = 0; i < length; i++) {
			if (append(text.charAt(i))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Length of the unit that was detected.
	 * @return the number of characters, 0 as long as there is none
	 */
	int unit() {
		return this.unit;
	}

	/**
	 * How often the unit was repeated when it was detected.
	 * @return the number of whole repetitions
	 */
	long repetitions() {
		return this.repetitions;
	}

	private boolean append(char next) {
		if (this.count == this.recent.length && this.recent.length < this.maxCapacity) {
			this.recent = Arrays.copyOf(this.recent, 2 * this.recent.length);
		}
		this.recent[index(this.count++)] = next;
		for (Scale scale : this.scales) {
			if (scale.unit > 0) {
				if (this.recent[index(this.count - 1 - scale.unit)] != next) {
					scale.unit = 0;
					scale.nextCheck = this.count - 1 + scale.window();
				}
			}
			else if (this.count >= scale.nextCheck) {
				check(scale);
			}
			if (scale.unit > 0 && isRunaway(scale)) {
				return true;
			}
		}
		return false;
	}

	private boolean isRunaway(Scale scale) {
		long length = this.count - scale.start;
		if (length < this.minCharacters || length < (long) this.minRepetitions * scale.unit) {
			return false;
		}
		this.unit = scale.unit;
		this.repetitions = length / scale.unit;
		return true;
	}

	/**
	 * Looks for the smallest period of the last window. There was none when the window
	 * before this one was looked at, so its beginning is still known.
	 */
	private void check(Scale scale) {
		scale.nextCheck = this.count + scale.window();
		scale.unit = period(scale);
		if (scale.unit > 0) {
			scale.start = this.count - scale.window();
			while (scale.start > Math.max(0, this.count - this.recent.length)
					&& this.recent[index(scale.start - 1)] == this.recent[index(scale.start - 1 + scale.unit)]) {
				scale.start--;
			}
		}
	}

	/**
	 * The smallest period of the last window, read backwards by the prefix function of
	 * Knuth, Morris and Pratt. It only grows with the length, so that most texts need not
	 * be read to the end.
	 * @return the period, 0 if it is longer than the longest unit
	 */
	private int period(Scale scale) {
		int window = scale.window();
		if (this.borders.length < window) {
			this.borders = new int[window];
		}
		long last = this.count - 1;
		int border = 0;
		for (int i = 1; i < window; i++) {
			char next = this.recent[index(last - i)];
			while (border > 0 && this.recent[index(last - border)] != next) {
				border = this.borders[border - 1];
			}
			if (this.recent[index(last - border)] == next) {
				border++;
			}
			if (i + 1 - border > scale.maxUnit) {
				return 0;
			}
			this.borders[i] = border;
		}
		return window - border;
	}

	private int index(long position) {
		return (int) position & (this.recent.length - 1);
	}

	/**
	 * What is known of units up to a length. While one is known, it is the only one: two
	 * periods of a window of twice their length are multiples of a third.
	 */
	private static final class Scale {

		private final int maxUnit;

		/** Period of the end of the text, 0 if none is known. */
		private int unit;

		/** Where what has this period begins. */
		private long start;

		private long nextCheck;

		Scale(int maxUnit) {
			this.maxUnit = maxUnit;
			this.nextCheck = window();
		}

		private int window() {
			return 2 * this.maxUnit;
		}

	}

}
