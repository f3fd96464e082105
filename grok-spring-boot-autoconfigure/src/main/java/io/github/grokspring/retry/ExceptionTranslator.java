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
 * Translates exceptions of other HTTP clients for retries. Types are matched by name,
 * because these clients are optional.
 */
final class ExceptionTranslator {

	private static final String TRANSIENT = "org.springframework.ai.retry.TransientAiException";

	private static final String NON_TRANSIENT = "org.springframework.ai.retry.NonTransientAiException";

	/** Network failures, whose cause may be missing. */
	private static final List<String> NETWORK = List.of("org.springframework.web.client.ResourceAccessException",
			"com.openai.errors.OpenAIIoException");

	/** Unreadable responses, which are billed and would be repeated. */
	private static final List<String> UNREADABLE = List.of("com.fasterxml.jackson.core.JsonProcessingException",
			"com.openai.errors.OpenAIInvalidDataException");

	private static final int MAX_DEPTH = 20;

	private final InstantSource clock;

	ExceptionTranslator(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Translates an exception, or returns {@code null} if it must not be retried.
	 */
	@Nullable GrokApiException translate(Throwable thrown) {
		if (thrown instanceof GrokApiException apiFailure) {
			return (apiFailure.attempts() == 1) ? apiFailure : null;
		}
		List<Throwable> chain = chain(thrown);
		if (chain.stream().anyMatch(ExceptionTranslator::isFinal)) {
			return null;
		}
		boolean isTransient = false;
		ForeignResponse response = null;
		ErrorKind network = null;
		for (Throwable current : chain) {
			if (current instanceof GrokApiException apiFailure) {
				return apiFailure;
			}
			isTransient |= isA(current, TRANSIENT);
			response = (response != null) ? response : ForeignResponse.of(current);
			network = (network != null) ? network : network(current, chain);
		}
		if (response != null) {
			return response(response, isTransient, thrown);
		}
		if (network != null) {
			return failure(network, thrown).sent(network != ErrorKind.CONNECTION || !isConnectFailure(chain)).build();
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
				|| (thrown instanceof GrokApiException apiFailure && apiFailure.attempts() > 1);
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

	// OkHttp has no exception type for call timeouts
	private static boolean isTimeout(Throwable thrown) {
		return thrown.getClass().getSimpleName().contains("Timeout") || message(thrown).contains("timeout");
	}

	private static boolean isConnectTimeout(Throwable thrown) {
		return thrown instanceof HttpConnectTimeoutException
				|| (thrown instanceof SocketTimeoutException && message(thrown).contains("connect time"));
	}

	private static boolean isConnectFailure(List<Throwable> chain) {
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
