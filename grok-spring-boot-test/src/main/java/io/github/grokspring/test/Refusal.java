package io.github.grokspring.test;

import org.jspecify.annotations.Nullable;

/**
 * What the server says instead of an answer: a status and a flat error body.
 */
final class Refusal extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final @Nullable String code;

	private Refusal(int status, @Nullable String code, String text) {
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
	 * The same without a code, if it has a certain status.
	 * @param status an HTTP status
	 * @return another refusal or this one
	 */
	Refusal withoutCodeIf(int status) {
		return (this.status == status) ? new Refusal(status, null, String.valueOf(getMessage())) : this;
	}

	static Refusal of(int status, String code, String text) {
		return new Refusal(status, code, text);
	}

	static Refusal invalidArgument(String text) {
		return new Refusal(400, "invalid-argument", text);
	}

	static Refusal malformed(String text) {
		return new Refusal(400, "invalid-argument", "Failed to parse the request body as JSON: " + text);
	}

	static Refusal wrongShape(String text) {
		return new Refusal(422, "invalid-argument",
				"Failed to deserialize the JSON body into the target type: " + text);
	}

	/**
	 * No alternative of a field fits.
	 * @param type what the server calls the alternatives
	 * @return 422
	 */
	static Refusal noVariant(String type) {
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
