package io.github.grokspring.openai;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.core.ObjectMappers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;

/**
 * Translates exceptions of the OpenAI SDK, of Spring AI's model and of the network.
 */
final class SdkExceptionTranslator {

	private static final int MAX_DEPTH = 20;

	private final HttpSettings settings;

	SdkExceptionTranslator(HttpSettings settings) {
		this.settings = settings;
	}

	/**
	 * Translates an exception.
	 * @param thrown the exception
	 * @param exchange the exchange of the call
	 * @param echoFilter the texts that the message must not repeat
	 */
	RuntimeException translate(Throwable thrown, OkHttpExchange exchange, EchoFilter echoFilter) {
		GrokApiException translated = exchange.failure();
		if (translated != null) {
			return translated;
		}
		GrokException own = find(GrokException.class, thrown);
		if (own != null) {
			return own;
		}
		if (exchange.isDisposed()) {
			return (find(RejectedExecutionException.class, thrown) != null) ? transportClosed()
					: connectionClosed(exchange, thrown);
		}
		OpenAIServiceException error = find(OpenAIServiceException.class, thrown);
		if (error != null) {
			return errorEvent(error, exchange, echoFilter);
		}
		// Before IOException, which is a superclass of Jackson's exceptions
		if (find(OpenAIInvalidDataException.class, thrown) != null
				|| find(JsonProcessingException.class, thrown) != null) {
			return notACompletion(exchange);
		}
		IOException ioException = find(IOException.class, thrown);
		if (ioException != null) {
			GrokApiException failure = translate(ioException, exchange);
			return (failure.isSent() && !exchange.isSent())
					? failure.mutate(String.valueOf(failure.getMessage())).sent(false).build() : failure;
		}
		return (thrown instanceof IllegalArgumentException invalid) ? invalid : fromFailure(thrown, exchange);
	}

	/**
	 * Returns the failure of a stream that ended without a finish reason.
	 */
	GrokApiException brokenStream(OkHttpExchange exchange) {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The stream of xAI" + forModel(exchange)
							+ " ended without a finish reason. What arrived is incomplete.")
			.status(200)
			.requestId(exchange.headers().requestId())
			.build();
	}

	/**
	 * Returns the failure of a call that is made after the transport was closed.
	 */
	static GrokApiException transportClosed() {
		return GrokApiException
			.builder(ErrorKind.CONNECTION,
					"The connection to xAI is closed, as it is after the application context was closed.")
			.retryable(false)
			.sent(false)
			.build();
	}

	private static GrokApiException connectionClosed(OkHttpExchange exchange, Throwable cause) {
		return GrokApiException.builder(ErrorKind.CONNECTION, "The call to xAI" + forModel(exchange)
				+ " was ended because its connection was closed, which happens when the application context closes.")
			.cause(cause)
			.retryable(false)
			.sent(exchange.isSent())
			.build();
	}

	// Error responses never reach the SDK, so this is an error within a stream.
	private static GrokApiException errorEvent(OpenAIServiceException error, OkHttpExchange exchange,
			EchoFilter echoFilter) {
		byte[] body;
		try {
			body = ("{\"error\":" + ObjectMappers.jsonMapper().writeValueAsString(error.body()) + "}")
				.getBytes(StandardCharsets.UTF_8);
		}
		catch (JsonProcessingException ex) {
			body = new byte[0];
		}
		return ErrorTranslator.fromEvent(body, 0, body.length, exchange.headers(), exchange.model(), echoFilter);
	}

	// Without its cause, which would quote the response
	private static GrokApiException notACompletion(OkHttpExchange exchange) {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"xAI answered the request" + forModel(exchange)
							+ " with something that is not a chat completion. Check that 'grok.base-url' leads to xAI.")
			.status(exchange.isResponseReceived() ? 200 : 0)
			.requestId(exchange.headers().requestId())
			.build();
	}

	private GrokApiException translate(IOException ex, OkHttpExchange exchange) {
		String message = String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT);
		if (ex instanceof SocketTimeoutException && message.contains("connect timed out")) {
			return GrokApiException
				.builder(ErrorKind.CONNECTION,
						"No connection to " + this.settings.baseUrl() + " within " + this.settings.connectTimeout()
								+ ". Check the network and 'grok.http.proxy', or raise 'grok.http.connect-timeout'.")
				.sent(false)
				.cause(ex)
				.build();
		}
		if (ex instanceof SocketTimeoutException) {
			return GrokApiException
				.builder(ErrorKind.TIMEOUT, "xAI stayed silent" + forModel(exchange) + " for longer than "
						+ exchange.readTimeout()
						+ ". Raise 'grok.http.reasoning-read-timeout' (reasoning models) or 'grok.http.read-timeout'"
						+ " (others) if the model may take that long.")
				.cause(ex)
				.build();
		}
		if (ex instanceof InterruptedIOException && message.contains("timeout")) {
			return exchange.callTimedOut(ex);
		}
		return fromFailure(ex, exchange);
	}

	private GrokApiException fromFailure(Throwable failure, OkHttpExchange exchange) {
		return ErrorTranslator.fromFailure(failure, exchange.isResponseReceived() ? 200 : 0,
				exchange.headers().requestId(), this.settings.baseUrl(), exchange.model(), exchange.echoFilter());
	}

	private static String forModel(OkHttpExchange exchange) {
		return (exchange.model() != null) ? " for model '" + LogSanitizer.sanitize(exchange.model()) + "'" : "";
	}

	private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable thrown) {
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
			if (type.isInstance(current)) {
				return type.cast(current);
			}
			current = current.getCause();
		}
		return null;
	}

}
