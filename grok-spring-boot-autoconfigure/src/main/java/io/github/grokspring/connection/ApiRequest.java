package io.github.grokspring.connection;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

import io.github.grokspring.chain.AttemptContext;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of xAI in one exchange.
 *
 * @param method the HTTP method
 * @param path the path below the base URL, with a leading slash
 * @param headers headers of this request alone; they replace those of the connection,
 * {@code Authorization} included
 * @param body writes the JSON body, or {@code null} for none
 * @param readTimeout how long the server may stay silent until it begins to write an
 * answer
 * @param timeout how long the whole exchange may take, or {@code null} for the limit of
 * the connection
 * @param model the model that is asked, for messages of errors, or {@code null}
 * @param echoFilter what messages of errors must not repeat
 * @param attempt the attempt that the request belongs to, or {@code null} if it is not
 * part of a call of a model
 * @since 0.1.0
 */
public record ApiRequest(String method, String path, Map<String, String> headers, @Nullable Body body,
		Duration readTimeout, @Nullable Duration timeout, @Nullable String model, EchoFilter echoFilter,
		@Nullable AttemptContext attempt) {

	/**
	 * Create a request.
	 */
	public ApiRequest {
		// Each request has secrets of its own
		echoFilter = (echoFilter != EchoFilter.NONE) ? echoFilter : EchoFilter.empty();
	}

	/**
	 * A request that holds nothing that somebody said.
	 * @param method the HTTP method
	 * @param path the path below the base URL, with a leading slash
	 * @param headers headers of this request alone
	 * @param body writes the JSON body, or {@code null} for none
	 * @param silence how long the server may stay silent
	 * @param timeout how long the whole exchange may take, or {@code null}
	 * @param model the model that is asked, or {@code null}
	 */
	public ApiRequest(String method, String path, Map<String, String> headers, @Nullable Body body, Duration silence,
			@Nullable Duration timeout, @Nullable String model) {
		this(method, path, headers, body, silence, timeout, model, EchoFilter.NONE, null);
	}

	/**
	 * Names headers without their values, which may be secret.
	 */
	@Override
	public String toString() {
		return "ApiRequest[" + this.method + " " + this.path + ", headers=" + this.headers.keySet() + ", silence="
				+ this.readTimeout + ", timeout=" + this.timeout + ", model=" + this.model + "]";
	}

	/**
	 * A request without a body.
	 * @param path the path below the base URL, with a leading slash
	 * @param silence how long the server may stay silent
	 * @return the request
	 */
	public static ApiRequest get(String path, Duration silence) {
		return new ApiRequest("GET", path, Map.of(), null, silence, null, null, EchoFilter.NONE, null);
	}

	/**
	 * Writes the body of a request.
	 */
	@FunctionalInterface
	public interface Body {

		/**
		 * Write the whole body.
		 * @param out where to; need not be closed
		 * @throws IOException if it cannot be written
		 */
		void writeTo(OutputStream out) throws IOException;

	}

}
