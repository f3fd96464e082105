package io.github.grokspring.completions;

import java.util.List;
import java.util.Map;

import io.github.grokspring.wire.ErrorFields;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.TokenCounts;
import io.github.grokspring.wire.ToolCallAssembler;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * Reads the JSON of a response or of a chunk, which differ only in {@code message} and
 * {@code delta}, into a {@link ChatCompletion}. Unknown fields are kept. Values that do
 * not change between chunks are decoded once.
 */
final class ChatCompletionReader {

	/** Exceeds the limit of xAI. */
	private static final int MAX_INDEX = 1024;

	private final ChatCompletion completion;

	/** Whether the choices of the current object are complete. */
	private boolean choicesRead;

	ChatCompletionReader(ChatCompletion completion) {
		this.completion = completion;
	}

	/**
	 * Reads a whole response. What follows complete choices may be invalid or missing.
	 * @throws tools.jackson.core.JacksonException if the response cannot be read
	 */
	void readWhole(byte[] buffer, int offset, int length) {
		try {
			read(buffer, offset, length);
		}
		catch (JacksonException ex) {
			if (!this.choicesRead || !this.completion.isFinished()) {
				throw ex;
			}
		}
	}

	/**
	 * Reads a JSON object. Other JSON values are ignored.
	 * @throws tools.jackson.core.JacksonException if the JSON is invalid
	 */
	void read(byte[] buffer, int offset, int length) {
		this.choicesRead = false;
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			if (json.nextToken() != JsonToken.START_OBJECT) {
				// A truncated chunk may begin with another JSON value.
				json.skipChildren();
				json.nextToken();
				return;
			}
			Object error = null;
			Object code = null;
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = json.currentName();
				JsonToken value = json.nextToken();
				if (value == JsonToken.VALUE_NULL) {
					continue;
				}
				switch (name) {
					case "id" -> {
						if (!this.completion.metadata().hasId() && value == JsonToken.VALUE_STRING) {
							this.completion.metadata().id(json.getString());
						}
						json.skipChildren();
					}
					case "model" -> {
						if (!this.completion.metadata().hasModel() && value == JsonToken.VALUE_STRING) {
							this.completion.metadata().model(json.getString());
						}
						json.skipChildren();
					}
					case "created" -> {
						if (!this.completion.metadata().hasCreated() && value == JsonToken.VALUE_NUMBER_INT) {
							this.completion.metadata().created(Math.max(0, JsonValues.readCount(json)));
						}
						json.skipChildren();
					}
					case "object" -> json.skipChildren();
					case "choices" -> {
						readChoices(json);
						this.choicesRead = true;
					}
					case "usage" -> {
						if (!readUsage(json)) {
							return;
						}
					}
					case "citations" -> {
						if (JsonValues.readValue(json) instanceof List<?> sources) {
							this.completion.sources(sources);
						}
					}
					case "error" -> error = JsonValues.readValue(json);
					case "code" -> code = JsonValues.readValue(json);
					default -> readUnknown(name, json);
				}
			}
			if (ErrorFields.isError(error, this.choicesRead)
					|| (!this.choicesRead && ErrorFields.isError(code, false))) {
				this.completion.fail();
			}
		}
	}

	// Unreadable usage must not fail a response with complete choices.
	private boolean readUsage(JsonParser json) {
		try {
			this.completion.usage(TokenCounts.read(json));
			return true;
		}
		catch (JacksonException ex) {
			if (!this.choicesRead) {
				throw ex;
			}
			return false;
		}
	}

	private void readUnknown(String name, JsonParser json) {
		if (json.currentToken().isScalarValue() && this.completion.metadata().hasAdditionalField(name)) {
			return;
		}
		this.completion.metadata().additionalField(name, JsonValues.readValue(json));
	}

	private void readChoices(JsonParser json) {
		int position = 0;
		while (JsonValues.nextObject(json)) {
			readChoice(json, position++);
		}
	}

	private void readChoice(JsonParser json, int position) {
		ChatCompletion.Choice choice = null;
		Object error = null;
		String finishReason = null;
		while (json.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = json.currentName();
			JsonToken value = json.nextToken();
			if ("index".equals(name) && value.isScalarValue()) {
				// xAI writes the index first. Without one, the position is used.
				int index = (value == JsonToken.VALUE_NUMBER_INT) ? requireValid(JsonValues.readCount(json), json)
						: JsonValues.readPosition(json);
				choice = this.completion.choice((index >= 0 && index <= MAX_INDEX) ? index : position);
				continue;
			}
			choice = (choice != null) ? choice : this.completion.choice(position);
			if (value == JsonToken.VALUE_NULL) {
				continue;
			}
			switch (name) {
				case "message", "delta" -> readMessage(json, choice, "message".equals(name));
				case "finish_reason" -> {
					if (value == JsonToken.VALUE_STRING) {
						finishReason = json.getString();
						choice.finishReason(finishReason);
					}
					json.skipChildren();
				}
				case "error" -> error = JsonValues.readValue(json);
				default -> choice.unknown(name, JsonValues.readValue(json));
			}
		}
		if (choice == null) {
			this.completion.choice(position);
		}
		byte[] failure = ErrorFields.fromChoice(error, finishReason);
		if (failure != null) {
			this.completion.fail(failure);
		}
	}

	private void readMessage(JsonParser json, ChatCompletion.Choice choice, boolean whole) {
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
						choice.reasoning(name, json.getString());
					}
					json.skipChildren();
				}
				case "tool_calls" -> readToolCalls(json, choice.toolCalls(), whole);
				case "refusal" -> {
					if (value == JsonToken.VALUE_STRING) {
						choice.refusal(json.getString());
					}
					json.skipChildren();
				}
				case "annotations" -> {
					if (JsonValues.readValue(json) instanceof List<?> annotations) {
						choice.annotations(annotations);
					}
				}
				case "role" -> json.skipChildren();
				default -> choice.unknown(name, JsonValues.readValue(json));
			}
		}
	}

	private void readContent(JsonParser json, ChatCompletion.Choice choice) {
		if (json.currentToken() == JsonToken.VALUE_STRING) {
			choice.text(json.getString());
			return;
		}
		// Content parts, of which only those with text are used
		while (JsonValues.nextObject(json)) {
			Map<String, @Nullable Object> part = JsonValues.readObject(json);
			if (part.get("text") instanceof String text) {
				choice.text(text);
			}
		}
	}

	private static void readToolCalls(JsonParser json, ToolCallAssembler calls, boolean whole) {
		Object value = JsonValues.readValue(json);
		if (((value instanceof Map<?, ?> call) ? List.of(call) : value) instanceof List<?> values) {
			if (whole) {
				calls.addMessage(values);
			}
			else {
				calls.addDelta(values);
			}
		}
	}

	private static int requireValid(long index, JsonParser json) {
		if (index < 0 || index > MAX_INDEX) {
			throw new StreamReadException(json, "Index out of range");
		}
		return (int) index;
	}

}
