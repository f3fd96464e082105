package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Responds to {@code POST /v1/tokenize-text}.
 */
final class TokenizeEndpoint {

	private static final int VOCABULARY = 131_072;

	private TokenizeEndpoint() {
	}

	static byte[] tokenize(byte[] body, Models models) {
		String[] fields = RequestParser.read(body, TokenizeEndpoint::read);
		models.resolve(fields[0], XaiServer.TEAM_ID);
		return Json.object((json) -> {
			json.writeArrayPropertyStart("token_ids");
			for (String piece : Tokens.split(fields[1])) {
				json.writeStartObject();
				json.writeNumberProperty("token_id", Math.floorMod(piece.hashCode(), VOCABULARY));
				json.writeStringProperty("string_token", piece);
				json.writeArrayPropertyStart("token_bytes");
				for (byte unit : piece.getBytes(StandardCharsets.UTF_8)) {
					json.writeNumber(Byte.toUnsignedInt(unit));
				}
				json.writeEndArray();
				json.writeEndObject();
			}
			json.writeEndArray();
		});
	}

	private static String[] read(RequestParser in) {
		@Nullable String model = null;
		@Nullable String text = null;
		for (String name = in.nextField(); name != null; name = in.nextField()) {
			switch (name) {
				case "model" -> model = in.string(name);
				case "text" -> text = in.string(name);
				case "user" -> in.string(name);
				default -> in.skip();
			}
		}
		if (model == null) {
			throw in.missing("model");
		}
		if (text == null) {
			throw in.missing("text");
		}
		return new String[] { model, text };
	}

}
