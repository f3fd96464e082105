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
 * Rejection of a request before it is sent.
 *
 * @param limit the limit that was reached
 * @param retryAfter time until the request can probably be sent, {@link Duration#ZERO} if
 * unknown
 * @param message the message of the exception
 * @param learned whether the limit is one of xAI instead of this application
 */
record RateLimitRejection(LimitType limit, Duration retryAfter, String message, boolean learned) {

	// 'subject' is the limit as the subject of a sentence, 'waitLimit' a clause that
	// explains
	// why the request does not wait any longer
	static RateLimitRejection configured(String model, LimitType limit, String subject, String waitLimit,
			Duration retryAfter) {
		StringBuilder message = new StringBuilder().append("Request to model '")
			.append(LogSanitizer.sanitize(model))
			.append("' was not sent: ")
			.append(subject)
			.append(" is exhausted, and ")
			.append(waitLimit)
			.append(". ");
		if (!retryAfter.isZero()) {
			message.append("Capacity is expected in ").append(format(retryAfter)).append(". ");
		}
		message.append("Send fewer requests at once, or increase one of these properties.");
		return new RateLimitRejection(limit, retryAfter, message.toString(), false);
	}

	static RateLimitRejection learned(String model, WaitReason reason, String waitLimit, Duration retryAfter,
			Instant now) {
		String message = "Request to model '" + LogSanitizer.sanitize(model)
				+ "' was not sent because xAI would reject it: " + reason.description()
				+ " probably allows the next request at " + now.plus(retryAfter).truncatedTo(ChronoUnit.MILLIS)
				+ " (in " + format(retryAfter) + "), and " + waitLimit
				+ ". Set 'grok.rate-limit.learn' to 'false' to leave rejections to xAI.";
		return new RateLimitRejection(reason.limit(), retryAfter, message, true);
	}

	/**
	 * Creates the exception for the caller. Limits of xAI have the exception of a
	 * rejection by xAI, so that retries and fallbacks apply.
	 */
	GrokException toException() {
		return this.learned ? GrokApiException.builder(ErrorKind.RATE_LIMITED, this.message)
			.retryAfter(this.retryAfter)
			.sent(false)
			.build() : new RateLimitExceededException(this.limit.label(), this.retryAfter, this.message);
	}

	static String format(Duration duration) {
		return (duration.compareTo(Duration.ofSeconds(10)) < 0) ? duration.toMillis() + " ms"
				: duration.toSeconds() + " s";
	}

}
