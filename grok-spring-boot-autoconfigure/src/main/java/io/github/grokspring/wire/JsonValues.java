package io.github.grokspring.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON of unknown structure into maps, lists and scalars. The parsers do not
 * support data binding, which makes them cheap enough to create one per event.
 *
 * @since 0.1.0
 */
public final class JsonValues {

	// Shorter numbers always fit into a long
	private static final int MAX_COUNT_LENGTH = 19;

	// Longer numbers are not counts and slow to convert
	private static final int MAX_NUMBER_LENGTH = 100;

	private static final Pattern POSITION = Pattern.compile("\\d{1,9}");

	// NaN and very long numbers are read as NaN, so that one malformed field does not
	// lose the others
	private static final JsonFactory JSON = JsonFactory.builder()
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
		.build();

	private JsonValues() {
	}

	/**
	 * Creates a parser.
	 * @param buffer the UTF-8 buffer
	 * @param offset the start of the JSON
	 * @param length the length in bytes
	 * @return a parser before its first token
	 */
	public static JsonParser parser(byte[] buffer, int offset, int length) {
		return JSON.createParser(ObjectReadContext.empty(), buffer, offset, length);
	}

	/**
	 * Reads the current value, which must not be JSON {@code null}. The parser is left on
	 * the last token of the value.
	 * @param json the parser
	 * @return a scalar or a mutable map or list
	 */
	public static Object readValue(JsonParser json) {
		return Objects.requireNonNull(read(json));
	}

	/**
	 * Reads the current object.
	 * @param json the parser
	 * @return a mutable map, empty if the current value is not an object
	 */
	public static Map<String, @Nullable Object> readObject(JsonParser json) {
		Map<String, @Nullable Object> object = new LinkedHashMap<>();
		if (json.currentToken() != JsonToken.START_OBJECT) {
			json.skipChildren();
			return object;
		}
		while (json.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = json.currentName();
			json.nextToken();
			object.put(name, read(json));
		}
		return object;
	}

	/**
	 * Reads an object from a string, such as the arguments of a tool call.
	 * @param text the string
	 * @return the object, empty if the string is not a JSON object
	 */
	public static Map<String, @Nullable Object> readObject(String text) {
		try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
			json.nextToken();
			return (json.currentToken() != null) ? readObject(json) : Map.of();
		}
		catch (JacksonException ex) {
			return Map.of();
		}
	}

	/**
	 * Moves to the next object of an array, skipping other elements. A value that is not
	 * an array is skipped.
	 * @param json the parser, on the start of the array or the end of an object in it
	 * @return whether the parser is on the start of an object
	 */
	public static boolean nextObject(JsonParser json) {
		if (json.currentToken() != JsonToken.START_ARRAY && json.currentToken() != JsonToken.END_OBJECT) {
			json.skipChildren();
			return false;
		}
		JsonToken next = json.nextToken();
		while (next != null && next != JsonToken.START_OBJECT && next != JsonToken.END_ARRAY) {
			json.skipChildren();
			next = json.nextToken();
		}
		return next == JsonToken.START_OBJECT;
	}

	/**
	 * Reads the current integer as a count.
	 * @param json the parser
	 * @return the count, or -1 if it is negative or too large
	 */
	public static long readCount(JsonParser json) {
		return (json.getStringLength() < MAX_COUNT_LENGTH) ? Math.max(-1, json.getLongValue()) : -1;
	}

	/**
	 * Reads the current value as a position.
	 * @param json the parser
	 * @return the position, or -1 if the value is not a number or a numeric string
	 */
	public static int readPosition(JsonParser json) {
		return switch (json.currentToken()) {
			case VALUE_NUMBER_INT -> json.getIntValue();
			case VALUE_STRING -> toPosition(json.getString());
			default -> -1;
		};
	}

	/**
	 * Converts a value to a position.
	 * @param value the value
	 * @return the position, or -1 if the value is not a number or a numeric string
	 */
	public static int toPosition(@Nullable Object value) {
		if (value instanceof String text && POSITION.matcher(text).matches()) {
			return Integer.parseInt(text);
		}
		return (value instanceof Integer number) ? Math.max(-1, number) : -1;
	}

	/**
	 * Whether a string consists of a single JSON object.
	 * @param text the string
	 * @return {@code true} if it is an object
	 */
	public static boolean isObject(String text) {
		if (!text.strip().endsWith("}")) {
			return false;
		}
		try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
			if (json.nextToken() != JsonToken.START_OBJECT) {
				return false;
			}
			json.skipChildren();
			return json.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	static boolean isJson(byte[] bytes) {
		try (JsonParser json = parser(bytes, 0, bytes.length)) {
			json.nextToken();
			json.skipChildren();
			return json.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/**
	 * Converts the arguments of a tool call to text.
	 * @param arguments the text, any other JSON value, or {@code null}
	 * @return the text or the serialized value; empty for {@code null}
	 */
	public static String toArgumentsText(@Nullable Object arguments) {
		if (arguments == null) {
			return "";
		}
		return (arguments instanceof String text) ? text : JsonMapper.shared().writeValueAsString(arguments);
	}

	private static Number number(JsonParser json) {
		return (json.getStringLength() <= MAX_NUMBER_LENGTH) ? json.getNumberValue() : Double.NaN;
	}

	private static @Nullable Object read(JsonParser json) {
		return switch (json.currentToken()) {
			case START_OBJECT -> readObject(json);
			case START_ARRAY -> readArray(json);
			case VALUE_STRING -> json.getString();
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json);
			case VALUE_TRUE -> Boolean.TRUE;
			case VALUE_FALSE -> Boolean.FALSE;
			default -> null;
		};
	}

	private static List<@Nullable Object> readArray(JsonParser json) {
		List<@Nullable Object> array = new ArrayList<>();
		while (json.nextToken() != JsonToken.END_ARRAY) {
			array.add(read(json));
		}
		return array;
	}

}
