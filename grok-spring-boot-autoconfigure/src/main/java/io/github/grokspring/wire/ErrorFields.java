package io.github.grokspring.wire;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Distinguishes errors from {@code error} fields without content.
 *
 * @since 0.1.0
 */
public final class ErrorFields {

	private ErrorFields() {
	}

	/**
	 * Whether a value describes an error.
	 * @param error the value of a field {@code error} or {@code code}
	 * @param besideResponse whether the field accompanies a response, in which case a
	 * type or parameter alone is not an error
	 * @return {@code true} if it is an error
	 */
	public static boolean isError(@Nullable Object error, boolean besideResponse) {
		if (error instanceof Map<?, ?> fields) {
			return fields.entrySet()
				.stream()
				.anyMatch((
						field) -> !(besideResponse && ("type".equals(field.getKey()) || "param".equals(field.getKey())))
								&& isError(field.getValue(), besideResponse));
		}
		if (error instanceof List<?> values) {
			return values.stream().anyMatch((value) -> isError(value, besideResponse));
		}
		if (error instanceof Number number) {
			return number.doubleValue() != 0;
		}
		return (error instanceof String text) ? !text.isBlank() : Boolean.TRUE.equals(error);
	}

	/**
	 * Returns the error of a choice.
	 * @param error the {@code error} field of the choice, may be {@code null}
	 * @param finishReason the finish reason, may be {@code null}
	 * @return a body with the error at its top level, or {@code null} if there is no
	 * error
	 */
	public static byte @Nullable [] fromChoice(@Nullable Object error, @Nullable Object finishReason) {
		boolean failed = "error".equals(finishReason);
		if (error != null && isError(error, !failed)) {
			return JsonMapper.shared().writeValueAsBytes(Map.of("error", error));
		}
		return failed ? JsonMapper.shared()
			.writeValueAsBytes(Map.of("error", Map.of("code", "server_error", "message", "finish reason 'error'")))
				: null;
	}

}
