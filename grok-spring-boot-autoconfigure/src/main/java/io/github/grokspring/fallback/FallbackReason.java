package io.github.grokspring.fallback;

import java.util.Locale;

import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.RateLimitExceededException;
import org.jspecify.annotations.Nullable;

/**
 * Failure after which another model may be called: each
 * {@link io.github.grokspring.error.ErrorKind}, and rejections by this application.
 *
 * @since 0.1.0
 */
public enum FallbackReason {

	/**
	 * The API key is invalid, blocked, disabled or expired.
	 */
	INVALID_API_KEY,

	/**
	 * The request has no API key.
	 */
	MISSING_API_KEY,

	/**
	 * The team has no credits left, or has reached its spending limit.
	 */
	INSUFFICIENT_CREDITS,

	/**
	 * The API key is not allowed to use the model.
	 */
	PERMISSION_DENIED,

	/**
	 * xAI rejected the content of the prompt.
	 */
	SAFETY_REFUSAL,

	/**
	 * The model does not exist, is retired, or is not available to the team.
	 */
	MODEL_NOT_FOUND,

	/**
	 * The model does not support a parameter.
	 */
	UNSUPPORTED_PARAMETER,

	/**
	 * The prompt exceeds the context window of the model, according to xAI or to this
	 * application.
	 */
	CONTEXT_TOO_LONG,

	/**
	 * The request uses a feature that xAI has removed.
	 */
	FEATURE_REMOVED,

	/**
	 * The request is invalid in another way.
	 */
	INVALID_REQUEST,

	/**
	 * xAI cannot decrypt the reasoning in the request.
	 */
	UNDECRYPTABLE_REASONING,

	/**
	 * A rate limit of xAI was reached.
	 */
	RATE_LIMITED,

	/**
	 * xAI had an internal error.
	 */
	SERVER_ERROR,

	/**
	 * xAI is overloaded or temporarily unavailable.
	 */
	OVERLOADED,

	/**
	 * The response did not arrive in time.
	 */
	TIMEOUT,

	/**
	 * The connection could not be established, or was lost before the response started.
	 */
	CONNECTION,

	/**
	 * The response is incomplete; a stream with content does not fall back.
	 */
	STREAM_BROKEN,

	/**
	 * The model repeated itself endlessly; a stream with content does not fall back.
	 */
	RUNAWAY_OUTPUT,

	/**
	 * The failure is unknown.
	 */
	UNKNOWN,

	/**
	 * The circuit breaker of the model is open.
	 */
	CIRCUIT_OPEN,

	/**
	 * A rate limit of this application was reached.
	 */
	RATE_LIMIT_EXCEEDED,

	/**
	 * A budget of this application was exhausted.
	 */
	BUDGET_EXCEEDED;

	/**
	 * Returns the reason for a failure.
	 * @param failure the failure
	 * @return the reason, or {@code null} if another model would not help, for example
	 * after an interrupt
	 */
	public static @Nullable FallbackReason of(Throwable failure) {
		if (failure instanceof GrokApiException apiFailure) {
			return of(apiFailure);
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
			// Not retryable if the application closed the connection
			case CONNECTION -> failure.isRetryable() ? CONNECTION : null;
			case STREAM_BROKEN -> failure.isRetryable() ? STREAM_BROKEN : null;
			case RUNAWAY_OUTPUT -> RUNAWAY_OUTPUT;
			case UNKNOWN -> UNKNOWN;
		};
	}

	String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

}
