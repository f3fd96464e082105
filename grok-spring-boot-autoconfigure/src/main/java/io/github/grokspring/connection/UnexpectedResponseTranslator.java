package io.github.grokspring.connection;

import java.net.URI;
import java.net.URISyntaxException;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Translates responses that are neither valid responses nor errors of xAI: redirects, web
 * pages, compressed bodies, and bodies of another content type than requested. Messages
 * contain the redirect target or the content type, never the body.
 *
 * @since 0.1.0
 */
public final class UnexpectedResponseTranslator {

	private static final int MAX_NAME = 200;

	private static final String EVENT_STREAM = "text/event-stream";

	private UnexpectedResponseTranslator() {
	}

	/**
	 * Returns whether a complete body is not the requested JSON.
	 * @param headers the headers of the response
	 * @param body the body
	 * @return {@code true} if the body is an error or of another type
	 */
	public static boolean isUnexpectedBody(HttpHeaders headers, byte[] body) {
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return isPage(headers) || isType(type, EVENT_STREAM) || isEncoded(headers) || ErrorBody.isError(body);
	}

	/**
	 * Returns whether a body is not the requested event stream.
	 * @param headers the headers of the response
	 * @return {@code true} if the body is of another type
	 */
	public static boolean isUnexpectedStream(HttpHeaders headers) {
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return (type != null && !isType(type, EVENT_STREAM)) || isEncoded(headers);
	}

	private static boolean isPage(HttpHeaders headers) {
		return isType(headers.get(HttpHeaderNames.CONTENT_TYPE), "text/html");
	}

	/**
	 * Translates an error or an unexpected response.
	 * @param status the HTTP status
	 * @param headers the headers of the response
	 * @param body the body, which may be truncated
	 * @param expected the requested content type
	 * @param apiHeaders the parsed headers
	 * @param model the requested model, or {@code null}
	 * @param path the path of the request
	 * @param echoFilter removes content of the request from the message
	 * @return the exception
	 */
	public static GrokApiException translate(int status, HttpHeaders headers, byte[] body, String expected,
			ResponseHeaders apiHeaders, @Nullable String model, String path, EchoFilter echoFilter) {
		boolean unexpected = status < 400 && !ErrorBody.isError(body);
		GrokApiException failure = unexpected ? failure(status, headers, expected, model, apiHeaders.requestId())
				: null;
		if (failure != null && !(status < 300 && isPage(headers))) {
			return failure;
		}
		GrokApiException error = ErrorTranslator.fromResponse(status, headers.get(HttpHeaderNames.CONTENT_TYPE), body,
				apiHeaders, model, path, echoFilter);
		// The title may identify the proxy or gateway
		return (failure != null) ? error.mutate(error.getMessage() + " " + failure.getMessage()).build() : error;
	}

	private static GrokApiException failure(int status, HttpHeaders headers, String expected, @Nullable String model,
			@Nullable String requestId) {
		return GrokApiException.builder(ErrorKind.UNKNOWN, message(status, headers, expected, model))
			.status(status)
			.requestId(requestId)
			.build();
	}

	private static String message(int status, HttpHeaders headers, String expected, @Nullable String model) {
		String response = "The server responded to the request"
				+ ((model != null) ? " for model '" + LogSanitizer.sanitize(model) + "'" : "");
		if (status >= 300) {
			String location = headers.get(HttpHeaderNames.LOCATION);
			return response + " with a redirect (" + status + ")"
					+ ((location != null) ? " to '" + redirectTarget(location) + "'" : " without a target")
					+ ". Redirects are not followed, because they would expose the API key. Set 'grok.base-url' to"
					+ " the actual address of the API.";
		}
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return response + " with status " + status + " and "
				+ ((type != null) ? "the content type '" + sanitize(type) + "'" : "no content type")
				+ (isEncoded(headers)
						? ", compressed with '" + sanitize(headers.get(HttpHeaderNames.CONTENT_ENCODING)) + "'" : "")
				+ " instead of '" + expected
				+ "'. Check 'grok.base-url' and any proxy or gateway between the application and xAI.";
	}

	// Without user info, query and fragment, which may be secret
	private static String redirectTarget(String location) {
		try {
			URI uri = new URI(location.strip());
			String host = (uri.getHost() != null)
					? uri.getScheme() + "://" + uri.getHost() + ((uri.getPort() >= 0) ? ":" + uri.getPort() : "") : "";
			return sanitize(host + ((uri.getRawPath() != null) ? uri.getRawPath() : ""));
		}
		catch (URISyntaxException ex) {
			return "an invalid URL";
		}
	}

	private static boolean isEncoded(HttpHeaders headers) {
		String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
		return encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity");
	}

	private static boolean isType(@Nullable String type, String expected) {
		return type != null && type.regionMatches(true, 0, expected, 0, expected.length());
	}

	private static String sanitize(@Nullable String text) {
		return LogSanitizer.toSingleLine(String.valueOf(text), MAX_NAME);
	}

}
