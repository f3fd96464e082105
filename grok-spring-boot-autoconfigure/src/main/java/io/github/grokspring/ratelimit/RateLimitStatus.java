package io.github.grokspring.ratelimit;

import java.util.List;

/**
 * Snapshot of the rate limits of an application.
 *
 * @param maxConcurrent maximum number of concurrent requests, 0 for no limit
 * @param active number of requests in flight
 * @param queued number of waiting requests
 * @param models limits of the models in use, sorted by name
 * @since 0.1.0
 */
public record RateLimitStatus(int maxConcurrent, int active, int queued, List<ModelRateLimits> models) {

	/**
	 * Creates a status.
	 */
	public RateLimitStatus {
		models = List.copyOf(models);
	}

}
