package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.Message;
import io.github.grokspring.test.ChatRequest.ToolCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Input of a request, as items and as the corresponding messages.
 */
record InputItems(List<JsonNode> items, List<Message> messages) {

	private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

	/**
	 * Items without a corresponding message: replayed output items and results of
	 * client-side tools.
	 */
	private static final Set<String> REPLAYED = Set.of("web_search_call", "x_search_call", "custom_tool_call",
			"code_interpreter_call", "file_search_call", "mcp_call", "mcp_list_tools", "image_generation_call",
			"tool_search_call", "tool_search_output", "shell_call", "shell_call_output");

	/**
	 * Reads the input, a text or an array of items.
	 */
	static InputItems of(JsonNode input) {
		List<JsonNode> items = new ArrayList<>();
		List<Message> messages = new ArrayList<>();
		if (input.isString()) {
			items.add(message(input.stringValue()));
		}
		else if (input.isArray()) {
			input.forEach(items::add);
		}
		else {
			throw ApiErrorException.noVariant("ModelInput");
		}
		items.forEach((item) -> read(item, messages));
		return new InputItems(List.copyOf(items), List.copyOf(messages));
	}

	private static void read(JsonNode item, List<Message> messages) {
		require(item.isObject());
		String type = item.path("type").isNull() ? "message" : item.path("type").stringValue("message");
		switch (type) {
			case "message" -> messages.add(message(item));
			case "reasoning" -> reasoning(item);
			case "compaction" -> require(item.path("encrypted_content").isString());
			case "function_call" -> messages.add(functionCall(item));
			case "function_call_output" -> messages.add(functionCallOutput(item));
			case "web_search_call" -> require(item.path("action").path("type").isString());
			default -> require(REPLAYED.contains(type));
		}
	}

	private static Message message(JsonNode item) {
		String role = item.path("role").stringValue("");
		require(ROLES.contains(role));
		Content content = new Content();
		content.read(item.path("content"));
		return new Message(role, content.text.toString(), content.parts, content.images, List.of(), null);
	}

	private static void reasoning(JsonNode item) {
		boolean wellFormed = item.path("summary").isArray() && (!item.has("content") || item.get("content").isArray());
		if (!wellFormed) {
			throw undecodable();
		}
		item.get("summary").forEach((part) -> require(part.path("text").isString()));
		JsonNode encrypted = item.path("encrypted_content");
		require(encrypted.isMissingNode() || encrypted.isNull() || encrypted.isString());
	}

	static ApiErrorException undecodable() {
		return ApiErrorException.invalidArgument(
				"Could not decode the compaction blob. Ensure it is unmodified from the compact response.");
	}

	private static Message functionCall(JsonNode item) {
		String name = required(item, "name");
		String arguments = required(item, "arguments");
		return new Message("assistant", "", 0, 0, List.of(new ToolCall(required(item, "call_id"), name, arguments)),
				null);
	}

	private static Message functionCallOutput(JsonNode item) {
		Content content = new Content();
		content.read(item.path("output"));
		return new Message("tool", content.text.toString(), Math.max(1, content.parts), content.images, List.of(),
				required(item, "call_id"));
	}

	private static String required(JsonNode item, String field) {
		require(item.path(field).isString());
		return item.get(field).stringValue();
	}

	private static void require(boolean condition) {
		if (!condition) {
			throw ApiErrorException.noVariant("ModelInput");
		}
	}

	private static ObjectNode message(String text) {
		ObjectNode message = JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "user");
		message.putArray("content").addObject().put("type", "input_text").put("text", text);
		return message;
	}

	private static final class Content {

		private final StringBuilder text = new StringBuilder();

		private int parts;

		private int images;

		private void read(JsonNode content) {
			if (content.isString()) {
				add(content.stringValue());
				return;
			}
			require(content.isArray());
			content.forEach(this::part);
		}

		private void part(JsonNode part) {
			switch (part.path("type").stringValue("")) {
				case "input_text", "output_text" -> add(required(part, "text"));
				case "refusal" -> add(required(part, "refusal"));
				case "input_image" -> {
					required(part, "image_url");
					this.parts++;
					this.images++;
				}
				case "input_file" -> {
					require(isFile(part));
					this.parts++;
				}
				default -> require(false);
			}
		}

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

		private static boolean isFile(JsonNode part) {
			int sources = 0;
			for (String source : List.of("file_id", "file_url", "file_data")) {
				sources += part.path(source).isString() ? 1 : 0;
			}
			return sources == 1 && (!part.path("file_data").isString() || part.path("filename").isString());
		}

	}

}
