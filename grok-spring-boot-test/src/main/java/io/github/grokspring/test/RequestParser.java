package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * Reads JSON token by token. Errors about wrong types have the same text as those of xAI.
 */
final class RequestParser implements AutoCloseable {

	private static final String DUPLICATE = "Duplicate Object property";

	private final JsonParser parser;

	private RequestParser(JsonParser parser) {
		this.parser = parser;
	}

	/**
	 * Reads a body, and translates errors to 400 for malformed JSON and 422 for a wrong
	 * structure.
	 */
	static <T> T read(byte[] body, Reader<T> reader) {
		try (RequestParser in = new RequestParser(Json.STRICT.createParser(body))) {
			in.parser.nextToken();
			in.expect(JsonToken.START_OBJECT, "a map");
			T result = reader.read(in);
			if (in.parser.nextToken() != null) {
				throw ApiErrorException.malformed("trailing characters" + in.position());
			}
			return result;
		}
		catch (JacksonException ex) {
			String message = ex.getOriginalMessage();
			String position = position(ex.getLocation());
			if (message.startsWith(DUPLICATE)) {
				throw ApiErrorException.wrongShape("duplicate field `" + quoted(message) + "`" + position);
			}
			throw ApiErrorException.malformed(message.replace('\n', ' ') + position);
		}
	}

	/**
	 * Moves to the value of the next field, and returns its name, or {@code null} at the
	 * end of the object.
	 */
	@Nullable String nextField() {
		String name = this.parser.nextName();
		if (name != null) {
			this.parser.nextToken();
		}
		return name;
	}

	boolean isNull() {
		return this.parser.currentToken() == JsonToken.VALUE_NULL;
	}

	boolean isString() {
		return this.parser.currentToken() == JsonToken.VALUE_STRING;
	}

	boolean isArray() {
		return this.parser.currentToken() == JsonToken.START_ARRAY;
	}

	boolean isObject() {
		return this.parser.currentToken() == JsonToken.START_OBJECT;
	}

	void skip() {
		this.parser.skipChildren();
	}

	String string(String field) {
		if (!isString()) {
			throw wrongType(field, "a string");
		}
		return this.parser.getString();
	}

	@Nullable String optionalString(String field) {
		return isNull() ? null : string(field);
	}

	boolean flag(String field) {
		JsonToken token = this.parser.currentToken();
		if (token == JsonToken.VALUE_NULL) {
			return false;
		}
		if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
			throw wrongType(field, "a boolean");
		}
		return token == JsonToken.VALUE_TRUE;
	}

	@Nullable Double number(String field) {
		JsonToken token = this.parser.currentToken();
		if (token == JsonToken.VALUE_NULL) {
			return null;
		}
		if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
			throw wrongType(field, "f32");
		}
		return this.parser.getDoubleValue();
	}

	@Nullable Integer unsigned(String field) {
		JsonToken token = this.parser.currentToken();
		if (token == JsonToken.VALUE_NULL) {
			return null;
		}
		if (token != JsonToken.VALUE_NUMBER_INT) {
			throw wrongType(field, "u32");
		}
		if (this.parser.getNumberType() != JsonParser.NumberType.INT || this.parser.getIntValue() < 0) {
			throw ApiErrorException.wrongShape("%s: invalid value: integer `%s`, expected u32%s".formatted(field,
					this.parser.getString(), position()));
		}
		return this.parser.getIntValue();
	}

	/**
	 * Reads a number between 0 and a limit, inclusive. Rejects larger ones with 400.
	 */
	@Nullable Double numberUpTo(String field, double highest) {
		Double value = number(field);
		if (value != null && (value < 0 || value > highest)) {
			throw ApiErrorException.invalidArgument("Invalid %s: %s. It must be between 0 and %s.".formatted(field,
					value, (highest == Math.rint(highest)) ? (long) highest : highest));
		}
		return value;
	}

	@Nullable Integer positive(String field) {
		Integer value = unsigned(field);
		if (value != null && value == 0) {
			throw ApiErrorException.invalidArgument("Invalid " + field + ": 0. It must be greater than 0.");
		}
		return value;
	}

	void integer(String field) {
		JsonToken token = this.parser.currentToken();
		if (token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_NUMBER_INT) {
			throw wrongType(field, "i64");
		}
	}

	/**
	 * Visits the elements of an array; {@code null} is treated as an empty array.
	 */
	void array(String field, Element element) {
		if (isNull()) {
			return;
		}
		if (!isArray()) {
			throw wrongType(field, "a sequence");
		}
		for (int i = 0; this.parser.nextToken() != JsonToken.END_ARRAY; i++) {
			element.accept(field + "[" + i + "]");
		}
	}

	void expectObject(String field) {
		if (!isObject()) {
			throw wrongType(field, "a map");
		}
	}

	JsonNode value() {
		return this.parser.readValueAsTree();
	}

	@Nullable JsonNode tree(String field) {
		if (isNull()) {
			return null;
		}
		expectObject(field);
		return this.parser.readValueAsTree();
	}

	String oneOf(String field, Set<String> allowed) {
		String value = string(field);
		if (!allowed.contains(value)) {
			List<String> names = new ArrayList<>();
			allowed.stream().sorted().forEach((name) -> names.add("`" + name + "`"));
			throw ApiErrorException.wrongShape("%s: unknown variant `%s`, expected one of %s%s".formatted(field, value,
					String.join(", ", names), position()));
		}
		return value;
	}

	ApiErrorException missing(String field) {
		return ApiErrorException.wrongShape("missing field `" + field + "`" + position());
	}

	ApiErrorException wrongType(String field, String expected) {
		return ApiErrorException
			.wrongShape("%s: invalid type: %s, expected %s%s".formatted(field, found(), expected, position()));
	}

	@Override
	public void close() {
		this.parser.close();
	}

	private void expect(JsonToken token, String expected) {
		if (this.parser.currentToken() != token) {
			throw ApiErrorException
				.wrongShape("invalid type: %s, expected %s%s".formatted(found(), expected, position()));
		}
	}

	private String found() {
		JsonToken token = this.parser.currentToken();
		if (token == null) {
			return "end of input";
		}
		return switch (token) {
			case VALUE_STRING -> "string \"" + this.parser.getString() + "\"";
			case VALUE_NUMBER_INT -> "integer `" + this.parser.getString() + "`";
			case VALUE_NUMBER_FLOAT -> "floating point `" + this.parser.getString() + "`";
			case VALUE_TRUE, VALUE_FALSE -> "boolean `" + this.parser.getBooleanValue() + "`";
			case VALUE_NULL -> "null";
			case START_ARRAY -> "sequence";
			default -> "map";
		};
	}

	private String position() {
		return position(this.parser.currentLocation());
	}

	private static String position(@Nullable TokenStreamLocation location) {
		return (location != null) ? " at line " + location.getLineNr() + " column " + location.getColumnNr() : "";
	}

	private static String quoted(String message) {
		int start = message.indexOf('"');
		int end = message.lastIndexOf('"');
		return (start < end) ? message.substring(start + 1, end) : message;
	}

	@FunctionalInterface
	interface Reader<T> {

		T read(RequestParser in);

	}

	@FunctionalInterface
	interface Element {

		void accept(String path);

	}

}
