package io.github.grokspring.chain;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.InvalidOutputException;
import io.github.grokspring.event.CallRejected;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;

/**
 * Publishes an event for each call that the application rejected instead of sending it.
 *
 * @param client the name of the client
 * @param listener the listener
 */
record RejectionPublisher(String client, GrokEventListener listener) {

	private static final String OTHER = "other";

	private static final Pattern WORD_BOUNDARY = Pattern.compile("(?<=[a-z])(?=[A-Z])");

	// Unsent requests with these kinds failed because of the network
	private static final Set<ErrorKind> NETWORK_FAILURES = EnumSet.of(ErrorKind.CONNECTION, ErrorKind.TIMEOUT,
			ErrorKind.STREAM_BROKEN, ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED, ErrorKind.UNKNOWN);

	void publish(Throwable failure, String model) {
		String reason = (failure instanceof GrokException exception) ? reason(exception) : null;
		if (reason != null) {
			this.listener.onEvent(new CallRejected(this.client, model, reason));
		}
	}

	static String outcome(Throwable failure) {
		String reason = (failure instanceof GrokException exception) ? reason(exception) : null;
		if (reason != null) {
			return reason;
		}
		ErrorKind kind = (failure instanceof GrokApiException exception) ? exception.kind() : ErrorKind.UNKNOWN;
		return kind.name().toLowerCase(Locale.ROOT);
	}

	private static @Nullable String reason(GrokException failure) {
		if (failure instanceof GrokApiException exception) {
			return (exception.isSent() || NETWORK_FAILURES.contains(exception.kind())) ? null
					: reason(exception.kind());
		}
		if (failure.getClass() != GrokException.class) {
			return (failure instanceof InvalidOutputException) ? null : reason(failure.getClass());
		}
		// Interruptions and failures of other libraries may follow after a call was sent
		return (failure.getCause() != null || Thread.currentThread().isInterrupted()) ? null : OTHER;
	}

	// CircuitOpenException becomes circuit_open
	private static String reason(Class<?> type) {
		String name = type.getSimpleName().replaceFirst("Exception$", "");
		return name.isEmpty() ? OTHER : WORD_BOUNDARY.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
	}

	private static String reason(ErrorKind kind) {
		return switch (kind) {
			case RATE_LIMITED -> "rate_limit_exceeded";
			case CONTEXT_TOO_LONG -> "context_overflow";
			default -> kind.name().toLowerCase(Locale.ROOT);
		};
	}

}
