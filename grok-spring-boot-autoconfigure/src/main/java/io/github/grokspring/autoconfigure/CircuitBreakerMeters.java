package io.github.grokspring.autoconfigure;

import java.util.function.Consumer;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * Binds Resilience4j's own meters to circuit breakers.
 *
 * @param binding binds the registry of the circuit breakers
 */
record CircuitBreakerMeters(Consumer<CircuitBreakerRegistry> binding) {

	static CircuitBreakerMeters none() {
		return new CircuitBreakerMeters((registry) -> {
		});
	}

}
