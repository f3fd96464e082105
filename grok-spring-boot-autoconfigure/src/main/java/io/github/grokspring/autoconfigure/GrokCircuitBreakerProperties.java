package io.github.grokspring.autoconfigure;

import java.time.Duration;

import io.github.grokspring.retry.CircuitBreakerSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the circuit breaker.
 *
 * @param enabled Whether to stop sending requests to a model that keeps failing. Requires
 * resilience4j-circuitbreaker.
 * @param failureRateThreshold Percentage of failed calls to a model at which its circuit
 * breaker opens. The same percentage of slow calls opens it as well.
 * @param slowCallDuration Duration from which a call, including a whole stream, is slow.
 * By default, no call is.
 * @param slidingWindow Duration of the time-based sliding window. Whole seconds only.
 * @param minimumCalls Minimum number of calls in the sliding window before the failure
 * rate is calculated.
 * @param openDuration Time for which the circuit breaker stays open.
 * @param halfOpenCalls Number of permitted calls while the circuit breaker is half-open.
 */
@ConfigurationProperties("grok.circuit-breaker")
record GrokCircuitBreakerProperties(@DefaultValue("true") Boolean enabled,
		@DefaultValue("50") Integer failureRateThreshold, @Nullable Duration slowCallDuration,
		@DefaultValue("60s") Duration slidingWindow, @DefaultValue("20") Integer minimumCalls,
		@DefaultValue("30s") Duration openDuration, @DefaultValue("3") Integer halfOpenCalls) {

	private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

	private static final String A_DURATION = "Set the property to a duration, for example 30s or 5m, or remove it.";

	GrokCircuitBreakerProperties {
		if (failureRateThreshold < 1 || failureRateThreshold > 100) {
			throw new GrokConfigurationException("failure-rate-threshold",
					"is " + failureRateThreshold + " but must be between 1 and 100",
					"Set the property to a percentage without the percent sign, for example 50, or remove it.");
		}
		if (slidingWindow.compareTo(Duration.ofSeconds(1)) < 0 || slidingWindow.compareTo(LONGEST_WINDOW) > 0
				|| slidingWindow.getNano() != 0) {
			throw new GrokConfigurationException("sliding-window",
					"is " + slidingWindow.toMillis() + " ms but must be between 1s and 1h, in whole seconds",
					A_DURATION);
		}
		requireAMillisecond("open-duration", openDuration);
		if (slowCallDuration != null) {
			requireAMillisecond("slow-call-duration", slowCallDuration);
		}
		requireOne("minimum-calls", minimumCalls);
		requireOne("half-open-calls", halfOpenCalls);
	}

	private static void requireAMillisecond(String name, Duration value) {
		if (value.toMillis() < 1) {
			throw new GrokConfigurationException(name, "is " + value.toMillis() + " ms but must be longer than 0",
					A_DURATION);
		}
	}

	private static void requireOne(String name, int value) {
		if (value < 1) {
			throw new GrokConfigurationException(name, "is " + value + " but must be at least 1",
					"Set the property to a number of calls, for example 10, or remove it.");
		}
	}

	/**
	 * Converts to the settings of the circuit breakers.
	 * @return the settings
	 */
	CircuitBreakerSettings toSettings() {
		return new CircuitBreakerSettings(this.failureRateThreshold, this.slowCallDuration, this.slidingWindow,
				this.minimumCalls, this.openDuration, this.halfOpenCalls);
	}

}
