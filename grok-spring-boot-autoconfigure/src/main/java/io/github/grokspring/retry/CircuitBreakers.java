package io.github.grokspring.retry;

import java.util.List;
import java.util.function.Consumer;

import io.github.grokspring.chain.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * The circuit breakers of an application, one for each client and model. They stop
 * requests to a model that keeps failing, until it had time to recover. Implementations
 * never block and are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface CircuitBreakers {

	/**
	 * Ask for leave to send one request.
	 * @param client the client that sends it
	 * @param model the model that it is for
	 * @return the permit, on which the outcome has to be reported
	 * @throws io.github.grokspring.error.CircuitOpenException if it is not to be sent
	 */
	Permit acquire(String client, String model);

	/**
	 * How the circuit breakers are.
	 * @return one status for each client and model that was asked for, by name
	 */
	List<CircuitBreakerStatus> statuses();

	/**
	 * Close a circuit breaker and let it forget what it has seen.
	 * @param name its name, as its status says it
	 * @return whether there is one of that name
	 */
	boolean reset(String name);

	/**
	 * Circuit breakers of Resilience4j, which has to be on the class path.
	 * @param settings when they open and close
	 * @param time the time
	 * @param registered is given the registry of the circuit breakers before there is
	 * any, such as to bind meters to it
	 * @return circuit breakers
	 */
	static CircuitBreakers create(CircuitBreakerSettings settings, TimeSource time,
			Consumer<CircuitBreakerRegistry> registered) {
		return new Resilience4jCircuitBreakers(settings, time, registered);
	}

	/**
	 * Leave to send one request. The first report counts, all later ones are ignored, so
	 * that {@link #release()} may always come last.
	 */
	interface Permit {

		/**
		 * The model has answered.
		 */
		void succeeded();

		/**
		 * The request has failed.
		 * @param failure how; it may be one that says nothing about the model
		 */
		void failed(Throwable failure);

		/**
		 * The request was given up before it had an outcome.
		 */
		void release();

	}

}
