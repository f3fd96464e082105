package io.github.grokspring.test;

/**
 * What the server says instead of an answer: a status and a flat error body.
 */
final class Refusal extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final String code;

	private Refusal(int status, String code, String text) {
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

	static byte[] body(String code, String text) {
		return Json.object((json) -> {
			json.writeStringProperty("code", code);
			json.writeStringProperty("error", text);
		});
	}

}
