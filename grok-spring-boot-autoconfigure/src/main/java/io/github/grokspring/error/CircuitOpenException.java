package io.github.grokspring.error;

import java.time.Instant;

/**
 * A request was not sent, because the last ones to this model failed and the circuit
 * breaker gives the server time to recover.
 *
 * @since 0.1.0
 */
public final class CircuitOpenException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	private final Instant until;

	/**
	 * Create an exception.
	 * @param model the model that was asked
	 * @param until when the next request is let through
	 * @param message what happened and what to do
	 */
	public CircuitOpenException(String model, Instant until, String message) {
		super(message, null, true);
		this.model = model;
		this.until = until;
	}

	/**
	 * The model that was asked.
	 * @return its id
	 */
	public String model() {
		return this.model;
	}

	/**
	 * When the next request is let through.
	 * @return the instant
	 */
	public Instant until() {
		return this.until;
	}

}
