package io.github.grokspring.ratelimit;

import java.time.Duration;

import io.github.grokspring.error.RateLimitExceededException;

/**
 * Why a request was not sent.
 *
 * @param limit which limit was reached
 * @param retryAfter when there probably is room, {@link Duration#ZERO} when nobody knows
 * @param message what happened and what to do
 */
record Refusal(Limit limit, Duration retryAfter, String message) {

	/**
	 * Word a refusal.
	 * @param model the model that was asked
	 * @param limit which limit was reached
	 * @param reason what kept the request, as part of a sentence
	 * @param impatience why the request does not wait any longer, as part of a sentence
	 * @param retryAfter when there probably is room
	 * @return the refusal
	 */
	static Refusal of(String model, Limit limit, String reason, String impatience, Duration retryAfter) {
		StringBuilder message = new StringBuilder().append("A request to model '")
			.append(model)
			.append("' was not sent: ")
			.append(reason)
			.append(" left no room for it, and ")
			.append(impatience)
			.append(". ");
		if (!retryAfter.isZero()) {
			message.append("There probably is room in ").append(words(retryAfter)).append(". ");
		}
		message.append("Send less at once, or change one of these properties.");
		return new Refusal(limit, retryAfter, message.toString());
	}

	RateLimitExceededException toException() {
		return new RateLimitExceededException(this.limit.label(), this.retryAfter, this.message);
	}

	static String words(Duration duration) {
		return (duration.compareTo(Duration.ofSeconds(10)) < 0) ? duration.toMillis() + " ms"
				: duration.toSeconds() + " s";
	}

}
