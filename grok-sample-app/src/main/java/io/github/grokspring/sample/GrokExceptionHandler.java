package io.github.grokspring.sample;

import java.time.Duration;
import java.time.Instant;

import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.error.RedactionException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Converts failed calls to problem details. A status of xAI is not returned to the caller
 * as it is: a rejected API key, for example, is a problem of this application.
 */
@RestControllerAdvice
class GrokExceptionHandler {

	private static final Log logger = LogFactory.getLog(GrokExceptionHandler.class);

	private static final String LOG = "A retry does not help. See the log of the application.";

	@ExceptionHandler
	ResponseEntity<ProblemDetail> callFailed(GrokException ex) {
		ProblemDetail problem = of(ex);
		HttpHeaders headers = new HttpHeaders();
		Duration wait = retryDelay(ex);
		if (wait != null) {
			headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)));
		}
		return ResponseEntity.status(problem.getStatus()).headers(headers).body(problem);
	}

	static ProblemDetail of(Throwable ex) {
		if (ex instanceof GrokApiException api) {
			return of(api);
		}
		if (ex instanceof CircuitOpenException) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "CIRCUIT_OPEN",
					"The model has failed too often and is not called for some time", tryAgain(retryDelay(ex)));
		}
		if (ex instanceof BudgetExceededException budget) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "BUDGET_EXCEEDED",
					"The budget of this application is exhausted",
					(budget.resetsAt() != null) ? "It resets at " + budget.resetsAt() + "." : "It has to be raised.");
		}
		if (ex instanceof RateLimitExceededException) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "TOO_BUSY", "This application has reached its rate limit",
					tryAgain(retryDelay(ex)));
		}
		if (ex instanceof ContextOverflowException) {
			return problem(HttpStatus.CONTENT_TOO_LARGE, "CONTEXT_TOO_LONG", title(ErrorKind.CONTEXT_TOO_LONG),
					String.valueOf(ex.getMessage()));
		}
		if (ex instanceof RedactionException) {
			return problem(HttpStatus.UNPROCESSABLE_CONTENT, "NOT_SENT", "The message contains private data",
					String.valueOf(ex.getMessage()));
		}
		if (ex instanceof GrokException) {
			return problem(HttpStatus.INTERNAL_SERVER_ERROR, "NOT_SENT", "The request was not sent",
					String.valueOf(ex.getMessage()));
		}
		logger.error("The response failed", ex);
		return problem(HttpStatus.INTERNAL_SERVER_ERROR, "UNKNOWN", "The response failed", LOG);
	}

	private static ProblemDetail of(GrokApiException ex) {
		HttpStatus status = status(ex.kind());
		if (status == HttpStatus.INTERNAL_SERVER_ERROR) {
			logger.warn(ex.getMessage());
		}
		ProblemDetail problem = problem(status, ex.kind().name(), title(ex.kind()), detail(status, ex));
		if (ex.status() != 0) {
			problem.setProperty("xaiStatus", ex.status());
		}
		if (ex.requestId() != null) {
			problem.setProperty("xaiRequestId", ex.requestId());
		}
		return problem;
	}

	private static HttpStatus status(ErrorKind kind) {
		return switch (kind) {
			case INVALID_API_KEY, MISSING_API_KEY, INSUFFICIENT_CREDITS, PERMISSION_DENIED, MODEL_NOT_FOUND,
					UNSUPPORTED_PARAMETER, FEATURE_REMOVED, INVALID_REQUEST, UNDECRYPTABLE_REASONING ->
				HttpStatus.INTERNAL_SERVER_ERROR;
			case SAFETY_REFUSAL -> HttpStatus.UNPROCESSABLE_CONTENT;
			case CONTEXT_TOO_LONG -> HttpStatus.CONTENT_TOO_LARGE;
			case RATE_LIMITED, OVERLOADED -> HttpStatus.SERVICE_UNAVAILABLE;
			case TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT;
			case SERVER_ERROR, CONNECTION, STREAM_BROKEN, RUNAWAY_OUTPUT, UNKNOWN -> HttpStatus.BAD_GATEWAY;
		};
	}

	/**
	 * Messages of xAI contain the account, so they are only returned if they concern the
	 * request of the caller.
	 */
	private static String detail(HttpStatus status, GrokApiException ex) {
		if (status == HttpStatus.INTERNAL_SERVER_ERROR) {
			return LOG;
		}
		if (status.is5xxServerError()) {
			return (ex.kind() == ErrorKind.STREAM_BROKEN) ? "The response is incomplete. Try again."
					: tryAgain(retryDelay(ex));
		}
		return String.valueOf(ex.getMessage());
	}

	private static String tryAgain(@Nullable Duration wait) {
		return (wait != null) ? "Try again in " + seconds(wait) + " s." : "Try again later.";
	}

	private static @Nullable Duration retryDelay(Throwable ex) {
		Duration wait = null;
		if (ex instanceof GrokApiException api) {
			wait = api.retryAfter();
		}
		else if (ex instanceof CircuitOpenException open) {
			wait = Duration.between(Instant.now(), open.until());
		}
		else if (ex instanceof RateLimitExceededException busy) {
			wait = busy.retryAfter();
		}
		else if (ex instanceof BudgetExceededException budget && budget.resetsAt() != null) {
			wait = Duration.between(Instant.now(), budget.resetsAt());
		}
		return (wait != null && !wait.isNegative() && !wait.isZero()) ? wait : null;
	}

	private static String title(ErrorKind kind) {
		return switch (kind) {
			case INVALID_API_KEY -> "xAI rejected the API key of this application";
			case MISSING_API_KEY -> "This application sent no API key";
			case INSUFFICIENT_CREDITS -> "The xAI account of this application has no credits left";
			case PERMISSION_DENIED -> "The API key of this application has no permission";
			case MODEL_NOT_FOUND -> "The model does not exist";
			case UNSUPPORTED_PARAMETER -> "The model rejects a parameter";
			case FEATURE_REMOVED -> "xAI has removed a feature";
			case INVALID_REQUEST -> "xAI rejected the request";
			case UNDECRYPTABLE_REASONING -> "xAI cannot decrypt the reasoning of the conversation";
			case SAFETY_REFUSAL -> "xAI rejected the content of the message";
			case CONTEXT_TOO_LONG -> "The conversation is too long for the model";
			case RATE_LIMITED -> "Too many requests";
			case OVERLOADED -> "xAI is overloaded";
			case TIMEOUT -> "xAI did not respond in time";
			case SERVER_ERROR -> "xAI failed";
			case CONNECTION -> "xAI could not be reached";
			case STREAM_BROKEN -> "The response broke off";
			case RUNAWAY_OUTPUT -> "The model repeated itself";
			case UNKNOWN -> "The call to xAI failed";
		};
	}

	private static ProblemDetail problem(HttpStatus status, String kind, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatus(status);
		problem.setProperty("kind", kind);
		problem.setTitle(title);
		problem.setDetail(detail);
		return problem;
	}

	private static long seconds(Duration wait) {
		return wait.plusMillis(999).toSeconds();
	}

}
