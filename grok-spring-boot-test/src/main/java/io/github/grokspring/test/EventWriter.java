package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import tools.jackson.core.JsonGenerator;

/**
 * Writes server-sent events with a type and a sequence number.
 */
final class EventWriter {

	private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

	private EventWriter() {
	}

	static byte[] event(String type, int sequenceNumber, Consumer<JsonGenerator> fields) {
		byte[] json = Json.object((generator) -> {
			generator.writeNumberProperty("sequence_number", sequenceNumber);
			generator.writeStringProperty("type", type);
			fields.accept(generator);
		});
		return ChunkWriter.join(utf8("event: " + type + "\ndata: "), json, END);
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
