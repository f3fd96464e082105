package io.github.grokspring.test;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Reasoning item, or the encrypted output of a tool if there is no summary.
 */
record ReasoningItem(String id, List<String> pieces, @Nullable String encryptedContent) implements ResponsesItem {

	@Override
	public String type() {
		return "reasoning";
	}

	@Override
	public void write(JsonGenerator json, boolean done) {
		json.writeArrayPropertyStart("summary");
		if (done && !this.pieces.isEmpty()) {
			json.writeStartObject();
			part(json, String.join("", this.pieces));
			json.writeEndObject();
		}
		json.writeEndArray();
		if (done && this.encryptedContent != null) {
			json.writeStringProperty("encrypted_content", this.encryptedContent);
		}
	}

	@Override
	public boolean startsBeforeReasoning() {
		return !this.pieces.isEmpty();
	}

	@Override
	public void emit(EventSink sink) {
		if (this.pieces.isEmpty()) {
			return;
		}
		String summary = String.join("", this.pieces);
		sink.opening("reasoning_summary_part.added", (json) -> indexed(json, ""));
		this.pieces.forEach(sink::reasoning);
		sink.event("reasoning_summary_text.done", (json) -> {
			json.writeNumberProperty("summary_index", 0);
			json.writeStringProperty("text", summary);
		});
		sink.event("reasoning_summary_part.done", (json) -> indexed(json, summary));
	}

	private static void indexed(JsonGenerator json, String text) {
		json.writeObjectPropertyStart("part");
		part(json, text);
		json.writeEndObject();
		json.writeNumberProperty("summary_index", 0);
	}

	private static void part(JsonGenerator json, String text) {
		json.writeStringProperty("text", text);
		json.writeStringProperty("type", "summary_text");
	}

}
