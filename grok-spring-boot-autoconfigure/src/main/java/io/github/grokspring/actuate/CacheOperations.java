package io.github.grokspring.actuate;

/**
 * What the endpoint shows of the cache of answers, and does to it. A bean of this type
 * connects a cache. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface CacheOperations {

	/**
	 * How many calls were answered from the cache.
	 * @return the number since the application started
	 */
	long hits();

	/**
	 * How many calls were not.
	 * @return the number since the application started
	 */
	long misses();

	/**
	 * How much the calls would have cost that were answered from the cache.
	 * @return the amount in ticks, of which 10^10 are one US dollar
	 */
	long savedTicks();

	/**
	 * Forget all answers.
	 */
	void clear();

}
