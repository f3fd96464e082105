package io.github.grokspring.budget;

import java.util.Map;

import reactor.core.publisher.Mono;

/**
 * Reservation for one call. Implementations are thread-safe. No method throws or blocks
 * an event loop.
 *
 * @since 0.1.0
 */
public interface Reservation {

	/**
	 * Returns the model to call.
	 * @return the model of the request, or the cheaper one of a budget
	 */
	String model();

	/**
	 * Returns the largest amount reserved in a budget.
	 * @return the amount in ticks
	 */
	long ticks();

	/**
	 * Returns the estimated maximum cost of an attempt. Of two contradicting reports of
	 * tokens or cost, the one above this amount is not trusted.
	 * @param model the model that is called
	 * @return the amount in ticks
	 */
	default long maximumCost(String model) {
		return ticks();
	}

	/**
	 * Renews the lease when an attempt starts. If its model may cost more than the
	 * reserved amount, the reservation grows, and if that model has a limit of its own,
	 * the amount is reserved there as well, regardless of limits.
	 * @param model the model that is called
	 */
	void attemptStarted(String model);

	/**
	 * Releases the reservation until the next attempt starts or the call ends, while a
	 * model of another provider is called.
	 */
	default void suspend() {
	}

	/**
	 * Renews the lease when a part of the response arrives.
	 */
	void touch();

	/**
	 * Settles the reservation when the call has ended. Only the first invocation counts.
	 * @param ticks the cost in ticks by model; empty if nothing was spent
	 * @return completes when the cost is recorded; event loops do not need to wait
	 */
	Mono<Void> settle(Map<String, Long> ticks);

	/**
	 * Settles the reservation of a call that used only {@link #model()}. Only the first
	 * invocation counts.
	 * @param ticks the cost in ticks, 0 if nothing was spent
	 * @return completes when the cost is recorded; event loops do not need to wait
	 */
	default Mono<Void> settle(long ticks) {
		return settle((ticks > 0) ? Map.of(model(), ticks) : Map.of());
	}

	/**
	 * Adds cost that became known after the end of the call.
	 * @param model the model that was called
	 * @param ticks the additional cost in ticks
	 */
	void add(String model, long ticks);

}
