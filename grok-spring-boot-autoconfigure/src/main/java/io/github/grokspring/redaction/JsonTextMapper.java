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
 * Maps the texts and numbers of a JSON document, token by token: numbers keep their
 * digits, properties their order and their duplicates.
 */
final class JsonTextMapper {

	private static final JsonMapper JSON = JsonMapper.shared();

	private JsonTextMapper() {
	}

	/**
	 * Whether a text is one JSON document.
	 */
	static boolean isJson(String text) {
		char first = firstOf(text);
		if (first != '{' && first != '[' && first != '"' && first != '-' && !Chars.isDigit(first)) {
			return false;
		}
		try (JsonParser parser = JSON.createParser(text)) {
			parser.nextToken();
			parser.skipChildren();
			return parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			// A text that only begins like one
			return false;
		}
	}

	/**
	 * Whether a text is one JSON document that has texts of its own: an object or an
	 * array.
	 */
	static boolean isDocument(String text) {
		char first = firstOf(text);
		char last = (first == '{') ? '}' : ']';
		return (first == '{' || first == '[') && text.stripTrailing().endsWith(String.valueOf(last)) && isJson(text);
	}

	/**
	 * Maps the texts of a document.
	 * @param json the document
	 * @param mapper maps a text
	 * @return the document with the mapped texts, the same string if none differs
	 */
	static String map(String json, TextMapper mapper) {
		StringWriter mapped = new StringWriter(json.length() + 16);
		boolean same = true;
		try (JsonParser parser = JSON.createParser(json); JsonGenerator generator = JSON.createGenerator(mapped)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				String text = parser.getString();
				switch (token) {
					case PROPERTY_NAME -> {
						String name = mapper.map(null, text);
						same &= name.equals(text);
						generator.writeName(name);
					}
					case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
						String value = mapper.map(name(parser.streamReadContext()), text);
						boolean kept = value.equals(text);
						same &= kept;
						if (kept && token.isNumeric()) {
							generator.writeNumber(text);
						}
						else {
							generator.writeString(value);
						}
					}
					default -> {
						if (token == JsonToken.START_ARRAY) {
							// Its elements have the name that it has
							parser.assignCurrentValue(name(parser.streamReadContext().getParent()));
						}
						generator.copyCurrentEvent(parser);
					}
				}
			}
		}
		return same ? json : mapped.toString();
	}

	private static @Nullable String name(TokenStreamContext context) {
		return (String) (context.inArray() ? context.currentValue() : context.currentName());
	}

	private static char firstOf(String text) {
		int first = 0;
		while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
			first++;
		}
		return Chars.at(text, first);
	}

	/**
	 * Maps a text of a document.
	 */
	@FunctionalInterface
	interface TextMapper {

		/**
		 * Maps a text, or a number, which becomes a text if it changes.
		 * @param name the name of its property, {@code null} if it has none or is one
		 * itself
		 * @param text the text, without escapes
		 * @return the text to write
		 */
		String map(@Nullable String name, String text);

	}

}
