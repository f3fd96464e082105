package io.github.grokspring.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * When a circuit breaker opens and closes.
 *
 * @param failureRateThreshold the share of failures among the latest calls that opens it,
 * in percent; the share of slow calls does too
 * @param slowCallDuration from when on a call is slow, {@code null} for never
 * @param slidingWindow how far the latest calls go back, in whole seconds
 * @param minimumCalls how many calls there have to be in the window for their share to
 * count
 * @param openDuration how long nothing is sent once it is open
 * @param halfOpenCalls how many calls are then let through at once to see whether the
 * model has recovered
 * @since 0.1.0
 */
public record CircuitBreakerSettings(int failureRateThreshold, @Nullable Duration slowCallDuration,
		Duration slidingWindow, int minimumCalls, Duration openDuration, int halfOpenCalls) {

}
