package io.github.grokspring.budget;

import reactor.core.publisher.Mono;

/**
 * An amount that is reserved for one call. Safe for use by several threads; nothing of it
 * blocks an event loop, and nothing fails.
 *
 * @since 0.1.0
 */
public interface Reservation {

	/**
	 * Which model is to be asked.
	 * @return the model of the request, or a cheaper one that a budget wants instead
	 */
	String model();

	/**
	 * How much is reserved, in the budget where it is the most.
	 * @return the amount in ticks
	 */
	long ticks();

	/**
	 * The call has ended. Counts once.
	 * @param ticks what it cost, in ticks, 0 when nothing was spent
	 * @return completes when that is noted, which an event loop need not wait for
	 */
	Mono<Void> settle(long ticks);

	/**
	 * It turned out after the end that the call cost more.
	 * @param ticks what is to be added, in ticks
	 */
	void add(long ticks);

}
