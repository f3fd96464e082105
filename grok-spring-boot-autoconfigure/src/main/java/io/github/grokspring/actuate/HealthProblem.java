package io.github.grokspring.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Problem of this application that prevents calls: an open circuit breaker, an exhausted
 * budget or an unavailable budget store.
 *
 * @param kind the kind, {@code circuit-breaker}, {@code budget} or {@code budget-store}
 * @param name the name of the circuit breaker or budget
 * @param until the time at which the problem ends, {@code null} if not known
 * @param action the action to take
 * @since 0.1.0
 */
public record HealthProblem(String kind, String name, @Nullable Instant until, String action) {

	Map<String, String> details() {
		Map<String, String> details = new LinkedHashMap<>();
		details.put("kind", this.kind);
		details.put("name", this.name);
		if (this.until != null) {
			details.put("until", this.until.toString());
		}
		details.put("action", this.action);
		return details;
	}

}
