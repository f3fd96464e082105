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
 * Reads JSON of no known shape into maps, lists and scalars. The parsers that it makes
 * cannot bind to types, which makes them cheap enough for one a chunk.
 *
 * @since 0.1.0
 */
public final class JsonValues {

	/** As many digits as a {@code long} always has room for. */
	private static final int MAX_COUNT_LENGTH = 19;

	/** Longer ones are no counts, and slow to convert. */
	private static final int MAX_NUMBER_LENGTH = 100;

	private static final Pattern POSITION = Pattern.compile("\\d{1,9}");

	/**
	 * NaN is read, and so is an overlong number, as NaN: a server that writes such a
	 * thing into one field must not take the others away.
	 */
	private static final JsonFactory JSON = JsonFactory.builder()
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
		.build();

	private JsonValues() {
	}

	/**
	 * Make a parser.
	 * @param buffer holds JSON in UTF-8
	 * @param offset where it begins
	 * @param length how many bytes it has
	 * @return a parser, before the first token
	 */
	public static JsonParser parser(byte[] buffer, int offset, int length) {
		return JSON.createParser(ObjectReadContext.empty(), buffer, offset, length);
	}

	/**
	 * Read the value that the parser stands on, which is not {@code null}. The parser
	 * stands on its last token afterwards.
	 * @param json the parser
	 * @return a scalar, or a map or list that may be changed
	 */
	public static Object readValue(JsonParser json) {
		return Objects.requireNonNull(read(json));
	}

	/**
	 * Read the object that the parser stands on.
	 * @param json the parser
	 * @return its values, empty if this is no object
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
	 * Read an object that came as a text within other JSON, such as arguments.
	 * @param text the text
	 * @return its values, empty if this is no object, or not JSON at all
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
	 * Go to the next object of an array, over elements that are none. What is no array
	 * has no objects, and is gone over as a whole.
	 * @param json the parser, on the begin of the array or the end of an object in it
	 * @return whether the parser stands on the begin of an object
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
	 * Read the integer that the parser stands on.
	 * @param json the parser
	 * @return the integer, or -1 if it is negative or larger than a count can be
	 */
	public static long readCount(JsonParser json) {
		return (json.getStringLength() < MAX_COUNT_LENGTH) ? Math.max(-1, json.getLongValue()) : -1;
	}

	/**
	 * Read the position that the parser stands on.
	 * @param json the parser, on a value
	 * @return the position, which may have come as a text, or -1 if this is none
	 */
	public static int readPosition(JsonParser json) {
		return switch (json.currentToken()) {
			case VALUE_NUMBER_INT -> json.getIntValue();
			case VALUE_STRING -> toPosition(json.getString());
			default -> -1;
		};
	}

	/**
	 * The position that a value is.
	 * @param value a number or a text
	 * @return the position, or -1 if this is none
	 */
	public static int toPosition(@Nullable Object value) {
		if (value instanceof String text && POSITION.matcher(text).matches()) {
			return Integer.parseInt(text);
		}
		return (value instanceof Integer number) ? Math.max(-1, number) : -1;
	}

	/**
	 * Whether a text is a JSON object.
	 * @param text the text
	 * @return whether it is one, and nothing else
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

	/**
	 * Whether bytes are JSON of any type.
	 * @param bytes the bytes
	 * @return whether they are, and nothing else
	 */
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
	 * Arguments of a tool call as the text that they should be.
	 * @param arguments a text, or JSON of any other type
	 * @return the text, or the JSON as text; empty for {@code null}
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
