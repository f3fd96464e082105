package io.github.grokspring.error;

/**
 * Kinds of failure, independent of the HTTP status. xAI reports an invalid key with
 * status 400 and an empty account with 403, so a kind is derived from the text and the
 * code of an error before its status.
 *
 * @since 0.1.0
 */
public enum ErrorKind {

	/**
	 * The API key is invalid, blocked, disabled or expired.
	 */
	INVALID_API_KEY(false),

	/**
	 * The request has no API key.
	 */
	MISSING_API_KEY(false),

	/**
	 * The team has no credits or licenses, or reached its spending limit.
	 */
	INSUFFICIENT_CREDITS(false),

	/**
	 * The API key is valid, but has no access to the endpoint or model.
	 */
	PERMISSION_DENIED(false),

	/**
	 * xAI refused the content of the prompt.
	 */
	SAFETY_REFUSAL(false),

	/**
	 * The model does not exist, is retired, or is not available to the team.
	 */
	MODEL_NOT_FOUND(false),

	/**
	 * The model rejects a parameter or its value.
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
	 * The request is invalid for another reason.
	 */
	INVALID_REQUEST(false),

	/**
	 * xAI cannot decrypt encrypted reasoning or a compaction in the request, because it
	 * was created with another key, team or model.
	 */
	UNDECRYPTABLE_REASONING(false),

	/**
	 * A rate limit of xAI was exceeded.
	 */
	RATE_LIMITED(true),

	/**
	 * xAI failed internally.
	 */
	SERVER_ERROR(true),

	/**
	 * xAI or its edge network is overloaded or temporarily unavailable.
	 */
	OVERLOADED(true),

	/**
	 * A timeout expired before the response was complete.
	 */
	TIMEOUT(true),

	/**
	 * No connection could be established, or it was lost before a response arrived.
	 */
	CONNECTION(true),

	/**
	 * The response is incomplete: the connection was lost while it was received, or a
	 * stream ended without a finish reason.
	 */
	STREAM_BROKEN(true),

	/**
	 * The response was stopped because the model repeated itself endlessly.
	 */
	RUNAWAY_OUTPUT(false),

	/**
	 * Any other failure.
	 */
	UNKNOWN(false);

	private final boolean retryable;

	ErrorKind(boolean retryable) {
		this.retryable = retryable;
	}

	/**
	 * Returns whether the same request may succeed later.
	 * @return {@code true} if the request should be retried
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

}
