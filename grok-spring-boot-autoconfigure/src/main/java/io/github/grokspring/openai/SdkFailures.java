package io.github.grokspring.openai;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.core.ObjectMappers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the SDK throws into exceptions of ours. What xAI said was translated when it
 * arrived and is only fetched here; the rest is the network, or an answer that is none.
 */
final class SdkFailures {

	private static final int MAX_DEPTH = 20;

	private final HttpSettings settings;

	SdkFailures(HttpSettings settings) {
		this.settings = settings;
	}

	RuntimeException translate(Throwable thrown, InFlightCall call) {
		GrokApiException refused = call.failure();
		if (refused != null) {
			return refused;
		}
		GrokException ours = find(GrokException.class, thrown);
		if (ours != null) {
			return ours;
		}
		if (call.isConnectionClosed()) {
			return connectionClosed(call, thrown);
		}
		if (call.isConnectionTimedOut()) {
			return call.withoutConnection(this.settings.maxConnections());
		}
		OpenAIServiceException said = find(OpenAIServiceException.class, thrown);
		if (said != null) {
			return service(said, call);
		}
		// Before the network, because what Jackson throws is an IOException too
		if (find(OpenAIInvalidDataException.class, thrown) != null
				|| find(JsonProcessingException.class, thrown) != null) {
			return notAnAnswer(call);
		}
		IOException network = find(IOException.class, thrown);
		if (network != null) {
			GrokApiException failure = network(network, call);
			return (failure.isSent() && !call.isSent())
					? failure.mutate(String.valueOf(failure.getMessage())).sent(false).build() : failure;
		}
		if (thrown instanceof IllegalArgumentException invalid) {
			return invalid;
		}
		return fromFailure(thrown, call);
	}

	// A stream has ended before the model did.
	GrokApiException brokenStream(InFlightCall call) {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The stream of xAI" + forModel(call)
							+ " ended without a finish reason. What arrived is incomplete.")
			.status(200)
			.requestId(call.headers().requestId())
			.build();
	}

	static GrokApiException closed() {
		return GrokApiException
			.builder(ErrorKind.CONNECTION,
					"The connection to xAI is closed, as it is after the application context was closed.")
			.retryable(false)
			.sent(false)
			.build();
	}

	private GrokApiException network(IOException network, InFlightCall call) {
		String message = String.valueOf(network.getMessage()).toLowerCase(Locale.ROOT);
		if (network instanceof SocketTimeoutException && message.contains("connect timed out")) {
			return GrokApiException
				.builder(ErrorKind.CONNECTION,
						"No connection to " + this.settings.baseUrl() + " within " + this.settings.connectTimeout()
								+ ". Check the network and 'grok.http.proxy', or raise 'grok.http.connect-timeout'.")
				.sent(false)
				.cause(network)
				.build();
		}
		if (network instanceof SocketTimeoutException) {
			return timeout("xAI stayed silent" + forModel(call) + " for longer than allowed ("
					+ (call.hasAnswer() ? this.settings.streamIdleTimeout() + " in a stream that writes, " : "")
					+ call.silence() + " otherwise). Raise 'grok.http.reasoning-read-timeout' (reasoning models), "
					+ "'grok.http.read-timeout' (others) or 'grok.http.stream-idle-timeout'"
					+ " if the model may take that long.", network);
		}
		if (network instanceof InterruptedIOException && message.contains("timeout")) {
			GrokApiException timeout = timeout("The call to xAI" + forModel(call) + " was not complete within "
					+ call.timeout() + ". Raise 'grok.http.call-timeout', or ask for less.", network);
			return timeout.mutate(String.valueOf(timeout.getMessage()))
				.causedByApplication(call.timeout().compareTo(this.settings.callTimeout()) < 0)
				.build();
		}
		return fromFailure(network, call);
	}

	private GrokApiException fromFailure(Throwable failure, InFlightCall call) {
		return ErrorTranslator.fromFailure(failure, call.hasAnswer() ? 200 : 0, call.headers().requestId(),
				this.settings.baseUrl(), call.model(), call.sent());
	}

	private static GrokApiException service(OpenAIServiceException said, InFlightCall call) {
		String body;
		try {
			body = "{\"error\":" + ObjectMappers.jsonMapper().writeValueAsString(said.body()) + "}";
		}
		catch (JsonProcessingException ex) {
			body = "";
		}
		ApiHeaders headers = call.headers();
		return ErrorTranslator.fromResponse(said.statusCode(), "application/json", body, headers, call.model(), null,
				call.sent());
	}

	private static GrokApiException timeout(String message, Throwable cause) {
		return GrokApiException.builder(ErrorKind.TIMEOUT, message).cause(cause).build();
	}

	private static GrokApiException connectionClosed(InFlightCall call, Throwable cause) {
		return GrokApiException.builder(ErrorKind.CONNECTION, "The call to xAI" + forModel(call)
				+ " was ended because its connection was closed, which happens when the application context closes.")
			.cause(cause)
			.retryable(false)
			.sent(call.isSent())
			.build();
	}

	// Without its cause, which would quote the answer
	private static GrokApiException notAnAnswer(InFlightCall call) {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"xAI answered the request for model '" + LogSanitizer.sanitize(call.model())
							+ "' with something that is no chat completion. Check that 'grok.base-url' leads to xAI.")
			.status(call.hasAnswer() ? 200 : 0)
			.requestId(call.headers().requestId())
			.build();
	}

	private static String forModel(InFlightCall call) {
		return (call.model() != null) ? " for model '" + LogSanitizer.sanitize(call.model()) + "'" : "";
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

	static boolean isRejected(Throwable thrown) {
		return find(RejectedExecutionException.class, thrown) != null;
	}

}
