package io.github.grokspring.chain;

/**
 * Position of a {@link ChatModelDecorator} in the chain of a client, outermost first.
 *
 * @since 0.1.0
 */
public enum Position {

	/**
	 * Delimits untrusted text. Outermost, because delimiters depend on the original text
	 * of a message.
	 */
	PROMPT_GUARD,

	/**
	 * Redacts prompts before they are stored or sent, so that no private data reaches
	 * cache keys, logs or xAI.
	 */
	REDACTION,

	/**
	 * Returns cached responses, without budget, attempt or cost.
	 */
	CACHE,

	/**
	 * Reserves the cost of the whole call, including retries and fallbacks.
	 */
	BUDGET,

	/**
	 * Selects the model. Later positions run once per candidate.
	 */
	FALLBACK,

	/**
	 * Fits the prompt into the context window. Runs once per candidate, because each
	 * model has its own context window, but not once per attempt, because a retry does
	 * not shorten the prompt. Precedes rate limiting, so that no permit is held.
	 */
	CONTEXT,

	/**
	 * Retries failed attempts. Later positions run once per attempt.
	 */
	RETRY,

	/**
	 * Acquires rate limit permits for an attempt.
	 */
	RATE_LIMIT,

	/**
	 * Records tokens and cost of an attempt.
	 */
	METERING,

	/**
	 * Removes unsupported parameters. Last, because the final model is known only here.
	 */
	SCRUBBING

}
