package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;

/**
 * Why a request was not sent.
 *
 * @param limit which limit was reached
 * @param retryAfter when there probably is room, {@link Duration#ZERO} when nobody knows
 * @param message what happened and what to do
 * @param learned whether it is a limit of xAI that was reached, rather than of this
 * application
 */
record RateLimitRejection(LimitType limit, Duration retryAfter, String message, boolean learned) {

	/**
	 * Word a refusal.
	 * @param model the model that was asked
	 * @param limit which limit was reached
	 * @param reason what kept the request, as part of a sentence
	 * @param impatience why the request does not wait any longer, as part of a sentence
	 * @param retryAfter when there probably is room
	 * @return the refusal
	 */
	static RateLimitRejection of(String model, LimitType limit, String reason, String impatience, Duration retryAfter) {
		StringBuilder message = new StringBuilder().append("A request to model '")
			.append(LogSanitizer.sanitize(model))
			.append("' was not sent: ")
			.append(reason)
			.append(" left no room for it, and ")
			.append(impatience)
			.append(". ");
		if (!retryAfter.isZero()) {
			message.append("There probably is room in ").append(words(retryAfter)).append(". ");
		}
		message.append("Send less at once, or change one of these properties.");
		return new RateLimitRejection(limit, retryAfter, message.toString(), false);
	}

	/**
	 * Word a refusal that spares xAI one.
	 * @param model the model that was asked
	 * @param limit which limit of xAI was reached
	 * @param reason what kept the request, as part of a sentence
	 * @param impatience why the request does not wait any longer, as part of a sentence
	 * @param retryAfter when there probably is room
	 * @param now the time
	 * @return the refusal
	 */
	static RateLimitRejection learned(String model, LimitType limit, String reason, String impatience,
			Duration retryAfter, Instant now) {
		return new RateLimitRejection(limit, retryAfter, "A request to model '" + LogSanitizer.sanitize(model)
				+ "' was not sent, to keep the rate limit of xAI: " + reason + " leaves no room for it, probably until "
				+ now.plus(retryAfter).truncatedTo(ChronoUnit.MILLIS) + " (in " + words(retryAfter) + "), and "
				+ impatience + ". 'grok.rate-limit.learn: false' sends everything and leaves refusing to xAI.", true);
	}

	/**
	 * The failure that callers see. What xAI would refuse is refused as by xAI, so that
	 * retries and fallbacks know what to do.
	 */
	GrokException toException() {
		return this.learned ? GrokApiException.builder(ErrorKind.RATE_LIMITED, this.message)
			.retryAfter(this.retryAfter)
			.sent(false)
			.build() : new RateLimitExceededException(this.limit.label(), this.retryAfter, this.message);
	}

	static String words(Duration duration) {
		return (duration.compareTo(Duration.ofSeconds(10)) < 0) ? duration.toMillis() + " ms"
				: duration.toSeconds() + " s";
	}

}
