package io.github.grokspring.wire;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Body of a successful response that is truncated or compressed JSON. The response is
 * lost but may be billed, so the request is not retried.
 *
 * @since 0.1.0
 */
public final class UnreadableBody {

	private UnreadableBody() {
	}

	/**
	 * Whether a body is unreadable JSON, as opposed to valid JSON or a page that is not
	 * from xAI.
	 * @param body the body
	 * @return {@code true} if it is truncated or compressed JSON
	 */
	public static boolean matches(byte[] body) {
		return isGzip(body) || isZstd(body) || (beginsAsJson(body) && !JsonValues.isJson(body));
	}

	/**
	 * Returns the exception for such a body.
	 * @param model the requested model
	 * @param status the HTTP status
	 * @param requestId the request id of xAI, or {@code null}
	 * @return the exception
	 */
	public static GrokApiException toException(@Nullable String model, int status, @Nullable String requestId) {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The response to the request for model '" + model
							+ "' cannot be read because it is not complete JSON. xAI may bill it, so its cost is"
							+ " estimated. Check the proxies and gateways between the application and xAI.")
			.status(status)
			.requestId(requestId)
			.retryable(false)
			.build();
	}

	private static boolean beginsAsJson(byte[] body) {
		for (byte current : body) {
			if (current > ' ') {
				return current == '{' || current == '[';
			}
			if (current < 0) {
				return false;
			}
		}
		return false;
	}

	private static boolean isGzip(byte[] body) {
		return body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b;
	}

	private static boolean isZstd(byte[] body) {
		return body.length > 3 && body[0] == 0x28 && body[1] == (byte) 0xb5 && body[2] == 0x2f
				&& body[3] == (byte) 0xfd;
	}

}
