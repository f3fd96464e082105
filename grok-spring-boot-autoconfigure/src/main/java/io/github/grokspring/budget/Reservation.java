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
	 * What an attempt counts as of which nobody says what it cost.
	 * @return the amount in ticks, reserved in every budget
	 */
	long unknown();

	/**
	 * An attempt begins, so the call is still under way. Where the model that is asked
	 * now may cost more than the one for which money is reserved, more is reserved,
	 * whether there is room or not: others get no room then.
	 * @param model the model that is asked
	 */
	void attempt(String model);

	/**
	 * Something has come of the answer, so the call is still under way.
	 */
	void alive();

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
