package io.github.grokspring.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Something of this application, not of xAI, that keeps calls from being made: an open
 * circuit breaker, or a budget that is used up.
 *
 * @param kind what it is, {@code circuit-breaker} or {@code budget}
 * @param name its name
 * @param until when it ends, or {@code null} if it does not by itself
 * @param action what to do
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
