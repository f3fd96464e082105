package io.github.grokspring.ratelimit;

import java.util.concurrent.CompletableFuture;

/**
 * What is left of one rate of one model. It may be kept elsewhere and shared with other
 * instances, so nothing here blocks. Safe for use by several threads.
 */
interface RateBucket {

	/**
	 * Take an amount if it is there.
	 * @param amount not more than the burst of the rate
	 * @return 0 if it was taken, else how many nanoseconds it will take to come back if
	 * nobody else takes from it
	 */
	CompletableFuture<Long> tryTake(long amount);

	/**
	 * Take an amount that has been used already, though it may not be there. What is left
	 * does not get lower than one burst below nothing, because xAI forgets a minute, too.
	 * @param amount how much
	 */
	void take(long amount);

	/**
	 * Put back what was not used.
	 * @param amount how much
	 */
	void giveBack(long amount);

	/**
	 * Change the rate. What is left stays; what is allowed in addition is added.
	 * @param rate the new rate
	 */
	void replace(Rate rate);

	/**
	 * What is left, as far as that is known here.
	 * @return an amount, below 0 when more was used than allowed
	 */
	long left();

}
