package io.github.grokspring.event;

/**
 * Something that happened to a call. Events hold names, numbers and durations; never a
 * key, a prompt or an answer.
 *
 * @since 0.1.0
 */
public sealed interface GrokEvent permits ParametersScrubbed, ParameterLearned, ModelRedirected, AttemptFailed,
		AttemptFinished, FallbackTaken, RateLimitWaited, CostRecorded, BudgetThresholdReached, BudgetExceeded,
		ResponseCacheAccessed, PromptRedacted, CallRejected, OutputStopped, ImplausibleUsageReported {

	/**
	 * The client whose call it happened to.
	 * @return the name, {@code default} for the client without a name
	 */
	String client();

}
