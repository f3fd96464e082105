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
 * What a caller of this application is told when a call to Grok fails. A status of xAI is
 * not passed on as it is: a refused key is a fault of this application, not of its
 * caller.
 */
@RestControllerAdvice
class Problems {

	private static final Log logger = LogFactory.getLog(Problems.class);

	private static final String LOG = "Trying again does not help. The log of the application says what to do.";

	@ExceptionHandler
	ResponseEntity<ProblemDetail> callFailed(GrokException ex) {
		ProblemDetail problem = of(ex);
		HttpHeaders headers = new HttpHeaders();
		Duration wait = wait(ex);
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
					"The model has failed too often and is left alone for a while", later(wait(ex)));
		}
		if (ex instanceof BudgetExceededException budget) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "BUDGET_EXCEEDED", "The budget of this application is spent",
					(budget.resetsAt() != null) ? "It begins anew at " + budget.resetsAt() + "."
							: "Its owner has to raise it.");
		}
		if (ex instanceof RateLimitExceededException) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "TOO_BUSY", "This application is busy with other questions",
					later(wait(ex)));
		}
		if (ex instanceof ContextOverflowException) {
			return problem(HttpStatus.CONTENT_TOO_LARGE, "CONTEXT_TOO_LONG", title(ErrorKind.CONTEXT_TOO_LONG),
					String.valueOf(ex.getMessage()));
		}
		if (ex instanceof RedactionException) {
			return problem(HttpStatus.UNPROCESSABLE_CONTENT, "NOT_SENT", "The message holds what must not be sent",
					String.valueOf(ex.getMessage()));
		}
		if (ex instanceof GrokException) {
			return problem(HttpStatus.INTERNAL_SERVER_ERROR, "NOT_SENT", "The request was not sent",
					String.valueOf(ex.getMessage()));
		}
		logger.error("An answer could not be produced", ex);
		return problem(HttpStatus.INTERNAL_SERVER_ERROR, "UNKNOWN", "The answer could not be produced", LOG);
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
	 * Texts of xAI name the account, so they are for the log, unless they are about what
	 * the caller has sent.
	 */
	private static String detail(HttpStatus status, GrokApiException ex) {
		if (status == HttpStatus.INTERNAL_SERVER_ERROR) {
			return LOG;
		}
		if (status.is5xxServerError()) {
			return (ex.kind() == ErrorKind.STREAM_BROKEN) ? "What you see is not all of it. Ask again."
					: later(wait(ex));
		}
		return String.valueOf(ex.getMessage());
	}

	private static String later(@Nullable Duration wait) {
		return (wait != null) ? "Try again in " + seconds(wait) + " s." : "Try again later.";
	}

	/**
	 * How long to wait before the next try.
	 */
	private static @Nullable Duration wait(Throwable ex) {
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
			case INVALID_API_KEY -> "xAI refused the API key of this application";
			case MISSING_API_KEY -> "This application sent no API key";
			case INSUFFICIENT_CREDITS -> "The xAI account of this application has no credits left";
			case PERMISSION_DENIED -> "The API key of this application may not do this";
			case MODEL_NOT_FOUND -> "xAI does not know the model";
			case UNSUPPORTED_PARAMETER -> "The model refuses a parameter";
			case FEATURE_REMOVED -> "xAI has removed a feature";
			case INVALID_REQUEST -> "xAI refused the request";
			case UNDECRYPTABLE_REASONING -> "xAI cannot read the reasoning kept in the conversation";
			case SAFETY_REFUSAL -> "xAI refused the content of the message";
			case CONTEXT_TOO_LONG -> "The conversation is too long for the model";
			case RATE_LIMITED -> "Too many requests for the time being";
			case OVERLOADED -> "xAI is overloaded";
			case TIMEOUT -> "xAI did not answer in time";
			case SERVER_ERROR -> "xAI failed";
			case CONNECTION -> "xAI could not be reached";
			case STREAM_BROKEN -> "The answer broke off";
			case RUNAWAY_OUTPUT -> "The model repeated itself without end";
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
