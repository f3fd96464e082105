package io.github.grokspring.fallback;

import java.util.Locale;

import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.RateLimitExceededException;
import org.jspecify.annotations.Nullable;

/**
 * Failures after which another model may be asked: every
 * {@link io.github.grokspring.error.ErrorKind}, and what this application refuses itself.
 *
 * @since 0.1.0
 */
public enum FallbackReason {

	/**
	 * The API key is wrong, blocked, disabled or expired.
	 */
	INVALID_API_KEY,

	/**
	 * The request carried no API key.
	 */
	MISSING_API_KEY,

	/**
	 * The team has no credits left, or has reached its spending limit.
	 */
	INSUFFICIENT_CREDITS,

	/**
	 * The key may not use the model.
	 */
	PERMISSION_DENIED,

	/**
	 * xAI refused the content of the prompt.
	 */
	SAFETY_REFUSAL,

	/**
	 * The model does not exist, is retired, or is not open to the team.
	 */
	MODEL_NOT_FOUND,

	/**
	 * The model refuses a parameter.
	 */
	UNSUPPORTED_PARAMETER,

	/**
	 * The prompt does not fit into the context window of the model, as xAI says, or this
	 * application before it is sent.
	 */
	CONTEXT_TOO_LONG,

	/**
	 * The request uses a feature that xAI has removed.
	 */
	FEATURE_REMOVED,

	/**
	 * The request is malformed in another way.
	 */
	INVALID_REQUEST,

	/**
	 * xAI cannot read encrypted reasoning that the request sends back.
	 */
	UNDECRYPTABLE_REASONING,

	/**
	 * Too many requests or tokens for xAI.
	 */
	RATE_LIMITED,

	/**
	 * xAI failed internally.
	 */
	SERVER_ERROR,

	/**
	 * xAI is overloaded or temporarily unavailable.
	 */
	OVERLOADED,

	/**
	 * No answer within the time allowed.
	 */
	TIMEOUT,

	/**
	 * The connection could not be made, or broke before an answer began.
	 */
	CONNECTION,

	/**
	 * The answer broke off; a stream that has begun to answer is not begun anew.
	 */
	STREAM_BROKEN,

	/**
	 * The model repeated itself without end; a stream that has begun to answer is not
	 * begun anew.
	 */
	RUNAWAY_OUTPUT,

	/**
	 * xAI failed in a way that is not known.
	 */
	UNKNOWN,

	/**
	 * The circuit breaker of the model is open.
	 */
	CIRCUIT_OPEN,

	/**
	 * A rate limit of this application left no room for the request.
	 */
	RATE_LIMIT_EXCEEDED,

	/**
	 * A budget of this application left no room for the request.
	 */
	BUDGET_EXCEEDED;

	/**
	 * The reason that a failure is.
	 * @param failure the failure
	 * @return the reason, or {@code null} if no other model could do better, such as for
	 * a call that was interrupted
	 */
	public static @Nullable FallbackReason of(Throwable failure) {
		if (failure instanceof GrokApiException api) {
			return of(api);
		}
		if (failure instanceof CircuitOpenException) {
			return CIRCUIT_OPEN;
		}
		if (failure instanceof RateLimitExceededException) {
			return RATE_LIMIT_EXCEEDED;
		}
		if (failure instanceof ContextOverflowException) {
			return CONTEXT_TOO_LONG;
		}
		return (failure instanceof BudgetExceededException) ? BUDGET_EXCEEDED : null;
	}

	private static @Nullable FallbackReason of(GrokApiException failure) {
		return switch (failure.kind()) {
			case INVALID_API_KEY -> INVALID_API_KEY;
			case MISSING_API_KEY -> MISSING_API_KEY;
			case INSUFFICIENT_CREDITS -> INSUFFICIENT_CREDITS;
			case PERMISSION_DENIED -> PERMISSION_DENIED;
			case SAFETY_REFUSAL -> SAFETY_REFUSAL;
			case MODEL_NOT_FOUND -> MODEL_NOT_FOUND;
			case UNSUPPORTED_PARAMETER -> UNSUPPORTED_PARAMETER;
			case CONTEXT_TOO_LONG -> CONTEXT_TOO_LONG;
			case FEATURE_REMOVED -> FEATURE_REMOVED;
			case INVALID_REQUEST -> INVALID_REQUEST;
			case UNDECRYPTABLE_REASONING -> UNDECRYPTABLE_REASONING;
			case RATE_LIMITED -> RATE_LIMITED;
			case SERVER_ERROR -> SERVER_ERROR;
			case OVERLOADED -> OVERLOADED;
			case TIMEOUT -> TIMEOUT;
			// a connection that is not worth a retry was closed by the application
			case CONNECTION -> failure.isRetryable() ? CONNECTION : null;
			case STREAM_BROKEN -> failure.isRetryable() ? STREAM_BROKEN : null;
			case RUNAWAY_OUTPUT -> RUNAWAY_OUTPUT;
			case UNKNOWN -> UNKNOWN;
		};
	}

	/**
	 * The name as it stands in events and meters.
	 * @return the name in lower case
	 */
	String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

}
