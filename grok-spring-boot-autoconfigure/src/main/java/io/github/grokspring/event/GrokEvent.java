package io.github.grokspring.event;

/**
 * Event in the life of a call. Events contain names, numbers and durations, but never a
 * key, a prompt or a response.
 *
 * @since 0.1.0
 */
public sealed interface GrokEvent permits ParametersScrubbed, ParameterLearned, ModelRedirected, AttemptFailed,
		AttemptFinished, FallbackTaken, RateLimitWaited, CostRecorded, BudgetThresholdReached, BudgetExceeded,
		ResponseCacheAccessed, PromptRedacted, CallRejected, OutputStopped, ImplausibleUsageReported {

	/**
	 * Returns the name of the client that made the call.
	 * @return the name, {@code default} for the default client
	 */
	String client();

}
