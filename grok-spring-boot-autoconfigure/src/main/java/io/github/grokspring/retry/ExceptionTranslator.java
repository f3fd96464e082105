package io.github.grokspring.retry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Translates exceptions of other HTTP clients, as far as it matters for retries. Their
 * classes are known by name, because none of these clients has to be on the class path.
 */
final class ExceptionTranslator {

	private static final String TRANSIENT = "org.springframework.ai.retry.TransientAiException";

	private static final String NON_TRANSIENT = "org.springframework.ai.retry.NonTransientAiException";

	/** Say that the exchange failed, sometimes without a cause that says how. */
	private static final List<String> NETWORK = List.of("org.springframework.web.client.ResourceAccessException",
			"com.openai.errors.OpenAIIoException");

	/** A response that cannot be read has been paid for, and comes again. */
	private static final List<String> UNREADABLE = List.of("com.fasterxml.jackson.core.JsonProcessingException",
			"com.openai.errors.OpenAIInvalidDataException");

	private static final int MAX_DEPTH = 20;

	private final InstantSource clock;

	/**
	 * Create a translator.
	 * @param clock the time that a {@code Retry-After} with a date is compared with
	 */
	ExceptionTranslator(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Translate an exception.
	 * @param thrown the exception
	 * @return what it means, or {@code null} if it says nothing that speaks for a retry
	 */
	@Nullable GrokApiException read(Throwable thrown) {
		if (thrown instanceof GrokApiException ours) {
			return (ours.attempts() == 1) ? ours : null;
		}
		List<Throwable> chain = chain(thrown);
		if (chain.stream().anyMatch(ExceptionTranslator::isFinal)) {
			return null;
		}
		boolean isTransient = false;
		ForeignResponse response = null;
		ErrorKind network = null;
		for (Throwable current : chain) {
			if (current instanceof GrokApiException ours) {
				return ours;
			}
			isTransient |= isA(current, TRANSIENT);
			response = (response != null) ? response : ForeignResponse.of(current);
			network = (network != null) ? network : network(current, chain);
		}
		if (response != null) {
			return response(response, isTransient, thrown);
		}
		if (network != null) {
			return failure(network, thrown).sent(network != ErrorKind.CONNECTION || !isOfConnecting(chain)).build();
		}
		return isTransient ? failure(ErrorKind.SERVER_ERROR, thrown).build() : null;
	}

	private @Nullable GrokApiException response(ForeignResponse response, boolean isTransient, Throwable thrown) {
		ErrorKind kind = response.kind();
		if (kind == ErrorKind.INSUFFICIENT_CREDITS) {
			return null;
		}
		if (isTransient && !kind.isRetryable()) {
			kind = ErrorKind.SERVER_ERROR;
		}
		if (!kind.isRetryable() && kind != ErrorKind.UNKNOWN) {
			return null;
		}
		return failure(kind, thrown).status(response.status())
			.retryAfter(response.retryAfter(this.clock))
			.retryable(response.shouldRetry())
			.build();
	}

	private static List<Throwable> chain(Throwable thrown) {
		List<Throwable> chain = new ArrayList<>();
		for (Throwable current = thrown; current != null && chain.size() < MAX_DEPTH; current = current.getCause()) {
			chain.add(current);
		}
		return chain;
	}

	private static boolean isFinal(Throwable thrown) {
		return thrown instanceof InterruptedException || thrown instanceof ClosedByInterruptException
				|| (thrown instanceof InterruptedIOException && !isTimeout(thrown)) || isA(thrown, NON_TRANSIENT)
				|| UNREADABLE.stream().anyMatch((type) -> isA(thrown, type))
				|| (thrown instanceof GrokApiException ours && ours.attempts() > 1);
	}

	private static @Nullable ErrorKind network(Throwable thrown, List<Throwable> chain) {
		if (isConnectTimeout(thrown)) {
			return ErrorKind.CONNECTION;
		}
		if (thrown instanceof HttpTimeoutException || thrown instanceof InterruptedIOException
				|| thrown instanceof TimeoutException || isA(thrown, "io.netty.handler.timeout.TimeoutException")) {
			return ErrorKind.TIMEOUT;
		}
		if (thrown instanceof IOException) {
			return isCausedByTimeout(thrown, chain) ? ErrorKind.TIMEOUT : ErrorKind.CONNECTION;
		}
		boolean last = thrown == chain.get(chain.size() - 1);
		if (last && NETWORK.stream().anyMatch((type) -> isA(thrown, type))) {
			return ErrorKind.CONNECTION;
		}
		return isA(thrown, "com.openai.errors.OpenAIRetryableException") ? ErrorKind.SERVER_ERROR : null;
	}

	private static boolean isCausedByTimeout(Throwable thrown, List<Throwable> chain) {
		return chain.subList(chain.indexOf(thrown) + 1, chain.size())
			.stream()
			.anyMatch((cause) -> cause instanceof InterruptedIOException || cause instanceof HttpTimeoutException);
	}

	// OkHttp has no type for the time limit of a call
	private static boolean isTimeout(Throwable thrown) {
		return thrown.getClass().getSimpleName().contains("Timeout") || message(thrown).contains("timeout");
	}

	private static boolean isConnectTimeout(Throwable thrown) {
		return thrown instanceof HttpConnectTimeoutException
				|| (thrown instanceof SocketTimeoutException && message(thrown).contains("connect time"));
	}

	private static boolean isOfConnecting(List<Throwable> chain) {
		return chain.stream()
			.anyMatch((thrown) -> thrown instanceof ConnectException || thrown instanceof UnknownHostException
					|| thrown instanceof NoRouteToHostException || thrown instanceof SSLHandshakeException
					|| thrown instanceof SSLPeerUnverifiedException || isConnectTimeout(thrown));
	}

	private static String message(Throwable thrown) {
		return String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
	}

	static boolean isA(Throwable thrown, String type) {
		return type(thrown, type) != null;
	}

	static @Nullable Class<?> type(Throwable thrown, String name) {
		Class<?> type = thrown.getClass();
		while (type != null && !name.equals(type.getName())) {
			type = type.getSuperclass();
		}
		return type;
	}

	private static GrokApiException.Builder failure(ErrorKind kind, Throwable cause) {
		return GrokApiException.builder(kind, "A call to xAI failed").cause(cause);
	}

}
