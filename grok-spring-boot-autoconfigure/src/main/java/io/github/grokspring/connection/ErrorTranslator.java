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
 * Translates errors of xAI and of the network to {@link GrokApiException}. Messages
 * contain neither API keys, which xAI echoes in part, nor rejected values of the request,
 * nor text of the prompt or the response.
 *
 * @since 0.1.0
 */
public final class ErrorTranslator {

	private static final int MAX_TEXT = 500;

	/** Longer texts are truncated before they are redacted. */
	private static final int MAX_READ = 4_000;

	private static final Pattern SECRET = Pattern.compile("\\b(?:xai|sk)-[\\w-]{4,}|\\beyJ[\\w.-]{16,}"
			+ "|(?i:(?<=bearer )\\S+)|(?i:(?<=api key provided: ))[^\\s.]+|[\\w-]*\\*{2,}[\\w*-]*");

	private static final Pattern QUOTED_INPUT = Pattern.compile(
			"(invalid (?:type|value|length): (?:string|character|byte array),? )(?:\"(?:[^\"\\\\]|\\\\.)*\"?|`[^`]*`?)");

	/** Encoded images and files. */
	private static final Pattern ENCODED = Pattern.compile("(data:[\\w.+/-]*;base64,)[\\w+/=]+");

	/** Network failures with messages of the operating system. */
	private static final Set<Class<?>> PLAIN = Set.of(IOException.class, SocketException.class,
			SocketTimeoutException.class, ClosedChannelException.class, AbortedException.class);

	private ErrorTranslator() {
	}

	static GrokApiException fromResponse(int status, @Nullable String contentType, byte[] body, ResponseHeaders headers,
			@Nullable String model, @Nullable String path, EchoFilter echoFilter) {
		return translate(status, ErrorBody.parse(contentType, body, 0, body.length), headers, model, path, echoFilter);
	}

	/**
	 * Translates an error response.
	 * @param status the HTTP status, which may be 200
	 * @param contentType the value of {@code Content-Type}, or {@code null}
	 * @param body the body or its beginning
	 * @param headers the parsed headers
	 * @param model the requested model, or {@code null}
	 * @param path the path relative to the base URL, or {@code null}
	 * @param echoFilter removes content of the request from the message
	 * @return the exception
	 */
	public static GrokApiException fromResponse(int status, @Nullable String contentType, String body,
			ResponseHeaders headers, @Nullable String model, @Nullable String path, EchoFilter echoFilter) {
		return fromResponse(status, contentType, body.getBytes(StandardCharsets.UTF_8), headers, model, path,
				echoFilter);
	}

	/**
	 * Translates an error event of a stream in one of the forms
	 * {@code {"code":…,"error":"…"}}, {@code {"error":{…}}}, {@code {"type":"error",…}}
	 * and {@code response.failed}.
	 * @param buffer the buffer that contains the data of the event
	 * @param offset the start of the data
	 * @param length the number of bytes
	 * @param headers the parsed headers of the stream
	 * @param model the requested model, or {@code null}
	 * @param echoFilter removes content of the request from the message
	 * @return the exception, with status 200
	 */
	public static GrokApiException fromEvent(byte[] buffer, int offset, int length, ResponseHeaders headers,
			@Nullable String model, EchoFilter echoFilter) {
		return translate(200, ErrorBody.parse("application/json", buffer, offset, length), headers, model, null,
				echoFilter);
	}

	/**
	 * Translates a failure of the network or of the processing of a response.
	 * @param failure the failure
	 * @param status the HTTP status of the response, or 0 if none has started
	 * @param requestId the ID that xAI assigned to the request, or {@code null}
	 * @param target the base URL, such as {@code https://api.x.ai/v1}
	 * @param model the requested model, or {@code null}
	 * @param echoFilter removes content of the request from the message
	 * @return the exception, or the failure itself if it has been translated
	 */
	public static GrokApiException fromFailure(Throwable failure, int status, @Nullable String requestId, String target,
			@Nullable String model, EchoFilter echoFilter) {
		boolean unsent = status == 0 && isConnectFailure(failure);
		boolean responseStarted = status > 0;
		Throwable cause = Exceptions.unwrap(failure);
		if (cause instanceof GrokApiException translated) {
			return translated;
		}
		if (cause instanceof DecoderException && cause.getCause() instanceof IOException io) {
			cause = io;
		}
		if (!isNetworkFailure(cause)) {
			String message = responseStarted ? "The response of xAI" + forModel(model) + " could not be processed"
					: "The request to xAI" + forModel(model) + " failed";
			return GrokApiException.builder(ErrorKind.UNKNOWN, message + " (" + reason(cause) + ")")
				.status(status)
				.requestId(requestId)
				.sent(!unsent)
				.cause(withoutQuotes(cause))
				.build();
		}
		if (responseStarted) {
			return GrokApiException
				.builder(ErrorKind.STREAM_BROKEN,
						"The response of xAI" + forModel(model)
								+ " is incomplete, because the connection was closed before its end.")
				.status(status)
				.requestId(requestId)
				.cause(withoutQuotes(cause))
				.build();
		}
		return GrokApiException.builder(ErrorKind.CONNECTION, connectionFailure(cause, target, model, echoFilter))
			.sent(!unsent)
			.cause(withoutQuotes(cause))
			.build();
	}

	private static String reason(Throwable cause) {
		return (cause instanceof ResponseTooLargeException) ? String.valueOf(cause.getMessage())
				: cause.getClass().getSimpleName();
	}

	// Decoders quote their input in messages, so only the type and the stack trace are
	// kept
	private static Throwable withoutQuotes(Throwable cause) {
		if (isConnectFailure(cause) || (PLAIN.contains(cause.getClass()) && cause.getCause() == null)) {
			return cause;
		}
		String type = cause.getClass().getName();
		Exception copy = (cause instanceof IOException) ? new IOException(type) : new IllegalStateException(type);
		copy.setStackTrace(cause.getStackTrace());
		return copy;
	}

	// Keys are removed first, because a part of a key would not be recognized
	static String redact(String text, EchoFilter echoFilter) {
		String redacted = echoFilter.withoutSecrets((text.length() <= MAX_READ) ? text : text.substring(0, MAX_READ));
		redacted = QUOTED_INPUT.matcher(redacted).replaceAll("$1\"…\"");
		redacted = ENCODED.matcher(redacted).replaceAll("$1…");
		redacted = echoFilter.removeFrom(SECRET.matcher(redacted).replaceAll("***"));
		return LogSanitizer.toSingleLine(redacted, MAX_TEXT);
	}

	private static GrokApiException translate(int status, ErrorBody body, ResponseHeaders headers,
			@Nullable String model, @Nullable String path, EchoFilter echoFilter) {
		ErrorKind kind = ErrorClassifier.classify(status, body, path);
		String parameter = (kind == ErrorKind.UNSUPPORTED_PARAMETER)
				? unlessEcho(ErrorClassifier.parameter(body), null, echoFilter) : null;
		String code = code(body, path, echoFilter);
		ReachedLimit limit = (kind == ErrorKind.RATE_LIMITED) ? ErrorClassifier.limit(body) : null;
		return GrokApiException
			.builder(kind, ErrorMessages.format(kind, detail(status, code, body, echoFilter), model, parameter, path))
			.status(status)
			.code(code)
			.requestId(headers.requestId())
			.retryAfter(headers.retryAfter())
			.limit((limit != null && unlessEcho(limit.bucket(), null, echoFilter) != null) ? limit : null)
			.parameter(parameter)
			.parameterValue(
					(parameter != null) ? unlessEcho(ErrorClassifier.parameterValue(body), "", echoFilter) : null)
			.retryable(retryable(kind, headers.shouldRetry()))
			.build();
	}

	// The server decides only about failures that may be temporary; an invalid request
	// stays invalid
	private static @Nullable Boolean retryable(ErrorKind kind, @Nullable Boolean shouldRetry) {
		boolean serverDecides = kind.isRetryable() || kind == ErrorKind.UNKNOWN;
		return serverDecides ? shouldRetry : null;
	}

	private static @Nullable String code(ErrorBody body, @Nullable String path, EchoFilter echoFilter) {
		String code = body.code();
		if (code == null || ErrorClassifier.isKnownCode(code, path)) {
			return code;
		}
		return redact(code, echoFilter);
	}

	private static @Nullable String unlessEcho(@Nullable String value, @Nullable String replacement,
			EchoFilter echoFilter) {
		return (value == null || echoFilter.isFreeOf(value)) ? value : replacement;
	}

	private static String detail(int status, @Nullable String code, ErrorBody body, EchoFilter echoFilter) {
		StringBuilder detail = new StringBuilder().append(status);
		if (code != null) {
			detail.append(' ').append(code);
		}
		if (body.html()) {
			detail.append(": a web page instead of JSON");
		}
		if (!body.text().isEmpty()) {
			String text = redact(body.text(), echoFilter);
			detail.append(body.html() ? ", titled '" + text + "'" : ": " + text);
		}
		return detail.toString();
	}

	// Besides IOException: connection closed before the request was written, HTTP/2
	// errors, and unknown host of the proxy
	private static boolean isNetworkFailure(Throwable cause) {
		return cause instanceof IOException || cause instanceof AbortedException || cause instanceof Http2Exception
				|| cause instanceof UnresolvedAddressException;
	}

	// Other TLS failures may occur after the request was sent
	private static boolean isConnectFailure(Throwable failure) {
		Throwable cause = Exceptions.unwrap(failure);
		if (cause instanceof DecoderException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException
				|| cause instanceof java.net.ConnectException || cause instanceof NoRouteToHostException
				|| cause instanceof ProxyConnectException || cause instanceof SSLHandshakeException
				|| cause instanceof SSLPeerUnverifiedException;
	}

	private static String connectionFailure(Throwable cause, String target, @Nullable String model,
			EchoFilter echoFilter) {
		if (cause instanceof UnknownHostException) {
			return "The host of " + target
					+ " is unknown. Check 'grok.base-url', the network, and 'grok.http.proxy' if you use a proxy.";
		}
		if (cause instanceof UnresolvedAddressException) {
			return "The host of the proxy is unknown. Check 'grok.http.proxy.host'.";
		}
		if (cause instanceof ConnectTimeoutException) {
			return "Connecting to " + target
					+ " took longer than 'grok.http.connect-timeout'. Check the network and 'grok.http.proxy'.";
		}
		if (cause instanceof ProxyConnectException) {
			return "The proxy could not connect to " + target + detail(cause, echoFilter)
					+ ". Check 'grok.http.proxy'.";
		}
		if (cause instanceof SSLException) {
			return "Could not establish a secure connection to " + target + detail(cause, echoFilter)
					+ ". Check 'grok.base-url' and, for a custom certificate, 'grok.http.ssl-bundle'.";
		}
		if (cause instanceof java.net.ConnectException) {
			return "Could not connect to " + target + detail(cause, echoFilter)
					+ ". Check 'grok.base-url', the network, and 'grok.http.proxy' if you use a proxy.";
		}
		return "The connection to " + target + " was closed before a response" + forModel(model) + " arrived"
				+ detail(cause, echoFilter) + ". The request may have been processed.";
	}

	private static String detail(Throwable cause, EchoFilter echoFilter) {
		if (!isConnectFailure(cause)) {
			return " (" + cause.getClass().getSimpleName() + ")";
		}
		return (cause.getMessage() != null) ? ": " + redact(cause.getMessage(), echoFilter) : "";
	}

	private static String forModel(@Nullable String model) {
		return (model != null) ? " for model '" + LogSanitizer.sanitize(model) + "'" : "";
	}

}
