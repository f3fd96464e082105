package io.github.grokspring.retry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;

import javax.net.ssl.SSLHandshakeException;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * What exceptions of others mean in our words, as far as it matters for retries.
 */
final class ForeignFailures {

	/** Spring AI's word for what may heal by itself; its module need not be there. */
	private static final String TRANSIENT = "org.springframework.ai.retry.TransientAiException";

	private static final int MAX_DEPTH = 20;

	private ForeignFailures() {
	}

	/**
	 * Read an exception.
	 * @param thrown the exception
	 * @return what it means, or {@code null} if it says nothing that speaks for a retry
	 */
	static @Nullable GrokApiException read(Throwable thrown) {
		if (thrown instanceof GrokApiException ours) {
			return (ours.attempts() == 1) ? ours : null;
		}
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
			ErrorKind kind = kind(current);
			if (kind != null) {
				return (kind != ErrorKind.UNKNOWN) ? failure(kind, thrown) : null;
			}
			current = current.getCause();
		}
		return null;
	}

	private static @Nullable ErrorKind kind(Throwable thrown) {
		if (thrown instanceof SocketTimeoutException || thrown instanceof HttpTimeoutException) {
			return ErrorKind.TIMEOUT;
		}
		if (thrown instanceof InterruptedIOException || thrown instanceof ClosedByInterruptException) {
			return ErrorKind.UNKNOWN;
		}
		if (thrown instanceof IOException) {
			return ErrorKind.CONNECTION;
		}
		return isTransient(thrown.getClass()) ? ErrorKind.SERVER_ERROR : null;
	}

	private static boolean isOfConnecting(Throwable thrown) {
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
			if (current instanceof ConnectException || current instanceof UnknownHostException
					|| current instanceof NoRouteToHostException || current instanceof SSLHandshakeException) {
				return true;
			}
			current = current.getCause();
		}
		return false;
	}

	private static boolean isTransient(@Nullable Class<?> type) {
		return type != null && (TRANSIENT.equals(type.getName()) || isTransient(type.getSuperclass()));
	}

	private static GrokApiException failure(ErrorKind kind, Throwable cause) {
		return GrokApiException.builder(kind, "A call to xAI failed")
			.sent(kind != ErrorKind.CONNECTION || !isOfConnecting(cause))
			.cause(cause)
			.build();
	}

}
