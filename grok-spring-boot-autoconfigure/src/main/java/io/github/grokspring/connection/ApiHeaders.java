package io.github.grokspring.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of an answer say. Every one of them is optional: Chat Completions had
 * no rate-limit headers in November 2025, and refusals carry none today.
 *
 * @param requestId {@code x-request-id}
 * @param rateLimit {@code x-ratelimit-*}
 * @param serverTiming {@code x-metrics-*}
 * @param retryAfter {@code Retry-After} or {@code Retry-After-Ms}, not capped
 * @since 0.1.0
 */
public record ApiHeaders(@Nullable String requestId, @Nullable RateLimits rateLimit,
		@Nullable ServerTiming serverTiming, @Nullable Duration retryAfter) {

	/**
	 * No headers of interest.
	 */
	public static final ApiHeaders NONE = new ApiHeaders(null, null, null, null);

	/**
	 * Rate limits per minute. Values beyond {@link Long#MAX_VALUE}, which xAI sends for
	 * "no limit", are {@link Long#MAX_VALUE} here; -1 means that the header was missing.
	 *
	 * @param requestsLimit requests allowed
	 * @param requestsRemaining requests left
	 * @param tokensLimit tokens allowed
	 * @param tokensRemaining tokens left
	 */
	public record RateLimits(long requestsLimit, long requestsRemaining, long tokensLimit, long tokensRemaining) {

	}

	/**
	 * Latencies measured by xAI's servers, in milliseconds; NaN means that the header was
	 * missing.
	 *
	 * @param timeToFirstToken {@code x-metrics-ttft-ms}
	 * @param meanInterTokenLatency {@code x-metrics-mean-itl-ms}
	 * @param endToEnd {@code x-metrics-e2e-ms}
	 */
	public record ServerTiming(double timeToFirstToken, double meanInterTokenLatency, double endToEnd) {

	}

}
