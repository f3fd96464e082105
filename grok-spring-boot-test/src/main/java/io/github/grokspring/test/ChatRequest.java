package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Request to a model: a Chat Completions request, or the corresponding part of a
 * Responses API request.
 */
record ChatRequest(String model, List<Message> messages, List<Tool> tools, ToolUse toolUse, @Nullable String forcedTool,
		boolean stream, boolean includeUsage, @Nullable String reasoningEffort, @Nullable String serviceTier,
		@Nullable Integer maxTokens, ResponseFormat responseFormat, @Nullable JsonNode schema, Set<String> parameters) {

	private static final int TOKENS_PER_MESSAGE = 4;

	private static final int TOKENS_PER_IMAGE = 256;

	private static final int MAX_TOPIC_WORDS = 12;

	/**
	 * Instructions of Spring AI for structured output.
	 */
	private static final Pattern SCHEMA_IN_INSTRUCTIONS = Pattern
		.compile("JSON Schema[^`]{0,200}```(?:json)?([^`]+)```");

	/**
	 * Returns a copy with earlier messages.
	 */
	ChatRequest after(List<Message> history) {
		List<Message> all = new ArrayList<>(history);
		all.addAll(this.messages);
		return new ChatRequest(this.model, List.copyOf(all), this.tools, this.toolUse, this.forcedTool, this.stream,
				this.includeUsage, this.reasoningEffort, this.serviceTier, this.maxTokens, this.responseFormat,
				this.schema, this.parameters);
	}

	/**
	 * Returns the index of the last question, or -1.
	 */
	int indexOfQuestion() {
		for (int i = this.messages.size() - 1; i >= 0; i--) {
			if ("user".equals(this.messages.get(i).role())) {
				return i;
			}
		}
		return -1;
	}

	String question() {
		int index = indexOfQuestion();
		return (index >= 0) ? this.messages.get(index).text().strip() : "";
	}

	/**
	 * Returns the first words of the last question.
	 */
	String topic() {
		List<String> words = Tokens.split(question());
		return String.join("", words.subList(0, Math.min(MAX_TOPIC_WORDS, words.size())));
	}

	/**
	 * Returns the schema of the request or of the instructions in the last question, or
	 * {@code null}.
	 */
	@Nullable JsonNode requestedSchema() {
		if (this.schema != null || this.responseFormat != ResponseFormat.TEXT) {
			return this.schema;
		}
		Matcher matcher = SCHEMA_IN_INSTRUCTIONS.matcher(question());
		try {
			return matcher.find() ? Json.LENIENT.readTree(matcher.group(1)) : null;
		}
		catch (JacksonException ex) {
			// Not a schema
			return null;
		}
	}

	boolean priority() {
		return "priority".equals(this.serviceTier) || "fast".equals(this.serviceTier);
	}

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
	 * Message with joined text parts.
	 */
	record Message(String role, String text, int parts, int images, List<ToolCall> toolCalls,
			@Nullable String toolCallId) {
	}

	record ToolCall(@Nullable String id, String name, String arguments) {
	}

	record Tool(String name, String description, @Nullable JsonNode parameters) {
	}

}
