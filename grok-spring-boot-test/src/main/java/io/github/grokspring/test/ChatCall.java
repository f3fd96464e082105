package io.github.grokspring.test;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A valid request on its way to an answer.
 */
record ChatCall(ChatRequest request, Model model, @Nullable String redirectedEffort, Models models,
		RateWindows rateWindows, Duration pace, long startedNanos) {

	/**
	 * The effort that counts: asked for, set by a redirect, or the model's own.
	 * @return {@code null} for a model without effort values
	 */
	@Nullable String effort() {
		if (this.request.reasoningEffort() != null) {
			return this.request.reasoningEffort();
		}
		return (this.redirectedEffort != null) ? this.redirectedEffort : this.model.defaultReasoningEffort();
	}

}
