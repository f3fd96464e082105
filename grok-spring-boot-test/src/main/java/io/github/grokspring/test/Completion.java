package io.github.grokspring.test;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import io.github.grokspring.test.ChatRequest.ToolCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What the model says in one answer, ready to be written as JSON or as events.
 */
record Completion(String id, long created, String model, String fingerprint, String serviceTier, List<String> pieces,
		List<String> reasoning, List<ToolCall> toolCalls, List<String> citations, @Nullable String finishReason,
		Usage usage, long costInTicks) {

	byte[] toJson() {
		return Json.object((json) -> {
			head(json, "chat.completion");
			json.writeStartObject();
			json.writeNumberProperty("index", 0);
			message(json);
			if (this.finishReason != null) {
				json.writeStringProperty("finish_reason", this.finishReason);
			}
			else {
				json.writeNullProperty("finish_reason");
			}
			json.writeEndObject();
			json.writeEndArray();
			this.usage.write(json, this.costInTicks);
			tail(json);
			if (!this.citations.isEmpty()) {
				writeCitations(json);
			}
		});
	}

	void head(JsonGenerator json, String object) {
		json.writeStringProperty("id", this.id);
		json.writeStringProperty("object", object);
		json.writeNumberProperty("created", this.created);
		json.writeStringProperty("model", this.model);
		json.writeArrayPropertyStart("choices");
	}

	void tail(JsonGenerator json) {
		json.writeStringProperty("system_fingerprint", this.fingerprint);
		json.writeStringProperty("service_tier", this.serviceTier);
	}

	void writeCitations(JsonGenerator json) {
		json.writeArrayPropertyStart("citations");
		this.citations.forEach(json::writeString);
		json.writeEndArray();
	}

	void toolCalls(JsonGenerator json, boolean indexed) {
		json.writeArrayPropertyStart("tool_calls");
		for (int i = 0; i < this.toolCalls.size(); i++) {
			ToolCall call = this.toolCalls.get(i);
			json.writeStartObject();
			json.writeStringProperty("id", (call.id() != null) ? call.id() : "call-" + this.id + "-" + i);
			json.writeObjectPropertyStart("function");
			json.writeStringProperty("name", call.name());
			json.writeStringProperty("arguments", call.arguments());
			json.writeEndObject();
			if (indexed) {
				json.writeNumberProperty("index", i);
			}
			json.writeStringProperty("type", "function");
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private void message(JsonGenerator json) {
		json.writeObjectPropertyStart("message");
		json.writeStringProperty("role", "assistant");
		json.writeStringProperty("content", String.join("", this.pieces));
		if (!this.reasoning.isEmpty()) {
			json.writeStringProperty("reasoning_content", String.join("", this.reasoning));
		}
		if (!this.toolCalls.isEmpty()) {
			toolCalls(json, false);
		}
		json.writeNullProperty("refusal");
		json.writeEndObject();
	}

	/**
	 * A random id in the shape xAI uses, cheaper than a cryptographic one.
	 * @return a bare UUID
	 */
	static String newId() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long high = (random.nextLong() & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
		long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | Long.MIN_VALUE;
		return new UUID(high, low).toString();
	}

}
