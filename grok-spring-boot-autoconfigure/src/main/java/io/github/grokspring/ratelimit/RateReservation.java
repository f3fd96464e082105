package io.github.grokspring.ratelimit;

/**
 * What a request takes from one rate.
 *
 * @param from which rate
 * @param rate how it was limited at that time
 * @param bucket what is left of it
 * @param amount how much the request takes
 */
record RateReservation(OptionalRate from, Rate rate, RateBucket bucket, long amount) {

	LimitType limit() {
		return this.from.name().limit();
	}

	void giveBack() {
		this.bucket.giveBack(this.amount);
	}

	/**
	 * Correct what was taken.
	 * @param actual how much it should have been
	 */
	void correct(long actual) {
		if (actual > this.amount) {
			this.bucket.take(actual - this.amount);
		}
		else {
			this.bucket.giveBack(this.amount - actual);
		}
	}

}
