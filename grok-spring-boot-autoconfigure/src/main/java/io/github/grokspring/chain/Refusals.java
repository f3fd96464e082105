package io.github.grokspring.chain;

import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.BudgetStoreException;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.error.RedactionException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.event.CallRefused;
import io.github.grokspring.event.GrokEventListener;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Tells of calls that a stage refused and that no other stage saved.
 *
 * @param client the client
 * @param listener is told
 */
record Refusals(String client, GrokEventListener listener) {

	void tell(Throwable failure, Prompt prompt) {
		if (failure instanceof GrokException && !(failure instanceof GrokApiException)) {
			String model = (prompt.getOptions() != null) ? prompt.getOptions().getModel() : null;
			this.listener.onEvent(new CallRefused(this.client, String.valueOf(model), reason(failure)));
		}
	}

	private static String reason(Throwable failure) {
		if (failure instanceof CircuitOpenException) {
			return "circuit_open";
		}
		if (failure instanceof RateLimitExceededException) {
			return "rate_limit_exceeded";
		}
		if (failure instanceof BudgetExceededException) {
			return "budget_exceeded";
		}
		if (failure instanceof BudgetStoreException) {
			return "budget_store";
		}
		if (failure instanceof ContextOverflowException) {
			return "context_overflow";
		}
		if (failure instanceof UnsupportedParameterException) {
			return "unsupported_parameter";
		}
		return (failure instanceof RedactionException) ? "redaction" : "other";
	}

}
