package io.github.grokspring.retry;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a circuit breaker is at a moment.
 *
 * @param name its name
 * @param client the client whose calls it counts
 * @param model the model that they go to
 * @param state whether requests are sent
 * @param failureRate the share of failures among the latest calls in percent, or
 * {@code null} while there are too few of them
 * @param until until when nothing is sent, {@code null} unless it is open
 * @since 0.1.0
 */
public record CircuitBreakerStatus(String name, String client, String model, State state, @Nullable Double failureRate,
		@Nullable Instant until) {

	/**
	 * Whether requests are sent.
	 */
	public enum State {

		/**
		 * They are.
		 */
		CLOSED,

		/**
		 * They are not.
		 */
		OPEN,

		/**
		 * A few are, to see whether the model has recovered.
		 */
		HALF_OPEN

	}

}
