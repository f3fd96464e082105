package io.github.grokspring.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of retries.
 *
 * @param enabled Whether to retry failed requests. When false, only a request without its
 * rejected parameter is retried.
 * @param maxAttempts Maximum number of attempts per call, including the first.
 * @param serverErrorMaxAttempts Maximum number of attempts after a server error, which
 * may have been billed.
 * @param timeoutMaxAttempts Maximum number of attempts after a timeout.
 * @param initialInterval Delay before the first retry.
 * @param multiplier Factor by which the delay grows after each attempt.
 * @param maxInterval Maximum delay between two attempts, unless the server requests a
 * longer one.
 * @param jitter Randomization of delays.
 * @param maxTotalWait Maximum total back-off time per call. A call fails at once if the
 * server requests a longer wait.
 * @param respectRetryAfter Whether to wait at least as long as the server requests.
 * @param budget Retry budget of all calls.
 */
@ConfigurationProperties("grok.retry")
record GrokRetryProperties(@DefaultValue("true") Boolean enabled, @DefaultValue("5") Integer maxAttempts,
		@DefaultValue("3") Integer serverErrorMaxAttempts, @DefaultValue("2") Integer timeoutMaxAttempts,
		@DefaultValue("2s") Duration initialInterval, @DefaultValue("2.0") Double multiplier,
		@DefaultValue("120s") Duration maxInterval, @DefaultValue("full") Jitter jitter,
		@DefaultValue("5m") Duration maxTotalWait, @DefaultValue("true") Boolean respectRetryAfter,
		@DefaultValue Budget budget) {

	private static final Duration DAY = Duration.ofDays(1);

	GrokRetryProperties {
		requireAttempts("max-attempts", maxAttempts);
		requireAttempts("server-error-max-attempts", serverErrorMaxAttempts);
		requireAttempts("timeout-max-attempts", timeoutMaxAttempts);
		requireWait("initial-interval", initialInterval);
		requireWait("max-interval", maxInterval);
		requireWait("max-total-wait", maxTotalWait);
		if (!(multiplier >= 1 && multiplier <= 100)) {
			throw new GrokConfigurationException("multiplier", "is " + multiplier + " but must be between 1 and 100",
					"Set the property to the factor by which the delay grows, for example 2.0.");
		}
		if (maxInterval.compareTo(initialInterval) < 0) {
			throw new GrokConfigurationException("max-interval",
					"is " + maxInterval.toMillis() + " ms, which is shorter than 'initial-interval' ("
							+ initialInterval.toMillis() + " ms)",
					"Increase 'max-interval' or decrease 'initial-interval'.");
		}
	}

	private static void requireAttempts(String name, int attempts) {
		if (attempts < 1 || attempts > 100) {
			throw new GrokConfigurationException(name, "is " + attempts + " but must be between 1 and 100",
					"Set the property to the number of attempts, including the first. Set it to 1 to disable retries.");
		}
	}

	private static void requireWait(String name, Duration wait) {
		if (wait.isZero() || wait.isNegative() || wait.compareTo(DAY) > 0) {
			throw new GrokConfigurationException(name,
					"is " + wait.toMillis() + " ms but must be longer than 0 and at most one day",
					"Set the property to a duration, for example 500ms, 2s or 5m, or remove it.");
		}
	}

	/**
	 * Randomization of delays.
	 */
	enum Jitter {

		/**
		 * Random delay between zero and the calculated delay.
		 */
		FULL,

		/**
		 * No randomization.
		 */
		NONE

	}

	/**
	 * Retry budget of all calls.
	 *
	 * @param enabled Whether to limit retries across all calls by a token bucket, so that
	 * an outage does not multiply the traffic.
	 * @param tokens Initial and maximum number of tokens in the bucket.
	 * @param retryCost Number of tokens that a retry takes. First attempts take none.
	 * @param successRefund Number of tokens that a successful call returns.
	 */
	record Budget(@DefaultValue("true") Boolean enabled, @DefaultValue("500") Integer tokens,
			@DefaultValue("5") Integer retryCost, @DefaultValue("1") Integer successRefund) {

		Budget {
			requirePositive("tokens", tokens);
			requirePositive("retry-cost", retryCost);
			requirePositive("success-refund", successRefund);
			if (tokens < retryCost) {
				throw new GrokConfigurationException("tokens",
						"is " + tokens + ", which is less than 'retry-cost' (" + retryCost
								+ "), so no request would be retried",
						"Increase 'tokens', or set 'grok.retry.enabled' to 'false'.");
			}
		}

		private static void requirePositive(String name, int tokens) {
			if (tokens < 1) {
				throw new GrokConfigurationException(name, "is " + tokens + " but must be at least 1",
						"Set the property to a number of tokens, or set 'grok.retry.budget.enabled' to 'false'.");
			}
		}

	}

}
