package io.github.grokspring.redaction;

import java.io.StringWriter;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * Maps the strings and numbers of a JSON document token by token. Digits of numbers and
 * the order and duplicates of properties are preserved.
 */
final class JsonTextMapper {

	private static final JsonMapper JSON = JsonMapper.shared();

	private JsonTextMapper() {
	}

	static boolean isJson(String text) {
		char first = firstNonWhitespace(text);
		if (first != '{' && first != '[' && first != '"' && first != '-' && !Chars.isDigit(first)) {
			return false;
		}
		try (JsonParser parser = JSON.createParser(text)) {
			parser.nextToken();
			parser.skipChildren();
			return parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			// Only starts like JSON
			return false;
		}
	}

	static boolean isDocument(String text) {
		char first = firstNonWhitespace(text);
		char last = (first == '{') ? '}' : ']';
		return (first == '{' || first == '[') && text.stripTrailing().endsWith(String.valueOf(last)) && isJson(text);
	}

	/**
	 * Maps the strings of a document.
	 * @return the mapped document, or the same instance if nothing changed
	 */
	static String map(String json, TextMapper mapper) {
		StringWriter mapped = new StringWriter(json.length() + 16);
		boolean unchanged = true;
		try (JsonParser parser = JSON.createParser(json); JsonGenerator generator = JSON.createGenerator(mapped)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				String text = parser.getString();
				switch (token) {
					case PROPERTY_NAME -> {
						String name = mapper.map(null, text);
						unchanged &= name.equals(text);
						generator.writeName(name);
					}
					case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
						String value = mapper.map(name(parser.streamReadContext()), text);
						boolean kept = value.equals(text);
						unchanged &= kept;
						if (kept && token.isNumeric()) {
							generator.writeNumber(text);
						}
						else {
							generator.writeString(value);
						}
					}
					default -> {
						if (token == JsonToken.START_ARRAY) {
							// Elements inherit the name of the array
							parser.assignCurrentValue(name(parser.streamReadContext().getParent()));
						}
						generator.copyCurrentEvent(parser);
					}
				}
			}
		}
		return unchanged ? json : mapped.toString();
	}

	private static @Nullable String name(TokenStreamContext context) {
		return (String) (context.inArray() ? context.currentValue() : context.currentName());
	}

	private static char firstNonWhitespace(String text) {
		int first = 0;
		while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
			first++;
		}
		return Chars.at(text, first);
	}

	@FunctionalInterface
	interface TextMapper {

		/**
		 * Maps a string, or a number, which becomes a string if it changes.
		 * @param name the property name, {@code null} if there is none or the text is
		 * itself a property name
		 */
		String map(@Nullable String name, String text);

	}

}
