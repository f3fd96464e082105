package io.github.grokspring.test;

import org.jspecify.annotations.Nullable;

/**
 * How a stream goes: its speed, and what goes wrong. Counts below 0 mean never.
 */
record Course(long paceNanos, long thinkingNanos, int stallAfter, long stallNanos, int endAfter,
		@Nullable ErrorText error) {

	boolean isCut() {
		return this.endAfter >= 0;
	}

	/**
	 * The same, but with an error after a number of pieces.
	 * @param pieces pieces of text sent before
	 * @param error what is sent last
	 * @return another course
	 */
	Course failingAfter(int pieces, ErrorText error) {
		return new Course(this.paceNanos, this.thinkingNanos, this.stallAfter, this.stallNanos, pieces, error);
	}

	/**
	 * An error told in the body, under status 200.
	 */
	record ErrorText(String code, String text) {

		byte[] toJson() {
			return Refusal.body(this.code, this.text);
		}

	}

}
