package io.github.grokspring.test;

import org.jspecify.annotations.Nullable;

/**
 * Error response with an HTTP status and a flat body.
 */
final class ApiErrorException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final @Nullable String code;

	private ApiErrorException(int status, @Nullable String code, String text) {
		super(text, null, false, false);
		this.status = status;
		this.code = code;
	}

	int status() {
		return this.status;
	}

	byte[] body() {
		return body(this.code, String.valueOf(getMessage()));
	}

	/**
	 * Returns a copy without code if the status matches.
	 */
	ApiErrorException withoutCodeIf(int status) {
		return (this.status == status) ? new ApiErrorException(status, null, String.valueOf(getMessage())) : this;
	}

	static ApiErrorException of(int status, String code, String text) {
		return new ApiErrorException(status, code, text);
	}

	static ApiErrorException invalidArgument(String text) {
		return new ApiErrorException(400, "invalid-argument", text);
	}

	static ApiErrorException malformed(String text) {
		return new ApiErrorException(400, "invalid-argument", "Failed to parse the request body as JSON: " + text);
	}

	static ApiErrorException wrongShape(String text) {
		return new ApiErrorException(422, "invalid-argument",
				"Failed to deserialize the JSON body into the target type: " + text);
	}

	/**
	 * Creates the error for a field that matches none of its alternatives.
	 */
	static ApiErrorException noVariant(String type) {
		return wrongShape("data did not match any variant of untagged enum " + type);
	}

	static byte[] body(@Nullable String code, String text) {
		return Json.object((json) -> {
			if (code != null) {
				json.writeStringProperty("code", code);
			}
			json.writeStringProperty("error", text);
		});
	}

}
