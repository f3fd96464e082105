package io.github.grokspring.completions;

import java.util.Map;

import io.github.grokspring.wire.JsonValues;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * Reads the JSON of a whole answer, or of one chunk of a stream, into a
 * {@link ChatAnswer}. Both have the same shape but for {@code message} and {@code delta}.
 * Fields that are not known are kept, never fatal; values that do not change from chunk
 * to chunk are decoded once.
 */
final class ChatAnswerReader {

	/**
	 * More than xAI allows, and little enough for a list.
	 */
	private static final int MAX_INDEX = 1024;

	private final ChatAnswer answer;

	ChatAnswerReader(ChatAnswer answer) {
		this.answer = answer;
	}

	/**
	 * Read one JSON object.
	 * @throws tools.jackson.core.JacksonException if it is not JSON, or of another shape
	 */
	void read(byte[] buffer, int offset, int length) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			if (json.nextToken() != JsonToken.START_OBJECT) {
				this.answer.fail();
				return;
			}
			boolean hasCode = false;
			boolean hasChoices = false;
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = json.currentName();
				JsonToken value = json.nextToken();
				if (value == JsonToken.VALUE_NULL) {
					continue;
				}
				switch (name) {
					case "id" -> {
						if (!this.answer.metadata().hasId() && value == JsonToken.VALUE_STRING) {
							this.answer.metadata().id(json.getString());
						}
						json.skipChildren();
					}
					case "model" -> {
						if (!this.answer.metadata().hasModel() && value == JsonToken.VALUE_STRING) {
							this.answer.metadata().model(json.getString());
						}
						json.skipChildren();
					}
					case "created" -> {
						if (!this.answer.metadata().hasCreated() && value == JsonToken.VALUE_NUMBER_INT) {
							this.answer.metadata().created(json.getLongValue());
						}
						json.skipChildren();
					}
					case "object" -> json.skipChildren();
					case "choices" -> {
						hasChoices = true;
						readChoices(json);
					}
					case "usage" -> this.answer.usage(JsonValues.readObject(json));
					case "error" -> {
						this.answer.fail();
						json.skipChildren();
					}
					case "code" -> {
						hasCode = true;
						json.skipChildren();
					}
					default -> readUnknown(name, json);
				}
			}
			if (hasCode && !hasChoices) {
				this.answer.fail();
			}
		}
	}

	private void readUnknown(String name, JsonParser json) {
		if (json.currentToken().isScalarValue() && this.answer.metadata().hasFurther(name)) {
			return;
		}
		this.answer.metadata().further(name, JsonValues.readValue(json));
	}

	private void readChoices(JsonParser json) {
		int position = 0;
		while (JsonValues.nextObject(json)) {
			readChoice(json, position++);
		}
	}

	private void readChoice(JsonParser json, int position) {
		ChatAnswer.Choice choice = null;
		while (json.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = json.currentName();
			JsonToken value = json.nextToken();
			if ("index".equals(name) && value == JsonToken.VALUE_NUMBER_INT) {
				// xAI writes the index first; where it is missing the position stands in.
				choice = this.answer.choice(checked(json.getIntValue(), json));
				continue;
			}
			choice = (choice != null) ? choice : this.answer.choice(position);
			if (value == JsonToken.VALUE_NULL) {
				continue;
			}
			switch (name) {
				case "message", "delta" -> readMessage(json, choice);
				case "finish_reason" -> {
					if (value == JsonToken.VALUE_STRING) {
						choice.finishReason(json.getString());
					}
					json.skipChildren();
				}
				default -> choice.unknown(name, JsonValues.readValue(json));
			}
		}
		if (choice == null) {
			this.answer.choice(position);
		}
	}

	private void readMessage(JsonParser json, ChatAnswer.Choice choice) {
		if (json.currentToken() != JsonToken.START_OBJECT) {
			json.skipChildren();
			return;
		}
		while (json.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = json.currentName();
			JsonToken value = json.nextToken();
			if (value == JsonToken.VALUE_NULL) {
				continue;
			}
			switch (name) {
				case "content" -> readContent(json, choice);
				case "reasoning_content", "reasoning" -> {
					if (value == JsonToken.VALUE_STRING) {
						choice.reasoning(json.getString());
					}
					json.skipChildren();
				}
				case "tool_calls" -> readToolCalls(json, choice);
				case "role" -> json.skipChildren();
				default -> choice.unknown(name, JsonValues.readValue(json));
			}
		}
	}

	private void readContent(JsonParser json, ChatAnswer.Choice choice) {
		if (json.currentToken() == JsonToken.VALUE_STRING) {
			choice.text(json.getString());
			return;
		}
		// Content parts: only those with text add to the answer.
		while (JsonValues.nextObject(json)) {
			Map<String, @Nullable Object> part = JsonValues.readObject(json);
			if (part.get("text") instanceof String text) {
				choice.text(text);
			}
		}
	}

	private void readToolCalls(JsonParser json, ChatAnswer.Choice choice) {
		int position = 0;
		while (JsonValues.nextObject(json)) {
			Map<String, @Nullable Object> call = JsonValues.readObject(json);
			ChatAnswer.ToolCallParts parts = choice
				.toolCall(checked((call.get("index") instanceof Integer index) ? index : position, json));
			if (call.get("id") instanceof String id && !id.isEmpty()) {
				parts.id(id);
			}
			if (call.get("function") instanceof Map<?, ?> function) {
				if (function.get("name") instanceof String name) {
					parts.name(name);
				}
				if (function.get("arguments") instanceof String arguments) {
					parts.arguments(arguments);
				}
			}
			position++;
		}
	}

	private static int checked(int index, JsonParser json) {
		if (index < 0 || index > MAX_INDEX) {
			throw new StreamReadException(json, "Index out of range");
		}
		return index;
	}

}
