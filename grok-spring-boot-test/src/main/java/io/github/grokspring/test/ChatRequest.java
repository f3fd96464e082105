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
 * A request for an answer of a model, as far as the double looks at it: the whole of one
 * for a chat completion, the common part of one for a response.
 */
record ChatRequest(String model, List<Message> messages, List<Tool> tools, ToolUse toolUse, @Nullable String forcedTool,
		boolean stream, boolean includeUsage, @Nullable String reasoningEffort, @Nullable String serviceTier,
		@Nullable Integer maxTokens, ResponseFormat responseFormat, @Nullable JsonNode schema, Set<String> parameters) {

	private static final int TOKENS_PER_MESSAGE = 4;

	private static final int TOKENS_PER_IMAGE = 256;

	private static final int WORDS_OF_TOPIC = 12;

	/**
	 * How Spring AI asks for an object in words.
	 */
	private static final Pattern SCHEMA_IN_WORDS = Pattern.compile("JSON Schema[^`]{0,200}```(?:json)?([^`]+)```");

	/**
	 * The same after an earlier dialogue.
	 * @param history earlier messages
	 * @return another request
	 */
	ChatRequest after(List<Message> history) {
		List<Message> all = new ArrayList<>(history);
		all.addAll(this.messages);
		return new ChatRequest(this.model, List.copyOf(all), this.tools, this.toolUse, this.forcedTool, this.stream,
				this.includeUsage, this.reasoningEffort, this.serviceTier, this.maxTokens, this.responseFormat,
				this.schema, this.parameters);
	}

	/**
	 * Finds the last question.
	 * @return its place among the messages, below 0 if there is none
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
	 * What the last question begins with.
	 * @return a few words
	 */
	String topic() {
		List<String> words = Tokens.split(question());
		return String.join("", words.subList(0, Math.min(WORDS_OF_TOPIC, words.size())));
	}

	/**
	 * The schema that the answer must satisfy, from the request or in the words of the
	 * last question.
	 * @return {@code null} if there is none
	 */
	@Nullable JsonNode wantedSchema() {
		if (this.schema != null || this.responseFormat != ResponseFormat.TEXT) {
			return this.schema;
		}
		Matcher matcher = SCHEMA_IN_WORDS.matcher(question());
		try {
			return matcher.find() ? Json.LENIENT.readTree(matcher.group(1)) : null;
		}
		catch (JacksonException ex) {
			// then it is a text like any other
			return null;
		}
	}

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
