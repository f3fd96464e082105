package io.github.grokspring.test;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for a chat completion, as far as the double looks at it.
 */
record ChatRequest(String model, List<Message> messages, List<Tool> tools, ToolUse toolUse, @Nullable String forcedTool,
		boolean stream, boolean includeUsage, @Nullable String reasoningEffort, @Nullable String serviceTier,
		@Nullable Integer maxTokens, ResponseFormat responseFormat, @Nullable JsonNode schema, Set<String> parameters) {

	private static final int TOKENS_PER_MESSAGE = 4;

	private static final int TOKENS_PER_IMAGE = 256;

	boolean priority() {
		return "priority".equals(this.serviceTier) || "fast".equals(this.serviceTier);
	}

	/**
	 * Estimated prompt tokens, images included.
	 * @return tokens of messages and tool definitions
	 */
	long promptTokens() {
		long tokens = imageTokens();
		for (Message message : this.messages) {
			tokens += TOKENS_PER_MESSAGE + Tokens.estimate(message.text().length());
		}
		for (Tool tool : this.tools) {
			tokens += Tokens.estimate((long) tool.name().length() + tool.description().length());
		}
		return tokens;
	}

	long imageTokens() {
		long images = 0;
		for (Message message : this.messages) {
			images += message.images();
		}
		return images * TOKENS_PER_IMAGE;
	}

	enum ToolUse {

		NONE, AUTO, REQUIRED

	}

	enum ResponseFormat {

		TEXT, JSON_OBJECT, JSON_SCHEMA

	}

	/**
	 * One message, its text parts joined.
	 */
	record Message(String role, String text, int parts, int images, List<ToolCall> toolCalls,
			@Nullable String toolCallId) {
	}

	/**
	 * A call of a function by the model.
	 */
	record ToolCall(@Nullable String id, String name, String arguments) {
	}

	/**
	 * A function the model may call.
	 */
	record Tool(String name, String description, @Nullable JsonNode parameters) {
	}

}
