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
 * Recognizes responses that are no answers of xAI and no errors either: redirects, web
 * pages, compressed bodies, a whole body where events were asked for and the reverse. The
 * failure names where the response leads or what it says that it is, never its body.
 *
 * @since 0.1.0
 */
public final class UnexpectedResponseTranslator {

	private static final int MAX_NAME = 200;

	private static final String EVENT_STREAM = "text/event-stream";

	private static final String CHECK = " Check 'grok.base-url' and what stands between the application and xAI.";

	private UnexpectedResponseTranslator() {
	}

	/**
	 * Whether a whole body is not the JSON that was asked for.
	 * @param headers the headers of the response
	 * @param body its body
	 * @return whether it is an error or something else
	 */
	public static boolean isUnexpectedBody(HttpHeaders headers, byte[] body) {
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return isPage(headers) || isType(type, EVENT_STREAM) || isEncoded(headers) || ErrorBody.isError(body);
	}

	/**
	 * Whether a body is not the stream of events that was asked for.
	 * @param headers the headers of the response
	 * @return whether it is something else
	 */
	public static boolean isUnexpectedStream(HttpHeaders headers) {
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return (type != null && !isType(type, EVENT_STREAM)) || isEncoded(headers);
	}

	private static boolean isPage(HttpHeaders headers) {
		return isType(headers.get(HttpHeaderNames.CONTENT_TYPE), "text/html");
	}

	/**
	 * The failure that an error or such a response means.
	 * @param status the status
	 * @param headers the headers of the response
	 * @param body its body, perhaps cut off
	 * @param expected the content type that was asked for
	 * @param meaning what the headers say
	 * @param model the model that was asked, or {@code null}
	 * @param path the path that was asked
	 * @param sent what the exception must not repeat
	 * @return the exception
	 */
	public static GrokApiException translate(int status, HttpHeaders headers, byte[] body, String expected,
			ApiHeaders meaning, @Nullable String model, String path, EchoFilter sent) {
		boolean unexpected = status < 400 && !ErrorBody.isError(body);
		GrokApiException failure = unexpected ? failure(status, headers, expected, model, meaning.requestId()) : null;
		if (failure != null && !(status < 300 && isPage(headers))) {
			return failure;
		}
		GrokApiException error = ErrorTranslator.fromResponse(status, headers.get(HttpHeaderNames.CONTENT_TYPE), body,
				meaning, model, path, sent);
		// The title of a page tells what stands there.
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
		String request = "The request" + ((model != null) ? " for model '" + LogSanitizer.sanitize(model) + "'" : "");
		if (status >= 300) {
			String location = headers.get(HttpHeaderNames.LOCATION);
			return request + " was answered with a redirect (" + status + ")"
					+ ((location != null) ? " to '" + target(location) + "'" : " that names no target")
					+ ". Redirects are not followed, because the API key would be sent along. Set 'grok.base-url' to"
					+ " the address of the API itself.";
		}
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return request + " was answered with status " + status + " and "
				+ ((type != null) ? "the content type '" + name(type) + "'" : "no content type")
				+ (isEncoded(headers)
						? ", compressed with '" + name(headers.get(HttpHeaderNames.CONTENT_ENCODING)) + "'" : "")
				+ ", where '" + expected + "' was asked for." + CHECK;
	}

	// Without user, query and fragment, which may be secret.
	private static String target(String location) {
		try {
			URI uri = new URI(location.strip());
			String host = (uri.getHost() != null)
					? uri.getScheme() + "://" + uri.getHost() + ((uri.getPort() >= 0) ? ":" + uri.getPort() : "") : "";
			return name(host + ((uri.getRawPath() != null) ? uri.getRawPath() : ""));
		}
		catch (URISyntaxException ex) {
			return "an address that is no URL";
		}
	}

	private static boolean isEncoded(HttpHeaders headers) {
		String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
		return encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity");
	}

	private static boolean isType(@Nullable String type, String expected) {
		return type != null && type.regionMatches(true, 0, expected, 0, expected.length());
	}

	private static String name(@Nullable String text) {
		return LogSanitizer.toSingleLine(String.valueOf(text), MAX_NAME);
	}

}
