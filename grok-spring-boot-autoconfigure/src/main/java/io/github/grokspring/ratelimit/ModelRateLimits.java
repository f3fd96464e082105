package io.github.grokspring.ratelimit;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot of the rate limits of one model.
 *
 * @param model the model id
 * @param configured limits of this application
 * @param learned limits reported by xAI
 * @param remainingRequests requests that can be sent now, {@code null} if unlimited
 * @param remainingTokens tokens that can be used now, {@code null} if unlimited
 * @param active number of requests in flight
 * @param queued number of waiting requests
 * @param pausedUntil end of the cooldown after a rejection by xAI ({@code 429}),
 * {@code null} if requests are sent
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelRateLimits(String model, Rates configured, Rates learned, @Nullable Long remainingRequests,
		@Nullable Long remainingTokens, int active, int queued, @Nullable Instant pausedUntil) {

	/**
	 * Rates; {@code null} means no limit.
	 *
	 * @param requestsPerSecond requests per second, only limited by xAI
	 * @param requestsPerMinute requests per minute
	 * @param tokensPerMinute tokens per minute
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Rates(@Nullable Long requestsPerSecond, @Nullable Long requestsPerMinute,
			@Nullable Long tokensPerMinute) {

	}

}
