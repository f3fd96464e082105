package io.github.grokspring.retry;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Snapshot of a circuit breaker.
 *
 * @param name the name of the circuit breaker
 * @param client the name of the client
 * @param model the model of the calls
 * @param state the state
 * @param failureRate percentage of failed calls in the sliding window, {@code null} if
 * there are too few calls
 * @param until end of the open state, {@code null} in other states
 * @since 0.1.0
 */
public record CircuitBreakerStatus(String name, String client, String model, State state, @Nullable Double failureRate,
		@Nullable Instant until) {

	/**
	 * State of a circuit breaker.
	 */
	public enum State {

		/**
		 * Requests are sent.
		 */
		CLOSED,

		/**
		 * No request is sent.
		 */
		OPEN,

		/**
		 * Trial requests are sent to find out whether the model has recovered.
		 */
		HALF_OPEN

	}

}
