package io.github.grokspring.ratelimit;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How much room there is below the rates of one model.
 *
 * @param model the id of the model
 * @param configured what the application allows itself
 * @param learned what xAI has said that it allows
 * @param remainingRequests requests that could be sent now, {@code null} when there is no
 * limit
 * @param remainingTokens tokens that could be used now, {@code null} when there is no
 * limit
 * @param active requests under way
 * @param queued requests that wait
 * @param pausedUntil until when nothing is sent because xAI refused a request
 * ({@code 429}), {@code null} when requests are sent
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelRateLimits(String model, Rates configured, Rates learned, @Nullable Long remainingRequests,
		@Nullable Long remainingTokens, int active, int queued, @Nullable Instant pausedUntil) {

	/**
	 * Rates; {@code null} stands for no limit.
	 *
	 * @param requestsPerSecond requests in a second, which only xAI limits
	 * @param requestsPerMinute requests in a minute
	 * @param tokensPerMinute tokens in a minute
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Rates(@Nullable Long requestsPerSecond, @Nullable Long requestsPerMinute,
			@Nullable Long tokensPerMinute) {

	}

}
