package io.github.grokspring.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of retries.
 *
 * @param enabled Whether failed requests are sent again; when off, only one whose refused
 * parameter was left out is
 * @param maxAttempts How often a request is sent at most, the first try included
 * @param serverErrorMaxAttempts Limit of attempts after a failure of the server, which
 * may have been billed
 * @param timeoutMaxAttempts Limit of attempts after a timeout
 * @param initialInterval How long the first wait is
 * @param multiplier By what every wait is longer than the one before
 * @param maxInterval How long a wait is at most, unless the server asks for more
 * @param jitter How waits are spread
 * @param maxTotalWait What the waits of one call may last together; a call is given up at
 * once when the server asks for more
 * @param respectRetryAfter Whether to wait at least as long as the server asks for
 * @param budget What all calls together may spend on retries
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
					"Write by what every wait is longer than the one before, such as 2.0.");
		}
		if (maxInterval.compareTo(initialInterval) < 0) {
			throw new GrokConfigurationException("max-interval", "is " + maxInterval.toMillis()
					+ " ms and so shorter than 'initial-interval', which is " + initialInterval.toMillis() + " ms",
					"Raise 'max-interval' or lower 'initial-interval'.");
		}
	}

	private static void requireAttempts(String name, int attempts) {
		if (attempts < 1 || attempts > 100) {
			throw new GrokConfigurationException(name, "is " + attempts + " but must be between 1 and 100",
					"Write how often a request is sent, the first try included; 1 means that it is not repeated.");
		}
	}

	private static void requireWait(String name, Duration wait) {
		if (wait.isZero() || wait.isNegative() || wait.compareTo(DAY) > 0) {
			throw new GrokConfigurationException(name,
					"is " + wait.toMillis() + " ms but must be longer than 0 and not longer than a day",
					"Write a duration such as 500ms, 2s or 5m, or remove the property.");
		}
	}

	/**
	 * How waits are spread.
	 */
	enum Jitter {

		/**
		 * Anywhere between zero and what the wait would be.
		 */
		FULL,

		/**
		 * Not at all.
		 */
		NONE

	}

	/**
	 * What all calls together may spend on retries.
	 *
	 * @param enabled Whether retries cost tokens, so that an outage is not answered with
	 * a multiple of the usual traffic
	 * @param tokens How many tokens there are at the start, and at most
	 * @param retryCost Tokens that a retry takes; first tries are free
	 * @param successRefund Tokens that a call which succeeds gives back
	 */
	record Budget(@DefaultValue("true") Boolean enabled, @DefaultValue("500") Integer tokens,
			@DefaultValue("5") Integer retryCost, @DefaultValue("1") Integer successRefund) {

		Budget {
			requirePositive("tokens", tokens);
			requirePositive("retry-cost", retryCost);
			requirePositive("success-refund", successRefund);
			if (tokens < retryCost) {
				throw new GrokConfigurationException("tokens",
						"is " + tokens + " and so less than 'retry-cost', which is " + retryCost
								+ ": nothing could ever be retried",
						"Raise 'tokens', or set 'grok.retry.enabled' to false.");
			}
		}

		private static void requirePositive(String name, int tokens) {
			if (tokens < 1) {
				throw new GrokConfigurationException(name, "is " + tokens + " but must be at least 1",
						"Write a number of tokens, or set 'grok.retry.budget.enabled' to false.");
			}
		}

	}

}
