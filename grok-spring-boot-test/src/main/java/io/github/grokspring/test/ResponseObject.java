package io.github.grokspring.test;

import java.util.Iterator;
import java.util.List;

import io.github.grokspring.test.HttpReply.Step;
import io.github.grokspring.test.ResponsesRequest.Echo;
import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Response object of the Responses API. Streams contain numbers in single precision, as
 * those of xAI.
 */
record ResponseObject(String id, long createdAt, ResponsesRequest request, @Nullable String effort,
		List<ResponsesItem> output, List<String> citations, ModelOutput modelOutput) implements ResponseRenderer {

	private static final float TEMPERATURE = 0.7f;

	private static final float TOP_P = 0.95f;

	@Override
	public byte[] toJson() {
		return Json.object((json) -> write(json, true, false));
	}

	@Override
	public Iterator<Step> toEvents(StreamPlan plan) {
		return new ResponseEvents(this, plan);
	}

	String status() {
		if (this.modelOutput.outcome().failure() != null) {
			return "failed";
		}
		if (incompleteReason() != null) {
			return "incomplete";
		}
		return this.modelOutput.outcome().finishes() ? "completed" : "in_progress";
	}

	void write(JsonGenerator json, boolean done, boolean streamed) {
		Echo echo = this.request.echo();
		json.writeNumberProperty("created_at", this.createdAt);
		if (done && "completed".equals(status())) {
			json.writeNumberProperty("completed_at", System.currentTimeMillis() / 1000);
		}
		else {
			json.writeNullProperty("completed_at");
		}
		json.writeStringProperty("id", this.id);
		number(json, "max_output_tokens", echo.maxOutputTokens());
		json.writeStringProperty("model", this.modelOutput.model().id());
		json.writeStringProperty("object", "response");
		output(json, done);
		json.writeBooleanProperty("parallel_tool_calls", echo.parallelToolCalls());
		string(json, "previous_response_id", this.request.previousResponseId());
		settings(json, echo, streamed);
		if (done) {
			usage(json);
		}
		else {
			json.writeNullProperty("usage");
		}
		string(json, "user", echo.user());
		ending(json, done);
		json.writeBooleanProperty("store", this.request.store());
		constants(json);
		string(json, "prompt_cache_key", echo.promptCacheKey());
		number(json, "max_tool_calls", echo.maxToolCalls());
		string(json, "safety_identifier", echo.safetyIdentifier());
		string(json, "instructions", echo.instructions());
		if (done && !this.citations.isEmpty()) {
			json.writeArrayPropertyStart("citations");
			this.citations.forEach(json::writeString);
			json.writeEndArray();
		}
	}

	private void output(JsonGenerator json, boolean done) {
		json.writeArrayPropertyStart("output");
		for (ResponsesItem item : done ? this.output : List.<ResponsesItem>of()) {
			json.writeStartObject();
			item.writeObject(json, true);
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private void settings(JsonGenerator json, Echo echo, boolean streamed) {
		json.writeObjectPropertyStart("reasoning");
		string(json, "effort", this.effort);
		string(json, "summary", streamed ? null : "detailed");
		json.writeEndObject();
		fraction(json, "temperature", (echo.temperature() != null) ? echo.temperature().floatValue() : TEMPERATURE,
				streamed);
		json.writeObjectPropertyStart("text");
		tree(json, "format", echo.format());
		json.writeEndObject();
		tree(json, "tool_choice", echo.toolChoice());
		json.writeArrayPropertyStart("tools");
		for (JsonNode tool : echo.tools()) {
			json.writeStartObject();
			tool.forEachEntry((name, value) -> tree(json, name, value));
			if ("function".equals(tool.get("type").stringValue()) && !tool.has("strict")) {
				if (streamed) {
					json.writeNullProperty("strict");
				}
				else {
					json.writeBooleanProperty("strict", false);
				}
			}
			json.writeEndObject();
		}
		json.writeEndArray();
		fraction(json, "top_p", (echo.topP() != null) ? echo.topP().floatValue() : TOP_P, streamed);
	}

	private void usage(JsonGenerator json) {
		Usage usage = this.modelOutput.usage();
		ServerToolCounts counts = new ServerToolCounts(this.modelOutput.toolUses());
		json.writeObjectPropertyStart("usage");
		json.writeNumberProperty("input_tokens", usage.promptTokens());
		json.writeObjectPropertyStart("input_tokens_details");
		json.writeNumberProperty("cached_tokens", usage.cachedTokens());
		json.writeEndObject();
		json.writeNumberProperty("output_tokens", usage.completionTokens() + usage.reasoningTokens());
		json.writeObjectPropertyStart("output_tokens_details");
		json.writeNumberProperty("reasoning_tokens", usage.reasoningTokens());
		json.writeEndObject();
		json.writeNumberProperty("total_tokens", usage.totalTokens());
		json.writeNumberProperty("num_sources_used", 0);
		json.writeNumberProperty("num_server_side_tools_used", counts.total());
		json.writeNumberProperty("cost_in_usd_ticks", this.modelOutput.costInTicks());
		if (counts.total() > 0) {
			counts.write(json);
		}
		json.writeObjectPropertyStart("context_details");
		json.writeNumberProperty("input_tokens", this.modelOutput.context().inputTokens());
		json.writeNumberProperty("output_tokens", this.modelOutput.context().outputTokens());
		json.writeEndObject();
		json.writeEndObject();
	}

	private void ending(JsonGenerator json, boolean done) {
		String reason = done ? incompleteReason() : null;
		if (reason != null) {
			json.writeObjectPropertyStart("incomplete_details");
			json.writeStringProperty("reason", reason);
			json.writeEndObject();
		}
		else {
			json.writeNullProperty("incomplete_details");
		}
		json.writeStringProperty("status", done ? status() : "in_progress");
		ErrorText failure = done ? this.modelOutput.outcome().failure() : null;
		if (failure != null) {
			json.writeObjectPropertyStart("error");
			json.writeStringProperty("code", failure.code());
			json.writeStringProperty("message", failure.text());
			json.writeEndObject();
		}
		else {
			json.writeNullProperty("error");
		}
	}

	private void constants(JsonGenerator json) {
		json.writeObjectPropertyStart("metadata");
		json.writeStringProperty("system_fingerprint", this.modelOutput.model().fingerprint());
		json.writeEndObject();
		json.writeBooleanProperty("background", false);
		json.writeStringProperty("service_tier", this.modelOutput.serviceTier());
		json.writeStringProperty("truncation", "disabled");
		json.writeNumberProperty("top_logprobs", 0);
		json.writeNumberProperty("presence_penalty", 0.0);
		json.writeNumberProperty("frequency_penalty", 0.0);
	}

	private @Nullable String incompleteReason() {
		String reason = this.modelOutput.outcome().incompleteReason();
		return (reason == null && "length".equals(this.modelOutput.outcome().finishReason())) ? "max_output_tokens"
				: reason;
	}

	private static void fraction(JsonGenerator json, String name, float value, boolean streamed) {
		if (streamed) {
			json.writeNumberProperty(name, (double) value);
		}
		else {
			json.writeNumberProperty(name, value);
		}
	}

	private static void tree(JsonGenerator json, String name, JsonNode value) {
		json.writeName(name);
		json.writeRawValue(value.toString());
	}

	private static void string(JsonGenerator json, String name, @Nullable String value) {
		if (value != null) {
			json.writeStringProperty(name, value);
		}
		else {
			json.writeNullProperty(name);
		}
	}

	private static void number(JsonGenerator json, String name, @Nullable Integer value) {
		if (value != null) {
			json.writeNumberProperty(name, value);
		}
		else {
			json.writeNullProperty(name);
		}
	}

}
