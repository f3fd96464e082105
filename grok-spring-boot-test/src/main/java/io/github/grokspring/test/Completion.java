package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Chat completion that is written as JSON or as events.
 */
record Completion(String id, long created, String model, String fingerprint, String serviceTier, List<String> pieces,
		List<String> reasoning, List<ToolCall> toolCalls, List<String> citations, @Nullable String finishReason,
		Usage usage, long costInTicks, Set<GatewayQuirk> quirks) {

	private static final int CHUNKS_PER_CALL = 3;

	boolean has(GatewayQuirk quirk) {
		return this.quirks.contains(quirk);
	}

	byte[] toJson() {
		return toJson(null);
	}

	/**
	 * Returns the response as JSON, with an error in the choice if there is one.
	 */
	byte[] toJson(@Nullable ErrorText error) {
		return Json.object((json) -> {
			head(json, "chat.completion");
			json.writeStartObject();
			json.writeNumberProperty("index", 0);
			message(json);
			if (error != null) {
				writeError(json, error);
			}
			else if (this.finishReason != null) {
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

	/**
	 * Writes the error of a choice, as some gateways do.
	 */
	static void writeError(JsonGenerator json, ErrorText error) {
		json.writeStringProperty("finish_reason", "error");
		json.writeObjectPropertyStart("error");
		if (error.code().matches("\\d{1,9}")) {
			json.writeNumberProperty("code", Integer.parseInt(error.code()));
		}
		else {
			json.writeStringProperty("code", error.code());
		}
		json.writeStringProperty("message", error.text());
		json.writeEndObject();
	}

	/**
	 * Returns the deltas of tool calls: one per call, or several if names are repeated.
	 */
	List<Consumer<JsonGenerator>> toolCallDeltas() {
		if (!has(GatewayQuirk.REPEATED_TOOL_NAMES)) {
			return List.of((json) -> toolCalls(json, true));
		}
		List<Consumer<JsonGenerator>> deltas = new ArrayList<>();
		for (int i = 0; i < this.toolCalls.size(); i++) {
			int index = i;
			String arguments = this.toolCalls.get(i).arguments();
			int part = Math.max(1, (arguments.length() + CHUNKS_PER_CALL - 1) / CHUNKS_PER_CALL);
			for (int start = 0; start == 0 || start < arguments.length(); start += part) {
				String piece = arguments.substring(start, Math.min(arguments.length(), start + part));
				deltas.add((json) -> {
					json.writeArrayPropertyStart("tool_calls");
					toolCall(json, index, piece, true);
					json.writeEndArray();
				});
			}
		}
		return deltas;
	}

	private void toolCalls(JsonGenerator json, boolean indexed) {
		json.writeArrayPropertyStart("tool_calls");
		for (int i = 0; i < this.toolCalls.size(); i++) {
			toolCall(json, i, this.toolCalls.get(i).arguments(), indexed);
		}
		json.writeEndArray();
	}

	private void toolCall(JsonGenerator json, int index, String arguments, boolean indexed) {
		ToolCall call = this.toolCalls.get(index);
		json.writeStartObject();
		json.writeStringProperty("id", (call.id() != null) ? call.id() : "call-" + this.id + "-" + index);
		json.writeObjectPropertyStart("function");
		json.writeStringProperty("name", call.name());
		json.writeStringProperty("arguments", arguments);
		json.writeEndObject();
		if (indexed && !has(GatewayQuirk.NO_TOOL_INDEXES)) {
			json.writeNumberProperty("index", has(GatewayQuirk.ZERO_TOOL_INDEXES) ? 0 : index);
		}
		json.writeStringProperty("type", "function");
		json.writeEndObject();
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
	 * Returns a random UUID. Does not use a secure random generator, for speed.
	 */
	static String newId() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long high = (random.nextLong() & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
		long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | Long.MIN_VALUE;
		return new UUID(high, low).toString();
	}

}
