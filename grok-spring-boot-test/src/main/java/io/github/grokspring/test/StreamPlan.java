package io.github.grokspring.test;

import org.jspecify.annotations.Nullable;

/**
 * Timing and faults of a stream. Negative counts are disabled.
 */
record StreamPlan(long paceNanos, long thinkingNanos, int stallAfter, long stallNanos, int endAfter,
		@Nullable ErrorText error) {

	boolean isTruncated() {
		return this.endAfter >= 0;
	}

	StreamPlan failingAfter(int pieces, ErrorText error) {
		return new StreamPlan(this.paceNanos, this.thinkingNanos, this.stallAfter, this.stallNanos, pieces, error);
	}

	/**
	 * Error in the body of a response with status 200.
	 */
	record ErrorText(String code, String text) {

		byte[] toJson() {
			return ApiErrorException.body(this.code, this.text);
		}

	}

}
