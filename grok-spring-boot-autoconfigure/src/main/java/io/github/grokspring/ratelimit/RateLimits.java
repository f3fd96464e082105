package io.github.grokspring.ratelimit;

import java.util.function.UnaryOperator;

import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.token.PromptTokenEstimator;
import reactor.core.scheduler.Schedulers;

/**
 * Rate limits of an application: requests and tokens per minute for each model, and
 * concurrent requests for all models together. All clients share them, because they share
 * the limits of xAI. Requests are sent in the order of their arrival. Safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public sealed interface RateLimits permits RateLimiter {

	/**
	 * Returns the current limits and usage.
	 * @return a snapshot
	 */
	RateLimitStatus status();

	/**
	 * Returns whether requests can be delayed or rejected.
	 * @return {@code false} if no limit is configured and limits of xAI are not learned
	 */
	boolean isActive();

	/**
	 * Creates limits for this process.
	 * @param settings the limits
	 * @param modelIds resolves a model name to the id that xAI counts
	 * @param estimator estimates the tokens of a prompt
	 * @return the limits
	 */
	static RateLimits local(RateLimitSettings settings, UnaryOperator<String> modelIds,
			PromptTokenEstimator estimator) {
		return new RateLimiter(settings, modelIds, estimator, TimeSource.system(), Schedulers.parallel());
	}

}
