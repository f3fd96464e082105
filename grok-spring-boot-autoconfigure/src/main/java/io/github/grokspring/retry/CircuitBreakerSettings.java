package io.github.grokspring.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Settings of circuit breakers.
 *
 * @param failureRateThreshold percentage of failed calls, or of slow calls, from which
 * the circuit breaker opens
 * @param slowCallDuration duration from which a call is slow, {@code null} for never
 * @param slidingWindow period of the evaluated calls, in whole seconds
 * @param minimumCalls minimum number of calls in the sliding window
 * @param openDuration time for which no request is sent after opening
 * @param halfOpenCalls number of trial calls after that time
 * @since 0.1.0
 */
public record CircuitBreakerSettings(int failureRateThreshold, @Nullable Duration slowCallDuration,
		Duration slidingWindow, int minimumCalls, Duration openDuration, int halfOpenCalls) {

}
