package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Utilities to read and write JSON without building trees.
 */
final class Json {

	/**
	 * Rejects duplicate keys, like the deserializer of xAI.
	 */
	static final ObjectMapper STRICT = JsonMapper
		.builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
		.build();

	/**
	 * Reads recorded requests leniently.
	 */
	static final ObjectMapper LENIENT = JsonMapper.shared();

	private static final JsonFactory FACTORY = new JsonFactory();

	private Json() {
	}

	static byte[] object(Consumer<JsonGenerator> content) {
		ByteArrayBuilder bytes = new ByteArrayBuilder(512);
		try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
			json.writeStartObject();
			content.accept(json);
			json.writeEndObject();
		}
		return bytes.toByteArray();
	}

	static String text(Consumer<JsonGenerator> content) {
		return new String(object(content), StandardCharsets.UTF_8);
	}

	/**
	 * Returns the escaped characters of a JSON string as UTF-8, without quotation marks.
	 */
	static byte[] escaped(String text) {
		return JsonStringEncoder.getInstance().quoteAsUTF8(text);
	}

	static int countOfTopLevelKey(byte[] body, String key) {
		int count = 0;
		try (tools.jackson.core.JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
			if (parser.nextToken() != tools.jackson.core.JsonToken.START_OBJECT) {
				return 0;
			}
			for (String name = parser.nextName(); name != null; name = parser.nextName()) {
				count += name.equals(key) ? 1 : 0;
				parser.nextToken();
				parser.skipChildren();
			}
		}
		return count;
	}

}
