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
 * What a probe found out.
 *
 * @param at when, {@code null} if it knows nothing yet
 * @param latency how long the answer took, {@code null} if there was none to wait for
 * @param models the ids of the models that are served, {@code null} if it does not know
 * them
 * @param names these ids, and what else the models go by
 * @param refused models that xAI said not to have
 * @param problem why xAI cannot be used, {@code null} if it can
 * @since 0.1.0
 */
public record ProbeResult(@Nullable Instant at, @Nullable Duration latency, @Nullable List<String> models,
		Set<String> names, Set<String> refused, @Nullable Problem problem) {

	/**
	 * Create a result. Collections are copied.
	 */
	public ProbeResult {
		models = (models != null) ? List.copyOf(models) : null;
		names = Set.copyOf(names);
		refused = Set.copyOf(refused);
	}

	/**
	 * xAI can be used.
	 * @param at when that was found out
	 * @param latency how long the answer took, if there was one to wait for
	 * @return the result
	 */
	public static ProbeResult usable(Instant at, @Nullable Duration latency) {
		return new ProbeResult(at, latency, null, Set.of(), Set.of(), null);
	}

	/**
	 * xAI cannot be used.
	 * @param at when that was found out
	 * @param latency how long the answer took, if there was one to wait for
	 * @param problem why
	 * @return the result
	 */
	public static ProbeResult failed(Instant at, @Nullable Duration latency, Problem problem) {
		return new ProbeResult(at, latency, null, Set.of(), Set.of(), problem);
	}

	/**
	 * Nothing is known yet.
	 * @return the result
	 */
	public static ProbeResult unknown() {
		return new ProbeResult(null, null, null, Set.of(), Set.of(), null);
	}

	ProbeResult serving(Collection<String> ids, Collection<String> names) {
		return new ProbeResult(this.at, this.latency, List.copyOf(new TreeSet<>(ids)), Set.copyOf(names), this.refused,
				this.problem);
	}

	ProbeResult refusing(Collection<String> models) {
		return new ProbeResult(this.at, this.latency, this.models, this.names, Set.copyOf(models), this.problem);
	}

	ProbeResult because(Problem problem) {
		return new ProbeResult(this.at, this.latency, this.models, this.names, this.refused, problem);
	}

	/**
	 * Why xAI cannot be used.
	 *
	 * @param kind the kind of failure in lower case, such as {@code invalid_api_key}
	 * @param status the HTTP status of the answer, 0 for none
	 * @param what what it is
	 * @param action what to do
	 */
	public record Problem(String kind, int status, String what, String action) {

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
