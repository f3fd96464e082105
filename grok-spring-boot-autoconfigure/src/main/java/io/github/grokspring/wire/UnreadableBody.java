package io.github.grokspring.wire;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a successful response that cannot be read, although it is most likely an
 * answer: JSON that is cut off, or compressed JSON. The answer is lost but may be billed,
 * and so is not requested a second time.
 *
 * @since 0.1.0
 */
public final class UnreadableBody {

	private UnreadableBody() {
	}

	/**
	 * Whether a body is JSON that cannot be read, rather than other JSON, or a page that
	 * is not from xAI.
	 * @param body the body
	 * @return whether it only begins like JSON, or is compressed
	 */
	public static boolean matches(byte[] body) {
		return isGzip(body) || isZstd(body) || (beginsAsJson(body) && !JsonValues.isJson(body));
	}

	/**
	 * The failure of a call with such a response.
	 * @param model the requested model
	 * @param status the HTTP status
	 * @param requestId the id under which xAI knows the request, or {@code null}
	 * @return the exception
	 */
	public static GrokApiException toException(@Nullable String model, int status, @Nullable String requestId) {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The response to the request for model '" + model
							+ "' arrived, but cannot be read: it is not the complete JSON that it should be."
							+ " It may be billed, so its cost is estimated. Check what stands between the application"
							+ " and xAI.")
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
