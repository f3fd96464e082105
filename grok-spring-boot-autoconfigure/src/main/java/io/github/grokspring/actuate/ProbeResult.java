package io.github.grokspring.actuate;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a probe found out.
 *
 * @param latency how long the answer took
 * @param models the names that models go by, aliases included, or {@code null} if the
 * probe does not list them
 * @param problem why xAI cannot be used, or {@code null} if it can
 * @since 0.1.0
 */
public record ProbeResult(Duration latency, @Nullable Set<String> models, @Nullable Problem problem) {

	public ProbeResult {
		models = (models != null) ? Set.copyOf(models) : null;
	}

	static ProbeResult usable(Duration latency, @Nullable Set<String> models) {
		return new ProbeResult(latency, models, null);
	}

	static ProbeResult failed(Duration latency, String kind, String message) {
		return new ProbeResult(latency, null, new Problem(kind, message));
	}

	/**
	 * Why xAI cannot be used.
	 *
	 * @param kind the kind of failure in lower case, such as {@code invalid_api_key}
	 * @param message what it is and what to do
	 */
	public record Problem(String kind, String message) {

	}

}
