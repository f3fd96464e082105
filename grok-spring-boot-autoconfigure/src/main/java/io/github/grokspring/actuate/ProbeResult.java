package io.github.grokspring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import io.github.grokspring.error.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Result of a {@link Probe}.
 *
 * @param at the time of the check, {@code null} if nothing is known yet
 * @param latency the time until the response, {@code null} if there was no request
 * @param models the IDs of the served models, {@code null} if not known
 * @param names the IDs and aliases of the served models
 * @param rejectedModels the models that xAI has rejected
 * @param problem the problem, {@code null} if xAI is available
 * @since 0.1.0
 */
public record ProbeResult(@Nullable Instant at, @Nullable Duration latency, @Nullable List<String> models,
		Set<String> names, Set<String> rejectedModels, @Nullable Problem problem) {

	/**
	 * Creates a result. Collections are copied.
	 */
	public ProbeResult {
		models = (models != null) ? List.copyOf(models) : null;
		names = Set.copyOf(names);
		rejectedModels = Set.copyOf(rejectedModels);
	}

	/**
	 * Creates a result for an available xAI.
	 * @param at the time of the check
	 * @param latency the time until the response, {@code null} if there was no request
	 * @return the result
	 */
	public static ProbeResult usable(Instant at, @Nullable Duration latency) {
		return new ProbeResult(at, latency, null, Set.of(), Set.of(), null);
	}

	/**
	 * Creates a result for an unavailable xAI.
	 * @param at the time of the check
	 * @param latency the time until the response, {@code null} if there was no request
	 * @param problem the problem
	 * @return the result
	 */
	public static ProbeResult failed(Instant at, @Nullable Duration latency, Problem problem) {
		return new ProbeResult(at, latency, null, Set.of(), Set.of(), problem);
	}

	/**
	 * Creates a result for an unknown state.
	 * @return the result
	 */
	public static ProbeResult unknown() {
		return new ProbeResult(null, null, null, Set.of(), Set.of(), null);
	}

	ProbeResult withModels(Collection<String> ids, Collection<String> names) {
		return new ProbeResult(this.at, this.latency, List.copyOf(new TreeSet<>(ids)), Set.copyOf(names),
				this.rejectedModels, this.problem);
	}

	ProbeResult withRejectedModels(Collection<String> models) {
		return new ProbeResult(this.at, this.latency, this.models, this.names, Set.copyOf(models), this.problem);
	}

	ProbeResult withProblem(Problem problem) {
		return new ProbeResult(this.at, this.latency, this.models, this.names, this.rejectedModels, problem);
	}

	/**
	 * Problem that prevents calls to xAI.
	 *
	 * @param kind the kind of failure in lower case, for example {@code invalid_api_key}
	 * @param status the HTTP status of the response, 0 for none
	 * @param description the description
	 * @param action the action to take
	 */
	public record Problem(String kind, int status, String description, String action) {

		static Problem of(ErrorKind kind, int status, String what, String action) {
			return new Problem(name(kind), status, what, action);
		}

		boolean is(ErrorKind kind) {
			return this.kind.equals(name(kind));
		}

		private static String name(ErrorKind kind) {
			return kind.name().toLowerCase(Locale.ROOT);
		}

	}

}
