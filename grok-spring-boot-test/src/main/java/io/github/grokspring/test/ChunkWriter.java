package io.github.grokspring.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes the chunks of a Chat Completions stream. Common parts are serialized only once.
 */
final class ChunkWriter {

	static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

	private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);

	private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.UTF_8);

	private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.UTF_8);

	private static final byte[] REASONING = "\"reasoning_content\":\"".getBytes(StandardCharsets.UTF_8);

	private static final byte[] ROLE = ",\"role\":\"assistant\"".getBytes(StandardCharsets.UTF_8);

	private static final byte[] QUOTE = { '"' };

	private static final byte[] NOTHING = {};

	private static final String DELTA_START = "\"delta\":{";

	private final Completion completion;

	private final byte[] prefix;

	private final byte[] suffix;

	ChunkWriter(Completion completion) {
		this.completion = completion;
		String template = new String(event((json) -> {
		}, null), StandardCharsets.UTF_8);
		int split = template.indexOf(DELTA_START) + DELTA_START.length();
		this.prefix = template.substring(0, split).getBytes(StandardCharsets.UTF_8);
		this.suffix = template.substring(split).getBytes(StandardCharsets.UTF_8);
	}

	byte[] content(String piece, boolean last) {
		if (last && !this.completion.citations().isEmpty()) {
			return event((json) -> json.writeStringProperty("content", piece), (json) -> {
			}, true);
		}
		return join(this.prefix, CONTENT, Json.escaped(piece), QUOTE, NOTHING, this.suffix);
	}

	byte[] reasoning(String piece, boolean first) {
		return join(this.prefix, REASONING, Json.escaped(piece), QUOTE, first ? ROLE : NOTHING, this.suffix);
	}

	byte[] role() {
		return event((json) -> json.writeStringProperty("role", "assistant"), null);
	}

	byte[] empty() {
		return join(this.prefix, this.suffix);
	}

	List<byte[]> toolCalls() {
		return this.completion.toolCallDeltas().stream().map((delta) -> event(delta, null)).toList();
	}

	byte[] finish(String reason) {
		return event((json) -> {
		}, reason);
	}

	byte[] error(ErrorText error) {
		if (!this.completion.has(GatewayQuirk.ERROR_IN_CHOICE)) {
			return data(error.toJson());
		}
		return event((json) -> json.writeStringProperty("content", ""), (json) -> Completion.writeError(json, error),
				false);
	}

	byte[] blank() {
		return data(Json.object((json) -> {
			json.writeArrayPropertyStart("choices");
			json.writeEndArray();
			json.writeNumberProperty("created", 0);
			json.writeStringProperty("id", "");
			json.writeStringProperty("model", "");
			json.writeStringProperty("object", "");
			json.writeArrayPropertyStart("prompt_filter_results");
			json.writeEndArray();
		}));
	}

	byte[] usage() {
		return usage(this.completion.usage(), this.completion.costInTicks());
	}

	byte[] zeroUsage() {
		return usage(new Usage(0, 0, 0, 0, 0), 0);
	}

	private byte[] usage(Usage usage, long costInTicks) {
		return data(Json.object((json) -> {
			this.completion.head(json, "chat.completion.chunk");
			json.writeEndArray();
			usage.write(json, costInTicks);
			this.completion.tail(json);
		}));
	}

	static byte[] data(byte[] json) {
		return join(DATA, json, END_OF_EVENT);
	}

	private byte[] event(Consumer<JsonGenerator> delta, @Nullable String finishReason) {
		return event(delta, (json) -> {
			if (finishReason != null) {
				json.writeStringProperty("finish_reason", finishReason);
			}
		}, false);
	}

	private byte[] event(Consumer<JsonGenerator> delta, Consumer<JsonGenerator> ending, boolean citing) {
		return data(Json.object((json) -> {
			this.completion.head(json, "chat.completion.chunk");
			json.writeStartObject();
			json.writeNumberProperty("index", 0);
			json.writeObjectPropertyStart("delta");
			delta.accept(json);
			json.writeEndObject();
			ending.accept(json);
			json.writeEndObject();
			json.writeEndArray();
			this.completion.tail(json);
			if (citing) {
				this.completion.writeCitations(json);
			}
		}));
	}

	static byte[] join(byte[]... parts) {
		int length = 0;
		for (byte[] part : parts) {
			length += part.length;
		}
		ByteArrayOutputStream joined = new ByteArrayOutputStream(length);
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
