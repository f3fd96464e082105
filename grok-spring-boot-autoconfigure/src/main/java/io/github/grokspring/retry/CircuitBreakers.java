package io.github.grokspring.retry;

import java.util.List;
import java.util.function.Consumer;

import io.github.grokspring.chain.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * Circuit breakers of an application, one per client and model. They stop requests to a
 * failing model until it has had time to recover. Implementations do not block and are
 * safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface CircuitBreakers {

	/**
	 * Acquires the permission to send one request.
	 * @param client the name of the client
	 * @param model the model of the request
	 * @return the permit, which must be notified of the outcome
	 * @throws io.github.grokspring.error.CircuitOpenException if the request must not be
	 * sent
	 */
	Permit acquire(String client, String model);

	/**
	 * Returns the state of all circuit breakers.
	 * @return one status for each client and model in use, sorted by name
	 */
	List<CircuitBreakerStatus> statuses();

	/**
	 * Closes a circuit breaker and clears its sliding window.
	 * @param name the {@linkplain CircuitBreakerStatus#name() name} of the circuit
	 * breaker
	 * @return whether the circuit breaker exists
	 */
	boolean reset(String name);

	/**
	 * Creates circuit breakers that use Resilience4j, which must be on the class path.
	 * @param settings the settings
	 * @param time the time source; adjustments of the wall-clock time have no effect on
	 * the state
	 * @param registryCustomizer receives the registry while it is empty, for example to
	 * bind meters
	 * @return the circuit breakers
	 */
	static CircuitBreakers create(CircuitBreakerSettings settings, TimeSource time,
			Consumer<CircuitBreakerRegistry> registryCustomizer) {
		return new Resilience4jCircuitBreakers(settings, time, registryCustomizer);
	}

	/**
	 * Permission to send one request. Only the first outcome counts, so
	 * {@link #release()} may always be called last.
	 */
	interface Permit {

		/**
		 * Records a successful call.
		 */
		void onSuccess();

		/**
		 * Records a failed call.
		 * @param failure the failure; ignored unless it indicates an outage
		 */
		void onError(Throwable failure);

		/**
		 * Releases the permit of a call without an outcome.
		 */
		void release();

	}

}
