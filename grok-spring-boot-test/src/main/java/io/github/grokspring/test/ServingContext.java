package io.github.grokspring.test;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Context for the response to a request.
 */
record ServingContext(String apiKey, Model model, @Nullable String redirectedEffort, Models models,
		RateLimitWindows rateWindows, Duration pace, long startedNanos) {

	/**
	 * Returns the served model with the given ID, or the requested model under that ID.
	 */
	Model named(String id) {
		return this.models.served()
			.stream()
			.filter((candidate) -> candidate.id().equals(id))
			.findFirst()
			.orElseGet(() -> this.model.named(id));
	}

}
