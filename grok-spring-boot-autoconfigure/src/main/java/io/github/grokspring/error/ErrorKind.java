package io.github.grokspring.error;

/**
 * The kinds of failure that a caller can tell apart, whatever status xAI chose to send
 * them under. A wrong key comes with status 400 and an empty account with 403, so the
 * kind is taken from the text and code of an answer first and from its status last.
 *
 * @since 0.1.0
 */
public enum ErrorKind {

	/**
	 * The API key is wrong, blocked, disabled or expired.
	 */
	INVALID_API_KEY(false),

	/**
	 * The request carried no API key.
	 */
	MISSING_API_KEY(false),

	/**
	 * The team has no credits or licences, or has reached its spending limit.
	 */
	INSUFFICIENT_CREDITS(false),

	/**
	 * The key is valid but may not use this endpoint or model.
	 */
	PERMISSION_DENIED(false),

	/**
	 * xAI refused the content of the prompt.
	 */
	SAFETY_REFUSAL(false),

	/**
	 * The model does not exist, is retired, or is not open to the team.
	 */
	MODEL_NOT_FOUND(false),

	/**
	 * The model refuses a parameter, or a value of it.
	 */
	UNSUPPORTED_PARAMETER(false),

	/**
	 * The prompt does not fit into the context window of the model.
	 */
	CONTEXT_TOO_LONG(false),

	/**
	 * The request uses a feature that xAI has removed.
	 */
	FEATURE_REMOVED(false),

	/**
	 * The request is malformed in another way.
	 */
	INVALID_REQUEST(false),

	/**
	 * xAI cannot read encrypted reasoning or a compaction that the request sends back,
	 * because it was made for another key, team or model.
	 */
	UNDECRYPTABLE_REASONING(false),

	/**
	 * Too many requests or tokens for the time being.
	 */
	RATE_LIMITED(true),

	/**
	 * xAI failed internally.
	 */
	SERVER_ERROR(true),

	/**
	 * xAI, or the network in front of it, is overloaded or temporarily unavailable.
	 */
	OVERLOADED(true),

	/**
	 * No answer within the time allowed.
	 */
	TIMEOUT(true),

	/**
	 * The connection could not be made, or broke before an answer began.
	 */
	CONNECTION(true),

	/**
	 * The answer broke off: the connection closed in the middle, or a stream ended
	 * without a finish reason.
	 */
	STREAM_BROKEN(true),

	/**
	 * The model repeated itself without end, so the response was stopped.
	 */
	RUNAWAY_OUTPUT(false),

	/**
	 * Anything else.
	 */
	UNKNOWN(false);

	private final boolean retryable;

	ErrorKind(boolean retryable) {
		this.retryable = retryable;
	}

	/**
	 * Whether the same request may succeed when it is sent again later.
	 * @return {@code true} if a retry is worth its price
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

}
