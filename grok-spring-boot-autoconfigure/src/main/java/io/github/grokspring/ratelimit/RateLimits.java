package io.github.grokspring.ratelimit;

import java.util.function.UnaryOperator;

import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.token.PromptTokenEstimator;
import reactor.core.scheduler.Schedulers;

/**
 * The limits of an application: requests and tokens per minute for each model, and
 * requests at once for all of them. All clients share them, as they share the limits of
 * xAI. Requests pass in the order in which they came. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public sealed interface RateLimits permits RateLimiter {

	/**
	 * How much room there is.
	 * @return a snapshot
	 */
	RateLimitStatus status();

	/**
	 * Whether there is anything to limit.
	 * @return {@code false} when every request may go at once, for ever
	 */
	boolean isActive();

	/**
	 * Limits that are kept in this process.
	 * @param settings what is allowed
	 * @param names gives the id under which xAI counts a model for a name it goes by
	 * @param estimator guesses the tokens of a prompt
	 * @return the limits
	 */
	static RateLimits local(RateLimitSettings settings, UnaryOperator<String> names, PromptTokenEstimator estimator) {
		TimeSource time = TimeSource.system();
		return new RateLimiter(settings, names, estimator, (name, rate) -> new LocalRateBucket(rate, time), time,
				Schedulers.parallel());
	}

}
