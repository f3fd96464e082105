package io.github.grokspring.connection;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

import io.github.grokspring.chain.AttemptContext;
import org.jspecify.annotations.Nullable;

/**
 * Request of one exchange with xAI.
 *
 * @param method the HTTP method
 * @param path the path relative to the base URL, with a leading slash
 * @param headers the headers of this request, which override those of the connection,
 * including {@code Authorization}
 * @param body writes the JSON body, or {@code null} for none
 * @param readTimeout the maximum time without data until the model starts to write its
 * response
 * @param timeout the maximum time of the exchange, or {@code null} for that of the
 * connection
 * @param model the model to name in error messages, or {@code null}
 * @param echoFilter removes content of the request from error messages
 * @param attempt the attempt that the request belongs to, or {@code null} if it is not
 * part of a model call
 * @since 0.1.0
 */
public record ApiRequest(String method, String path, Map<String, String> headers, @Nullable Body body,
		Duration readTimeout, @Nullable Duration timeout, @Nullable String model, EchoFilter echoFilter,
		@Nullable AttemptContext attempt) {

	/**
	 * Creates a request.
	 */
	public ApiRequest {
		// Secrets are added per request
		echoFilter = (echoFilter != EchoFilter.NONE) ? echoFilter : EchoFilter.empty();
	}

	/**
	 * Creates a request without user content.
	 * @param method the HTTP method
	 * @param path the path relative to the base URL, with a leading slash
	 * @param headers the headers of this request
	 * @param body writes the JSON body, or {@code null} for none
	 * @param readTimeout the maximum time without data
	 * @param timeout the maximum time of the exchange, or {@code null}
	 * @param model the model to name in error messages, or {@code null}
	 */
	public ApiRequest(String method, String path, Map<String, String> headers, @Nullable Body body,
			Duration readTimeout, @Nullable Duration timeout, @Nullable String model) {
		this(method, path, headers, body, readTimeout, timeout, model, EchoFilter.NONE, null);
	}

	/**
	 * Returns a description that omits header values, which may be secret.
	 */
	@Override
	public String toString() {
		return "ApiRequest[" + this.method + " " + this.path + ", headers=" + this.headers.keySet() + ", readTimeout="
				+ this.readTimeout + ", timeout=" + this.timeout + ", model=" + this.model + "]";
	}

	/**
	 * Creates a {@code GET} request.
	 * @param path the path relative to the base URL, with a leading slash
	 * @param readTimeout the maximum time without data
	 * @return the request
	 */
	public static ApiRequest get(String path, Duration readTimeout) {
		return new ApiRequest("GET", path, Map.of(), null, readTimeout, null, null, EchoFilter.NONE, null);
	}

	/**
	 * Writes the body of a request.
	 */
	@FunctionalInterface
	public interface Body {

		/**
		 * Writes the complete body.
		 * @param out the stream to write to, which need not be closed
		 * @throws IOException if writing fails
		 */
		void writeTo(OutputStream out) throws IOException;

	}

}
