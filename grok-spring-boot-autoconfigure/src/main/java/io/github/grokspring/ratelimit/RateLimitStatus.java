package io.github.grokspring.ratelimit;

import java.util.List;

/**
 * How much room there is below the limits of an application.
 *
 * @param maxConcurrent requests that may be under way at once, 0 for no limit
 * @param active requests under way
 * @param queued requests that wait
 * @param models the models that were asked, in the order of their names
 * @since 0.1.0
 */
public record RateLimitStatus(int maxConcurrent, int active, int queued, List<ModelRateLimits> models) {

	/**
	 * Keep the values.
	 */
	public RateLimitStatus {
		models = List.copyOf(models);
	}

}
