package io.github.grokspring.test;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What stands ready to answer one request.
 */
record Serving(String apiKey, Model model, @Nullable String redirectedEffort, Models models, RateWindows rateWindows,
		Duration pace, long startedNanos) {

	/**
	 * The model an answer names.
	 * @param id its id
	 * @return the model served under this id, else the one that was asked for, renamed
	 */
	Model named(String id) {
		return this.models.served()
			.stream()
			.filter((candidate) -> candidate.id().equals(id))
			.findFirst()
			.orElseGet(() -> this.model.named(id));
	}

}
