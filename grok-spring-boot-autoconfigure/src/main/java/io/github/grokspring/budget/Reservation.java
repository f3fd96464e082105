package io.github.grokspring.budget;

import java.util.Map;

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
	 * What an attempt is expected to cost at most, beyond which no report of tokens or
	 * cost is trusted that another one contradicts.
	 * @param model the model that is asked
	 * @return the amount in ticks
	 */
	default long worstCase(String model) {
		return ticks();
	}

	/**
	 * An attempt begins, so the call is still under way. Where the model that is asked
	 * now may cost more than the one for which money is reserved, more is reserved, and
	 * where it has a limit of its own, money is reserved there too, whether there is room
	 * or not: others get no room then.
	 * @param model the model that is asked
	 */
	void attemptStarted(String model);

	/**
	 * A model is asked that takes nothing of this reservation, so that it is given back
	 * until the next attempt begins or the call ends.
	 */
	default void suspend() {
	}

	/**
	 * Something has come of the answer, so the call is still under way.
	 */
	void touch();

	/**
	 * The call has ended. Counts once.
	 * @param ticks what it cost, in ticks, by the models that were asked; empty when
	 * nothing was spent
	 * @return completes when that is noted, which an event loop need not wait for
	 */
	Mono<Void> settle(Map<String, Long> ticks);

	/**
	 * The call has ended, and no other model was asked than {@link #model()}. Counts
	 * once.
	 * @param ticks what it cost, in ticks, 0 when nothing was spent
	 * @return completes when that is noted, which an event loop need not wait for
	 */
	default Mono<Void> settle(long ticks) {
		return settle((ticks > 0) ? Map.of(model(), ticks) : Map.of());
	}

	/**
	 * It turned out after the end that the call cost more.
	 * @param model the model that was asked
	 * @param ticks what is to be added, in ticks
	 */
	void add(String model, long ticks);

}
