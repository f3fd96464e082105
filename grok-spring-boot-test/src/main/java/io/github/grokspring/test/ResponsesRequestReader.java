package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.Message;
import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.ToolUse;
import io.github.grokspring.test.ResponsesRequest.Echo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads the body of {@code POST /v1/responses}. Unknown fields are ignored, as by xAI.
 */
final class ResponsesRequestReader {

	private static final Set<String> SERVICE_TIERS = Set.of("default", "priority", "fast");

	private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

	private final RequestParser in;

	private @Nullable String model;

	private @Nullable InputItems input;

	private @Nullable String instructions;

	private @Nullable ToolDefinitions tools;

	private @Nullable JsonNode toolChoice;

	private @Nullable JsonNode format;

	private boolean stream;

	private boolean store = true;

	private boolean parallelToolCalls = true;

	private boolean reasoningSet;

	private @Nullable String effort;

	private @Nullable String topLevelEffort;

	private @Nullable String serviceTier;

	private @Nullable String previousResponseId;

	private @Nullable Integer maxOutputTokens;

	private @Nullable Integer maxToolCalls;

	private @Nullable Integer maxTurns;

	private @Nullable Double temperature;

	private @Nullable Double topP;

	private @Nullable String user;

	private @Nullable String safetyIdentifier;

	private @Nullable String promptCacheKey;

	private final Set<String> include = new HashSet<>();

	private final Set<String> parameters = new HashSet<>();

	private ResponsesRequestReader(RequestParser in) {
		this.in = in;
	}

	/**
	 * Reads a request. Errors about a wrong structure have no code at this endpoint.
	 */
	static ResponsesRequest read(byte[] body) {
		try {
			return RequestParser.read(body, (in) -> new ResponsesRequestReader(in).request());
		}
		catch (ApiErrorException apiError) {
			throw apiError.withoutCodeIf(422);
		}
	}

	private ResponsesRequest request() {
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			if (!this.in.isNull()) {
				this.parameters.add(name);
			}
			field(name);
		}
		if (this.model == null) {
			throw this.in.missing("model");
		}
		if (this.input == null) {
			throw this.in.missing("input");
		}
		ToolDefinitions offered = (this.tools != null) ? this.tools : ToolDefinitions.none();
		JsonNode choice = (this.toolChoice != null) ? this.toolChoice : JsonNodeFactory.instance.stringNode("auto");
		JsonNode text = (this.format != null) ? this.format : JsonNodeFactory.instance.objectNode().put("type", "text");
		Echo echo = new Echo(this.instructions, this.maxOutputTokens, this.maxToolCalls, this.parallelToolCalls,
				this.temperature, this.topP, this.user, this.safetyIdentifier, this.promptCacheKey, text, choice,
				offered.echo());
		return new ResponsesRequest(dialogue(this.model, this.input, offered, choice, text), this.input.items(),
				offered.serverTools(), echo, this.store, this.previousResponseId, this.maxTurns,
				Set.copyOf(this.include));
	}

	private ChatRequest dialogue(String name, InputItems items, ToolDefinitions offered, JsonNode choice,
			JsonNode text) {
		String requestedEffort = this.reasoningSet ? this.effort : this.topLevelEffort;
		this.parameters.remove("reasoning_effort");
		if (requestedEffort != null) {
			this.parameters.add("reasoning_effort");
		}
		List<Message> messages = new ArrayList<>();
		if (this.instructions != null) {
			messages.add(new Message("system", this.instructions, 1, 0, List.of(), null));
		}
		messages.addAll(items.messages());
		ToolUse use = switch (choice.isString() ? choice.stringValue() : "required") {
			case "none" -> ToolUse.NONE;
			case "required" -> ToolUse.REQUIRED;
			default -> ToolUse.AUTO;
		};
		ResponseFormat responseFormat = switch (text.get("type").stringValue()) {
			case "json_object" -> ResponseFormat.JSON_OBJECT;
			case "json_schema" -> ResponseFormat.JSON_SCHEMA;
			default -> ResponseFormat.TEXT;
		};
		return new ChatRequest(name, List.copyOf(messages), offered.functions(), use,
				choice.isObject() ? choice.get("name").stringValue() : null, this.stream, true, requestedEffort,
				this.serviceTier, this.maxOutputTokens, responseFormat, text.get("schema"),
				Set.copyOf(this.parameters));
	}

	private void field(String name) {
		switch (name) {
			case "model" -> this.model = this.in.string(name);
			case "input" -> this.input = InputItems.of(this.in.value());
			case "instructions" -> this.instructions = this.in.optionalString(name);
			case "tools" -> this.tools = ToolDefinitions.of(values(name));
			case "tool_choice" -> toolChoice(name);
			case "text" -> text(name);
			case "reasoning" -> reasoning(name);
			case "reasoning_effort" -> this.topLevelEffort = this.in.optionalString(name);
			case "include" -> this.in.array(name, (path) -> this.include.add(this.in.string(path)));
			case "stream" -> this.stream = this.in.flag(name);
			case "store" -> this.store = this.in.isNull() || this.in.flag(name);
			case "parallel_tool_calls" -> this.parallelToolCalls = this.in.isNull() || this.in.flag(name);
			case "background", "logprobs", "stream_tool_calls" -> this.in.flag(name);
			case "previous_response_id" -> this.previousResponseId = this.in.optionalString(name);
			case "prompt_cache_key" -> this.promptCacheKey = this.in.optionalString(name);
			case "user" -> this.user = this.in.optionalString(name);
			case "safety_identifier" -> this.safetyIdentifier = this.in.optionalString(name);
			case "truncation" -> this.in.optionalString(name);
			case "service_tier" -> this.serviceTier = this.in.isNull() ? null : this.in.oneOf(name, SERVICE_TIERS);
			case "temperature" -> this.temperature = this.in.numberUpTo(name, 2);
			case "top_p" -> this.topP = this.in.numberUpTo(name, 1);
			case "min_p", "presence_penalty", "frequency_penalty" -> this.in.number(name);
			case "max_output_tokens" -> this.maxOutputTokens = this.in.positive(name);
			case "max_tool_calls" -> this.maxToolCalls = this.in.unsigned(name);
			case "max_turns" -> this.maxTurns = this.in.unsigned(name);
			case "top_k", "top_logprobs" -> this.in.unsigned(name);
			default -> this.in.skip();
		}
	}

	private List<JsonNode> values(String name) {
		List<JsonNode> values = new ArrayList<>();
		this.in.array(name, (path) -> {
			this.in.expectObject(path);
			values.add(this.in.value());
		});
		return values;
	}

	private void toolChoice(String name) {
		if (this.in.isNull()) {
			return;
		}
		JsonNode choice = this.in.value();
		boolean named = choice.isObject() && choice.path("name").isString() && choice.path("type").isString();
		if (!choice.isString() && !named) {
			throw ApiErrorException.noVariant("ModelToolChoice");
		}
		String mode = choice.isString() ? choice.stringValue() : choice.get("type").stringValue();
		if (!Set.of("none", "auto", "required", "function").contains(mode) || named != "function".equals(mode)) {
			throw ApiErrorException.invalidArgument("Invalid " + name + ": " + mode + ".");
		}
		this.toolChoice = choice;
	}

	private void text(String name) {
		JsonNode text = this.in.tree(name);
		JsonNode given = (text != null) ? text.path("format") : null;
		if (given == null || given.isMissingNode() || given.isNull()) {
			return;
		}
		String type = given.path("type").stringValue("");
		if (!FORMATS.contains(type)) {
			throw ApiErrorException.wrongShape(name + ".format: unknown variant `" + type
					+ "`, expected one of `json_object`, `json_schema`, `text`");
		}
		var echoed = JsonNodeFactory.instance.objectNode();
		if ("json_schema".equals(type)) {
			if (!given.has("schema")) {
				throw this.in.missing("schema");
			}
			echoed.set("schema", given.get("schema"));
		}
		this.format = echoed.put("type", type);
	}

	private void reasoning(String name) {
		if (this.in.isNull()) {
			return;
		}
		this.in.expectObject(name);
		this.reasoningSet = true;
		for (String key = this.in.nextField(); key != null; key = this.in.nextField()) {
			switch (key) {
				case "effort" -> this.effort = this.in.optionalString(name + ".effort");
				case "summary", "generate_summary" -> this.in.optionalString(name + "." + key);
				default -> this.in.skip();
			}
		}
	}

}
