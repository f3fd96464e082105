package io.github.grokspring.redaction;

import java.util.function.LongSupplier;

/**
 * A text that checks a time limit while it is read, because a regular expression cannot
 * be cancelled otherwise. For a single search on a single thread.
 */
final class TimeLimitedText implements CharSequence {

	private static final int CHECK_INTERVAL = 4_096;

	private final String text;

	private final LongSupplier nanoTime;

	private final long startedAt;

	private final long limit;

	private int steps;

	TimeLimitedText(String text, LongSupplier nanoTime, long limit) {
		this.text = text;
		this.nanoTime = nanoTime;
		this.limit = limit;
		this.startedAt = nanoTime.getAsLong();
		if (limit < 0) {
			throw new TimeUpException();
		}
	}

	@Override
	public char charAt(int index) {
		if (++this.steps == CHECK_INTERVAL) {
			this.steps = 0;
			if (Thread.currentThread().isInterrupted()) {
				throw new InterruptedSearchException();
			}
			if (this.nanoTime.getAsLong() - this.startedAt > this.limit) {
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
	 * Thrown if the thread is interrupted. The interrupt flag remains set.
	 */
	@SuppressWarnings("serial")
	static final class InterruptedSearchException extends RuntimeException {

		private InterruptedSearchException() {
			super(null, null, false, false);
		}

	}

	@SuppressWarnings("serial")
	static final class TimeUpException extends RuntimeException {

		private TimeUpException() {
			super(null, null, false, false);
		}

	}

}
