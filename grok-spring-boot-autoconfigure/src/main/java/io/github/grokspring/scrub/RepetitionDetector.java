package io.github.grokspring.scrub;

import java.util.Arrays;

/**
 * Detects that a growing text ends with repetitions of the same unit: that its last
 * {@code n} characters have a period of {@code p} characters, where {@code n} is at least
 * the minimum number of characters and at least {@code p} times the minimum number of
 * repetitions.
 * <p>
 * Takes amortized constant time per character and retains about four times the longest
 * unit. The result does not depend on how the text is split. It is exact for a minimum of
 * at least eight repetitions; with a smaller one, up to eight repetitions may pass before
 * the unit is detected. Not thread-safe.
 */
final class RepetitionDetector {

	/** A window of two units, and the characters until the next window. */
	private static final int RETAINED_UNITS = 4;

	private static final int INITIAL_CAPACITY = 256;

	private final int minRepetitions;

	private final int minCharacters;

	private final int maxCapacity;

	private final UnitRange[] ranges;

	/** Ring buffer with the end of the text. */
	private char[] recent;

	private int[] borders = new int[0];

	private long count;

	private int unit;

	private long repetitions;

	RepetitionDetector(int minRepetitions, int minCharacters, int maxUnit) {
		this.minRepetitions = minRepetitions;
		this.minCharacters = minCharacters;
		this.maxCapacity = powerOfTwo(RETAINED_UNITS * maxUnit);
		this.recent = new char[Math.min(INITIAL_CAPACITY, this.maxCapacity)];
		this.ranges = scales(minCharacters, maxUnit);
	}

	// A window detects units of up to half its length, but only once it is full. Smaller
	// windows detect shorter units earlier.
	private static UnitRange[] scales(int minCharacters, int maxUnit) {
		int count = 1;
		for (int unit = maxUnit; unit > 1 && RETAINED_UNITS * unit > minCharacters; unit /= 2) {
			count++;
		}
		UnitRange[] scales = new UnitRange[count];
		for (int i = 0, unit = maxUnit; i < count; i++, unit /= 2) {
			scales[i] = new UnitRange(unit);
		}
		return scales;
	}

	private static int powerOfTwo(int atLeast) {
		return Integer.highestOneBit(Math.max(1, atLeast - 1)) << 1;
	}

	/**
	 * Appends text, up to the character at which a repetition is detected.
	 * @param text the text
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
	 * Returns the length of the detected unit in characters, 0 if there is none.
	 */
	int unit() {
		return this.unit;
	}

	/**
	 * Returns the number of complete repetitions at the time of detection.
	 */
	long repetitions() {
		return this.repetitions;
	}

	private boolean append(char next) {
		if (this.count == this.recent.length && this.recent.length < this.maxCapacity) {
			this.recent = Arrays.copyOf(this.recent, 2 * this.recent.length);
		}
		this.recent[index(this.count++)] = next;
		for (UnitRange range : this.ranges) {
			if (range.unit > 0) {
				if (this.recent[index(this.count - 1 - range.unit)] != next) {
					range.unit = 0;
					range.nextCheck = this.count - 1 + range.window();
				}
			}
			else if (this.count >= range.nextCheck) {
				check(range);
			}
			if (range.unit > 0 && isRunaway(range)) {
				return true;
			}
		}
		return false;
	}

	private boolean isRunaway(UnitRange range) {
		long length = this.count - range.start;
		if (length < this.minCharacters || length < (long) this.minRepetitions * range.unit) {
			return false;
		}
		this.unit = range.unit;
		this.repetitions = length / range.unit;
		return true;
	}

	/**
	 * Determines the smallest period of the last window. The window before it had none,
	 * so the start of the repetition is still in the buffer.
	 */
	private void check(UnitRange range) {
		range.nextCheck = this.count + range.window();
		range.unit = period(range);
		if (range.unit > 0) {
			range.start = this.count - range.window();
			while (range.start > Math.max(0, this.count - this.recent.length)
					&& this.recent[index(range.start - 1)] == this.recent[index(range.start - 1 + range.unit)]) {
				range.start--;
			}
		}
	}

	/**
	 * Returns the smallest period of the last window, computed backwards with the prefix
	 * function of Knuth, Morris and Pratt. The period never decreases with the length, so
	 * most texts are not read to the end.
	 * @return the period, 0 if it exceeds the longest unit
	 */
	private int period(UnitRange range) {
		int window = range.window();
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
			if (i + 1 - border > range.maxUnit) {
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
	 * State of the detection of units up to a length. There is at most one current unit:
	 * if a window of twice their length has two periods, both are multiples of a third.
	 */
	private static final class UnitRange {

		private final int maxUnit;

		/** Current period of the end of the text, 0 if there is none. */
		private int unit;

		/** Position at which the repetition starts. */
		private long start;

		private long nextCheck;

		UnitRange(int maxUnit) {
			this.maxUnit = maxUnit;
			this.nextCheck = window();
		}

		private int window() {
			return 2 * this.maxUnit;
		}

	}

}
