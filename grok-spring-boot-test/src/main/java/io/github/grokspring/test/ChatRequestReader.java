package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.Message;
import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.Tool;
import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.ChatRequest.ToolUse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of {@code POST /v1/chat/completions}. Unknown fields are ignored, as by
 * xAI.
 */
final class ChatRequestReader {

	private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool", "function", "developer");

	private static final Set<String> TOOL_CHOICES = Set.of("none", "auto", "required");

	private static final Set<String> SERVICE_TIERS = Set.of("auto", "default", "priority", "fast");

	private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

	private static final Set<String> PARTS = Set.of("text", "image_url", "file");

	private final RequestParser in;

	private @Nullable String model;

	private @Nullable List<Message> messages;

	private final List<Tool> tools = new ArrayList<>();

	private ToolUse toolUse = ToolUse.AUTO;

	private @Nullable String forcedTool;

	private boolean stream;

	private boolean includeUsage;

	private @Nullable String reasoningEffort;

	private @Nullable String serviceTier;

	private @Nullable Integer maxTokens;

	private ResponseFormat responseFormat = ResponseFormat.TEXT;

	private @Nullable JsonNode schema;

	private final Set<String> parameters = new HashSet<>();

	private ChatRequestReader(RequestParser in) {
		this.in = in;
	}

	static ChatRequest read(byte[] body) {
		return RequestParser.read(body, (in) -> new ChatRequestReader(in).request());
	}

	private ChatRequest request() {
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			if (!this.in.isNull()) {
				this.parameters.add(name);
			}
			field(name);
		}
		if (this.model == null) {
			throw this.in.missing("model");
		}
		if (this.messages == null) {
			throw this.in.missing("messages");
		}
		return new ChatRequest(this.model, this.messages, List.copyOf(this.tools), this.toolUse, this.forcedTool,
				this.stream, this.includeUsage, this.reasoningEffort, this.serviceTier, this.maxTokens,
				this.responseFormat, this.schema, this.parameters);
	}

	private void field(String name) {
		switch (name) {
			case "model" -> this.model = this.in.string(name);
			case "messages" -> this.messages = messages(name);
			case "stream" -> this.stream = this.in.flag(name);
			case "stream_options" -> streamOptions(name);
			case "temperature" -> this.in.numberUpTo(name, 2);
			case "top_p" -> this.in.numberUpTo(name, 1);
			case "presence_penalty", "frequency_penalty" -> this.in.number(name);
			case "max_tokens", "max_completion_tokens" -> limit(name);
			case "n", "top_logprobs" -> this.in.unsigned(name);
			case "seed" -> this.in.integer(name);
			case "logprobs", "parallel_tool_calls", "deferred", "store" -> this.in.flag(name);
			case "user", "safety_identifier", "prompt_cache_key" -> this.in.optionalString(name);
			case "stop" -> stop(name);
			case "reasoning_effort" -> this.reasoningEffort = this.in.optionalString(name);
			case "service_tier" -> this.serviceTier = this.in.isNull() ? null : this.in.oneOf(name, SERVICE_TIERS);
			case "tools" -> this.in.array(name, (path) -> this.tools.add(tool(path)));
			case "tool_choice" -> toolChoice(name);
			case "response_format" -> responseFormat(name);
			default -> this.in.skip();
		}
	}

	private void limit(String name) {
		Integer limit = this.in.positive(name);
		this.maxTokens = (limit != null) ? limit : this.maxTokens;
	}

	private void stop(String name) {
		if (!this.in.isString()) {
			this.in.array(name, this.in::string);
		}
	}

	private void streamOptions(String name) {
		if (this.in.isNull()) {
			return;
		}
		this.in.expectObject(name);
		for (String option = this.in.nextField(); option != null; option = this.in.nextField()) {
			if ("include_usage".equals(option)) {
				this.includeUsage = this.in.flag(name + ".include_usage");
			}
			else {
				this.in.skip();
			}
		}
	}

	private List<Message> messages(String name) {
		if (this.in.isNull()) {
			throw this.in.wrongType(name, "a sequence");
		}
		List<Message> list = new ArrayList<>();
		this.in.array(name, (path) -> list.add(message(path)));
		return List.copyOf(list);
	}

	private Message message(String path) {
		this.in.expectObject(path);
		String role = null;
		String toolCallId = null;
		Content content = new Content();
		List<ToolCall> calls = new ArrayList<>();
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "role" -> role = this.in.oneOf(path + ".role", ROLES);
				case "content" -> content(path + ".content", content);
				case "tool_calls" -> this.in.array(path + ".tool_calls", (element) -> calls.add(toolCall(element)));
				case "tool_call_id" -> toolCallId = this.in.optionalString(path + ".tool_call_id");
				case "name", "reasoning_content" -> this.in.optionalString(path + "." + name);
				default -> this.in.skip();
			}
		}
		if (role == null) {
			throw this.in.missing("role");
		}
		if ("tool".equals(role) && toolCallId == null) {
			throw this.in.missing("tool_call_id");
		}
		return new Message(role, content.text.toString(), content.parts, content.images, List.copyOf(calls),
				toolCallId);
	}

	private void content(String path, Content content) {
		if (this.in.isString()) {
			content.add(this.in.string(path));
			return;
		}
		if (!this.in.isNull() && !this.in.isArray()) {
			throw this.in.wrongType(path, "a string or a sequence");
		}
		this.in.array(path, (element) -> part(element, content));
	}

	private void part(String path, Content content) {
		this.in.expectObject(path);
		String type = null;
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "type" -> type = this.in.oneOf(path + ".type", PARTS);
				case "text" -> content.add(this.in.string(path + ".text"));
				case "image_url" -> image(path + ".image_url", content);
				case "file" -> {
					content.parts++;
					this.in.skip();
				}
				default -> this.in.skip();
			}
		}
		if (type == null) {
			throw this.in.missing("type");
		}
	}

	private void image(String path, Content content) {
		this.in.expectObject(path);
		String url = null;
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "url" -> url = this.in.string(path + ".url");
				case "detail" -> this.in.optionalString(path + ".detail");
				default -> this.in.skip();
			}
		}
		if (url == null) {
			throw this.in.missing("url");
		}
		content.parts++;
		content.images++;
	}

	private ToolCall toolCall(String path) {
		this.in.expectObject(path);
		String id = null;
		String[] function = {};
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "id" -> id = this.in.string(path + ".id");
				case "function" -> function = calledFunction(path + ".function");
				default -> this.in.skip();
			}
		}
		if (id == null) {
			throw this.in.missing("id");
		}
		if (function.length == 0) {
			throw this.in.missing("function");
		}
		return new ToolCall(id, function[0], function[1]);
	}

	private String[] calledFunction(String path) {
		this.in.expectObject(path);
		String called = null;
		String arguments = null;
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "name" -> called = this.in.string(path + ".name");
				case "arguments" -> arguments = this.in.string(path + ".arguments");
				default -> this.in.skip();
			}
		}
		if (called == null) {
			throw this.in.missing("name");
		}
		if (arguments == null) {
			throw this.in.missing("arguments");
		}
		return new String[] { called, arguments };
	}

	private Tool tool(String path) {
		this.in.expectObject(path);
		Tool tool = null;
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "type" -> this.in.oneOf(path + ".type", Set.of("function"));
				case "function" -> tool = function(path + ".function");
				default -> this.in.skip();
			}
		}
		if (tool == null) {
			throw this.in.missing("function");
		}
		return tool;
	}

	private Tool function(String path) {
		this.in.expectObject(path);
		String called = null;
		String description = null;
		JsonNode schema = null;
		for (String name = this.in.nextField(); name != null; name = this.in.nextField()) {
			switch (name) {
				case "name" -> called = this.in.string(path + ".name");
				case "description" -> description = this.in.optionalString(path + ".description");
				case "parameters" -> schema = this.in.tree(path + ".parameters");
				default -> this.in.skip();
			}
		}
		if (called == null) {
			throw this.in.missing("name");
		}
		return new Tool(called, (description != null) ? description : "", schema);
	}

	private void toolChoice(String name) {
		if (this.in.isNull()) {
			return;
		}
		if (this.in.isString()) {
			this.toolUse = switch (this.in.oneOf(name, TOOL_CHOICES)) {
				case "none" -> ToolUse.NONE;
				case "required" -> ToolUse.REQUIRED;
				default -> ToolUse.AUTO;
			};
			return;
		}
		JsonNode choice = this.in.tree(name);
		JsonNode forced = (choice != null) ? choice.at("/function/name") : null;
		if (forced == null || !forced.isString()) {
			throw this.in.missing("function.name");
		}
		this.toolUse = ToolUse.REQUIRED;
		this.forcedTool = forced.stringValue();
	}

	private void responseFormat(String name) {
		if (this.in.isNull()) {
			return;
		}
		this.in.expectObject(name);
		String type = null;
		for (String key = this.in.nextField(); key != null; key = this.in.nextField()) {
			switch (key) {
				case "type" -> type = this.in.oneOf(name + ".type", FORMATS);
				case "json_schema" -> {
					JsonNode format = this.in.tree(name + ".json_schema");
					this.schema = (format != null) ? format.get("schema") : null;
				}
				default -> this.in.skip();
			}
		}
		if (type == null) {
			throw this.in.missing("type");
		}
		this.responseFormat = switch (type) {
			case "json_object" -> ResponseFormat.JSON_OBJECT;
			case "json_schema" -> ResponseFormat.JSON_SCHEMA;
			default -> ResponseFormat.TEXT;
		};
		if (this.responseFormat == ResponseFormat.JSON_SCHEMA && this.schema == null) {
			throw this.in.missing("json_schema");
		}
	}

	private static final class Content {

		private final StringBuilder text = new StringBuilder();

		private int parts;

		private int images;

		private void add(String piece) {
			if (piece.isEmpty()) {
				return;
			}
			if (!this.text.isEmpty()) {
				this.text.append('\n');
			}
			this.text.append(piece);
			this.parts++;
		}

	}

}
