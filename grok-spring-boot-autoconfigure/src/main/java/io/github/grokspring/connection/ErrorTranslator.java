package io.github.grokspring.connection;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.proxy.ProxyConnectException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.netty.channel.AbortedException;

/**
 * The one place that turns what xAI or the network says into {@link GrokApiException}.
 * Keys and their masked fragments, which xAI echoes, are removed from messages, and so
 * are values of the request that a refusal of its shape quotes, and texts of the request
 * and the answer wherever they are quoted.
 *
 * @since 0.1.0
 */
public final class ErrorTranslator {

	private static final int MAX_TEXT = 500;

	/** What lies beyond is not quoted, so it need not be looked at. */
	private static final int MAX_READ = 4_000;

	private static final Pattern SECRET = Pattern.compile("\\b(?:xai|sk)-[\\w-]{4,}|\\beyJ[\\w.-]{16,}"
			+ "|(?i:(?<=bearer )\\S+)|(?i:(?<=api key provided: ))[^\\s.]+|[\\w-]*\\*{2,}[\\w*-]*");

	private static final Pattern QUOTED_INPUT = Pattern.compile(
			"(invalid (?:type|value|length): (?:string|character|byte array),? )(?:\"(?:[^\"\\\\]|\\\\.)*\"?|`[^`]*`?)");

	/** Pictures and files, as requests carry them. */
	private static final Pattern ENCODED = Pattern.compile("(data:[\\w.+/-]*;base64,)[\\w+/=]+");

	/** Failures of the network whose messages are the operating system's. */
	private static final Set<Class<?>> PLAIN = Set.of(IOException.class, SocketException.class,
			SocketTimeoutException.class, ClosedChannelException.class, AbortedException.class);

	private ErrorTranslator() {
	}

	/**
	 * Translate an answer of xAI that is an error.
	 * @param status the HTTP status, which may be 200
	 * @param contentType the value of {@code Content-Type}, or {@code null}
	 * @param body the raw body, or its beginning
	 * @param headers what the headers said
	 * @param model the model that was asked, or {@code null}
	 * @param path what was asked for below the base URL, or {@code null}
	 * @param sent what the exception must not repeat
	 * @return the exception
	 */
	public static GrokApiException fromResponse(int status, @Nullable String contentType, byte[] body,
			ApiHeaders headers, @Nullable String model, @Nullable String path, EchoFilter sent) {
		return translate(status, ErrorBody.parse(contentType, body, 0, body.length), headers, model, path, sent);
	}

	/**
	 * Translate an answer of xAI that is an error.
	 * @param status the HTTP status, which may be 200
	 * @param contentType the value of {@code Content-Type}, or {@code null}
	 * @param body the body, or its beginning
	 * @param headers what the headers said
	 * @param model the model that was asked, or {@code null}
	 * @param path what was asked for below the base URL, or {@code null}
	 * @param sent what the exception must not repeat
	 * @return the exception
	 */
	public static GrokApiException fromResponse(int status, @Nullable String contentType, String body,
			ApiHeaders headers, @Nullable String model, @Nullable String path, EchoFilter sent) {
		return fromResponse(status, contentType, body.getBytes(StandardCharsets.UTF_8), headers, model, path, sent);
	}

	/**
	 * Translate an event of a stream that is an error, in any of the shapes
	 * {@code {"code":…,"error":"…"}}, {@code {"error":{…}}}, {@code {"type":"error",…}}
	 * and {@code response.failed}.
	 * @param buffer holds the data of the event
	 * @param offset where the data begins
	 * @param length how many bytes it has
	 * @param headers what the headers of the stream said
	 * @param model the model that was asked, or {@code null}
	 * @param sent what the exception must not repeat
	 * @return the exception, with status 200
	 */
	public static GrokApiException fromEvent(byte[] buffer, int offset, int length, ApiHeaders headers,
			@Nullable String model, EchoFilter sent) {
		return translate(200, ErrorBody.parse("application/json", buffer, offset, length), headers, model, null, sent);
	}

	/**
	 * Translate a failure of the network, or of what was done with an answer.
	 * @param failure the failure
	 * @param status the HTTP status of the answer, 0 if none had begun
	 * @param requestId the id under which xAI knows the request, or {@code null}
	 * @param target whom was asked, such as {@code https://api.x.ai/v1}
	 * @param model the model that was asked, or {@code null}
	 * @return the exception; the failure itself if it is one already
	 */
	public static GrokApiException fromFailure(Throwable failure, int status, @Nullable String requestId, String target,
			@Nullable String model) {
		return fromFailure(failure, status, requestId, target, model, EchoFilter.NONE);
	}

	/**
	 * Translate a failure of the network, or of what was done with an answer.
	 * @param failure the failure
	 * @param status the HTTP status of the answer, 0 if none had begun
	 * @param requestId the id under which xAI knows the request, or {@code null}
	 * @param target whom was asked, such as {@code https://api.x.ai/v1}
	 * @param model the model that was asked, or {@code null}
	 * @param sent what the exception must not repeat
	 * @return the exception; the failure itself if it is one already
	 */
	public static GrokApiException fromFailure(Throwable failure, int status, @Nullable String requestId, String target,
			@Nullable String model, EchoFilter sent) {
		return fromFailure(failure, status, requestId, target, model, status == 0 && isOfConnecting(failure), sent);
	}

	/**
	 * Translate a failure of the network for one who knows whether the request was sent.
	 */
	static GrokApiException fromFailure(Throwable failure, int status, @Nullable String requestId, String target,
			@Nullable String model, boolean unsent, EchoFilter sent) {
		boolean answerBegun = status > 0;
		Throwable cause = Exceptions.unwrap(failure);
		if (cause instanceof GrokApiException translated) {
			return translated;
		}
		if (cause instanceof DecoderException && cause.getCause() instanceof IOException io) {
			cause = io;
		}
		if (!isOfTheNetwork(cause)) {
			String what = answerBegun ? "The answer of xAI" + forModel(model) + " could not be processed"
					: "The request to xAI" + forModel(model) + " failed";
			return GrokApiException.builder(ErrorKind.UNKNOWN, what + " (" + reason(cause) + ")")
				.status(status)
				.requestId(requestId)
				.sent(!unsent)
				.cause(presentable(cause))
				.build();
		}
		if (answerBegun) {
			return GrokApiException
				.builder(ErrorKind.STREAM_BROKEN,
						"The answer of xAI" + forModel(model)
								+ " broke off before its end: the connection was closed. What arrived is incomplete.")
				.status(status)
				.requestId(requestId)
				.cause(presentable(cause))
				.build();
		}
		return GrokApiException.builder(ErrorKind.CONNECTION, connectionFailure(cause, target, model, sent))
			.sent(!unsent)
			.cause(presentable(cause))
			.build();
	}

	private static String reason(Throwable cause) {
		return (cause instanceof ResponseTooLargeException) ? String.valueOf(cause.getMessage())
				: cause.getClass().getSimpleName();
	}

	/**
	 * Decoders quote what they could not read, so a failure that is not of connecting
	 * keeps its type and its stack trace only.
	 */
	private static Throwable presentable(Throwable cause) {
		if (isOfConnecting(cause) || (PLAIN.contains(cause.getClass()) && cause.getCause() == null)) {
			return cause;
		}
		String type = cause.getClass().getName();
		Exception presentable = (cause instanceof IOException) ? new IOException(type)
				: new IllegalStateException(type);
		presentable.setStackTrace(cause.getStackTrace());
		return presentable;
	}

	/**
	 * Remove keys, masked keys and quoted input from a text of xAI, and bound its length.
	 * @param text the text
	 * @return a text that may be shown and logged
	 */
	public static String redact(String text) {
		return quoted(text, EchoFilter.NONE);
	}

	// Keys go first: a part of one is not known for what it is.
	private static String quoted(String text, EchoFilter sent) {
		String quoted = sent.withoutSecrets((text.length() <= MAX_READ) ? text : text.substring(0, MAX_READ));
		quoted = QUOTED_INPUT.matcher(quoted).replaceAll("$1\"…\"");
		quoted = ENCODED.matcher(quoted).replaceAll("$1…");
		quoted = sent.removeFrom(SECRET.matcher(quoted).replaceAll("***"));
		return LogSanitizer.toSingleLine(quoted, MAX_TEXT);
	}

	private static GrokApiException translate(int status, ErrorBody body, ApiHeaders headers, @Nullable String model,
			@Nullable String path, EchoFilter sent) {
		ErrorKind kind = ErrorClassifier.classify(status, body, path);
		String parameter = (kind == ErrorKind.UNSUPPORTED_PARAMETER)
				? allowed(ErrorClassifier.parameter(body), null, sent) : null;
		String code = code(body, path, sent);
		ReachedLimit limit = (kind == ErrorKind.RATE_LIMITED) ? ErrorClassifier.limit(body) : null;
		return GrokApiException
			.builder(kind, ErrorMessages.format(kind, detail(status, code, body, sent), model, parameter, path))
			.status(status)
			.code(code)
			.requestId(headers.requestId())
			.retryAfter(headers.retryAfter())
			.limit((limit != null && allowed(limit.bucket(), null, sent) != null) ? limit : null)
			.parameter(parameter)
			.parameterValue((parameter != null) ? allowed(ErrorClassifier.parameterValue(body), "", sent) : null)
			.retryable(retryable(kind, headers.shouldRetry()))
			.build();
	}

	// The server may say that a retry is in vain; what is wrong with a request no server
	// can talk away.
	private static @Nullable Boolean retryable(ErrorKind kind, @Nullable Boolean shouldRetry) {
		boolean heeded = kind.isRetryable() || kind == ErrorKind.UNKNOWN;
		return heeded ? shouldRetry : null;
	}

	private static @Nullable String code(ErrorBody body, @Nullable String path, EchoFilter sent) {
		String code = body.code();
		if (code == null || ErrorClassifier.isKnownCode(code, path)) {
			return code;
		}
		return quoted(code, sent);
	}

	private static @Nullable String allowed(@Nullable String found, @Nullable String otherwise, EchoFilter sent) {
		return (found == null || sent.isFreeOf(found)) ? found : otherwise;
	}

	private static String detail(int status, @Nullable String code, ErrorBody body, EchoFilter sent) {
		StringBuilder detail = new StringBuilder().append(status);
		if (code != null) {
			detail.append(' ').append(code);
		}
		if (body.html()) {
			detail.append(": a web page instead of JSON");
		}
		if (!body.text().isEmpty()) {
			String text = quoted(body.text(), sent);
			detail.append(body.html() ? ", titled '" + text + "'" : ": " + text);
		}
		return detail.toString();
	}

	// Three that are none by their type: a connection that closed while a request was
	// about
	// to be written, one that fails in terms of HTTP/2, and a proxy whose name is
	// unknown.
	private static boolean isOfTheNetwork(Throwable cause) {
		return cause instanceof IOException || cause instanceof AbortedException || cause instanceof Http2Exception
				|| cause instanceof UnresolvedAddressException;
	}

	// Of the failures of a secure connection only these are certain to come before a
	// request
	private static boolean isOfConnecting(Throwable failure) {
		Throwable cause = Exceptions.unwrap(failure);
		if (cause instanceof DecoderException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException
				|| cause instanceof java.net.ConnectException || cause instanceof NoRouteToHostException
				|| cause instanceof ProxyConnectException || cause instanceof SSLHandshakeException
				|| cause instanceof SSLPeerUnverifiedException;
	}

	private static String connectionFailure(Throwable cause, String target, @Nullable String model, EchoFilter sent) {
		if (cause instanceof UnknownHostException) {
			return "The host of " + target
					+ " is unknown. Check 'grok.base-url', the network, and 'grok.http.proxy' if there is one.";
		}
		if (cause instanceof UnresolvedAddressException) {
			return "The host of the proxy is unknown. Check 'grok.http.proxy.host'.";
		}
		if (cause instanceof ConnectTimeoutException) {
			return "No connection to " + target
					+ " within 'grok.http.connect-timeout'. Check the network and 'grok.http.proxy'.";
		}
		if (cause instanceof ProxyConnectException) {
			return "The proxy did not connect to " + target + detail(cause, sent) + ". Check 'grok.http.proxy'.";
		}
		if (cause instanceof SSLException) {
			return "No secure connection to " + target + detail(cause, sent)
					+ ". Check 'grok.base-url' and, for a certificate of your own, 'grok.http.ssl-bundle'.";
		}
		if (cause instanceof java.net.ConnectException) {
			return "Could not connect to " + target + detail(cause, sent)
					+ ". Check 'grok.base-url', the network, and 'grok.http.proxy' if there is one.";
		}
		return "The connection to " + target + " closed before an answer" + forModel(model) + " began"
				+ detail(cause, sent) + ". The request may have been processed.";
	}

	private static String detail(Throwable cause, EchoFilter sent) {
		if (!isOfConnecting(cause)) {
			return " (" + cause.getClass().getSimpleName() + ")";
		}
		return (cause.getMessage() != null) ? ": " + quoted(cause.getMessage(), sent) : "";
	}

	private static String forModel(@Nullable String model) {
		return (model != null) ? " for model '" + LogSanitizer.sanitize(model) + "'" : "";
	}

}
