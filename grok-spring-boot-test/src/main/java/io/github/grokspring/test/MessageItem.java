package io.github.grokspring.test;

import java.util.List;

import tools.jackson.core.JsonGenerator;

/**
 * Message item with the visible text and its citations.
 */
record MessageItem(String id, List<String> pieces, List<UrlCitation> citations) implements ResponsesItem {

	@Override
	public String type() {
		return "message";
	}

	@Override
	public void write(JsonGenerator json, boolean done) {
		json.writeArrayPropertyStart("content");
		if (done) {
			json.writeStartObject();
			part(json, String.join("", this.pieces), this.citations);
			json.writeEndObject();
		}
		json.writeEndArray();
		json.writeStringProperty("role", "assistant");
	}

	@Override
	public void emit(EventSink sink) {
		String text = String.join("", this.pieces);
		sink.event("content_part.added", (json) -> indexed(json, "", List.of()));
		this.pieces.forEach(sink::text);
		sink.endText();
		for (int i = 0; i < this.citations.size(); i++) {
			int index = i;
			sink.event("output_text.annotation.added", (json) -> {
				json.writeObjectPropertyStart("annotation");
				this.citations.get(index).write(json);
				json.writeEndObject();
				json.writeNumberProperty("annotation_index", index);
				json.writeNumberProperty("content_index", 0);
			});
		}
		sink.event("output_text.done", (json) -> {
			json.writeNumberProperty("content_index", 0);
			json.writeStringProperty("text", text);
			emptyArray(json, "logprobs");
		});
		sink.event("content_part.done", (json) -> indexed(json, text, this.citations));
	}

	private static void indexed(JsonGenerator json, String text, List<UrlCitation> citations) {
		json.writeNumberProperty("content_index", 0);
		json.writeObjectPropertyStart("part");
		part(json, text, citations);
		json.writeEndObject();
	}

	private static void part(JsonGenerator json, String text, List<UrlCitation> citations) {
		json.writeStringProperty("type", "output_text");
		json.writeStringProperty("text", text);
		emptyArray(json, "logprobs");
		json.writeArrayPropertyStart("annotations");
		for (UrlCitation citation : citations) {
			json.writeStartObject();
			citation.write(json);
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private static void emptyArray(JsonGenerator json, String name) {
		json.writeArrayPropertyStart(name);
		json.writeEndArray();
	}

}
