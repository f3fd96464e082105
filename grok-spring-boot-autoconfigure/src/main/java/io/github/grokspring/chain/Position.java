package io.github.grokspring.chain;

/**
 * Where a {@link ChatModelDecorator} stands in the chain of a client, outermost first.
 * Every neighbour has a reason.
 *
 * @since 0.1.0
 */
public enum Position {

	/**
	 * Outermost, because only here the text of a message is still what was written:
	 * delimiters depend on it.
	 */
	PROMPT_GUARD,

	/**
	 * Before everything that keeps or sends a prompt, so that nothing private reaches
	 * cache keys, logs or the wire.
	 */
	REDACTION,

	/**
	 * A hit leaves here: no budget, no attempt, no cost.
	 */
	CACHE,

	/**
	 * Reserves money for the whole call, retries and fallbacks included.
	 */
	BUDGET,

	/**
	 * Chooses the model; all below runs once per candidate.
	 */
	FALLBACK,

	/**
	 * Fits the prompt into the context window. Once per candidate, because it is the
	 * window of the model that will answer which counts; not once per attempt, because
	 * sending again makes no prompt shorter, and before any permit is waited for.
	 */
	CONTEXT,

	/**
	 * Sends again; all below runs once per attempt.
	 */
	RETRY,

	/**
	 * Every attempt takes its permits.
	 */
	RATE_LIMIT,

	/**
	 * Turns the usage of one attempt into tokens and cost.
	 */
	METERING,

	/**
	 * Last, because only here the final model is known.
	 */
	SCRUBBING

}
