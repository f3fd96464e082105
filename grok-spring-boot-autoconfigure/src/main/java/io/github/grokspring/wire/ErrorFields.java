package io.github.grokspring.wire;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells an {@code error} that says something from one that is only there.
 *
 * @since 0.1.0
 */
public final class ErrorFields {

	private ErrorFields() {
	}

	/**
	 * Whether an error says something. A type alone says nothing beside an answer.
	 * @param error the value of a field {@code error} or {@code code}
	 * @param besideResponse whether there is an answer beside it
	 * @return whether it is an error
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
	 * The error that a choice tells of itself.
	 * @param error the value of its field {@code error}, may be {@code null}
	 * @param finishReason its finish reason, may be {@code null}
	 * @return a body with the error at its top level, or {@code null} if it is none
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
