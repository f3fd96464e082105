package io.github.grokspring.chain;

import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Prevents failures of observation handlers and conventions from affecting the observed
 * call. Micrometer propagates their exceptions, which would fail a call that has already
 * been billed or leave it without an end signal. Here they are logged instead.
 *
 * @since 0.1.0
 */
public final class FailSafeObservations {

	private static final Log logger = LogFactory.getLog(FailSafeObservations.class);

	private FailSafeObservations() {
	}

	/**
	 * Starts an observation.
	 * @param observation the observation
	 */
	public static void start(Observation observation) {
		run(observation, observation::start);
	}

	/**
	 * Records an error.
	 * @param observation the observation
	 * @param failure the error
	 */
	public static void error(Observation observation, Throwable failure) {
		run(observation, () -> observation.error(failure));
	}

	/**
	 * Stops an observation.
	 * @param observation the observation
	 */
	public static void stop(Observation observation) {
		run(observation, observation::stop);
	}

	/**
	 * Executes an action in the scope of an observation. The previous scope is always
	 * restored.
	 * @param observation the observation
	 * @param registry the registry of the observation
	 * @param action the action
	 * @param <T> the result type
	 * @return the result
	 */
	public static <T extends @Nullable Object> T callInScope(Observation observation, ObservationRegistry registry,
			Supplier<T> action) {
		Observation.Scope before = registry.getCurrentObservationScope();
		Observation.Scope scope = openScope(observation, registry);
		try {
			return action.get();
		}
		finally {
			if (scope != null && scope != before) {
				run(observation, scope::close);
				registry.setCurrentObservationScope(before);
			}
		}
	}

	private static Observation.@Nullable Scope openScope(Observation observation, ObservationRegistry registry) {
		try {
			return observation.openScope();
		}
		catch (Throwable ex) {
			logFailure(observation, ex);
			// Already opened by the handlers that preceded the failed one
			return registry.getCurrentObservationScope();
		}
	}

	private static void run(Observation observation, Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			logFailure(observation, ex);
		}
	}

	private static void logFailure(Observation observation, Throwable failure) {
		if (failure instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
		logger.warn("An observation handler or convention failed for '" + observation.getContextView().getName()
				+ "'; the call continues", failure);
	}

}
