package io.github.grokspring.error;

import java.time.Instant;

/**
 * Thrown when a request is rejected because the circuit breaker of its model is open
 * after repeated failures.
 *
 * @since 0.1.0
 */
public final class CircuitOpenException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	private final Instant until;

	/**
	 * Creates an exception.
	 * @param model the ID of the requested model
	 * @param until the time from which the next request is permitted
	 * @param message what happened and what to do
	 */
	public CircuitOpenException(String model, Instant until, String message) {
		super(message, null, true);
		this.model = model;
		this.until = until;
	}

	/**
	 * Returns the ID of the requested model.
	 * @return the model
	 */
	public String model() {
		return this.model;
	}

	/**
	 * Returns the time from which the next request is permitted.
	 * @return the instant
	 */
	public Instant until() {
		return this.until;
	}

}
