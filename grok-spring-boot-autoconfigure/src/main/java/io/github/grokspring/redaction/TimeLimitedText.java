package io.github.grokspring.redaction;

import java.util.function.LongSupplier;

/**
 * A text that looks at the clock while it is read, because a regular expression cannot be
 * stopped in any other way. For one search on one thread.
 */
final class TimeLimitedText implements CharSequence {

	private static final int STEPS_BETWEEN_LOOKS = 4_096;

	private final String text;

	private final LongSupplier nanoTime;

	private final long begun;

	private final long limit;

	private int steps;

	TimeLimitedText(String text, LongSupplier nanoTime, long limit) {
		this.text = text;
		this.nanoTime = nanoTime;
		this.limit = limit;
		this.begun = nanoTime.getAsLong();
		if (limit < 0) {
			throw new TimeUpException();
		}
	}

	@Override
	public char charAt(int index) {
		if (++this.steps == STEPS_BETWEEN_LOOKS) {
			this.steps = 0;
			if (Thread.currentThread().isInterrupted()) {
				throw new InterruptedSearchException();
			}
			if (this.nanoTime.getAsLong() - this.begun > this.limit) {
				throw new TimeUpException();
			}
		}
		return this.text.charAt(index);
	}

	@Override
	public int length() {
		return this.text.length();
	}

	@Override
	public CharSequence subSequence(int start, int end) {
		return this.text.substring(start, end);
	}

	@Override
	public String toString() {
		return "a text of " + length() + " characters";
	}

	/**
	 * The thread of the search was interrupted, and still is.
	 */
	@SuppressWarnings("serial")
	static final class InterruptedSearchException extends RuntimeException {

		private InterruptedSearchException() {
			super(null, null, false, false);
		}

	}

	/**
	 * The search has taken too long.
	 */
	@SuppressWarnings("serial")
	static final class TimeUpException extends RuntimeException {

		private TimeUpException() {
			super(null, null, false, false);
		}

	}

}
