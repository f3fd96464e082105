package io.github.grokspring.responses;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.wire.ErrorFields;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.TokenCounts;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * Reads the JSON of a response or of a stream event into a {@link ResponsesResponse}.
 * Unknown fields and items are retained and never fail; fields that repeat the request
 * are skipped.
 */
final class ResponsesReader {

	// More than xAI sends, but small enough to allocate
	private static final int MAX_INDEX = 4096;

	private final ResponsesResponse response;

	ResponsesReader(ResponsesResponse response) {
		this.response = response;
	}

	/**
	 * Reads a response. What follows a complete output may be malformed or missing.
	 * @throws JacksonException if the JSON is malformed before that
	 */
	void readResponse(byte[] buffer, int offset, int length) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			if (json.nextToken() == JsonToken.START_OBJECT) {
				readResponse(json, buffer, offset);
			}
		}
		catch (JacksonException ex) {
			if (!this.response.isComplete()) {
				throw ex;
			}
		}
	}

	void readResponseEvent(byte[] buffer, int offset, int length) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			json.nextToken();
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean response = "response".equals(json.currentName());
				if (json.nextToken() == JsonToken.START_OBJECT && response) {
					readResponse(json, buffer, offset);
				}
				json.skipChildren();
			}
		}
	}

	/**
	 * Reads only id, model and creation time.
	 */
	void readIdentity(byte[] buffer, int offset, int length) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			json.nextToken();
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean response = "response".equals(json.currentName());
				if (json.nextToken() == JsonToken.START_OBJECT && response) {
					readIdentity(json);
					return;
				}
				json.skipChildren();
			}
		}
	}

	private void readIdentity(JsonParser json) {
		while (json.nextToken() == JsonToken.PROPERTY_NAME && !isIdentified()) {
			String name = json.currentName();
			JsonToken value = json.nextToken();
			if (!readIdentity(name, value, json)) {
				json.skipChildren();
			}
		}
	}

	private boolean isIdentified() {
		return this.response.metadata().hasId() && this.response.metadata().hasModel()
				&& this.response.metadata().hasCreated();
	}

	private boolean readIdentity(String name, JsonToken value, JsonParser json) {
		switch (name) {
			case "id" -> {
				if (!this.response.metadata().hasId() && value == JsonToken.VALUE_STRING) {
					this.response.metadata().id(json.getString());
				}
			}
			case "model" -> {
				if (value == JsonToken.VALUE_STRING) {
					this.response.metadata().model(json.getString());
				}
			}
			case "created_at" -> {
				if (value == JsonToken.VALUE_NUMBER_INT) {
					this.response.metadata().created(Math.max(0, JsonValues.readCount(json)));
				}
			}
			default -> {
				return false;
			}
		}
		return true;
	}

	private void readResponse(JsonParser json, byte[] buffer, int offset) {
		Object text = null;
		while (json.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = json.currentName();
			JsonToken value = json.nextToken();
			if (value == JsonToken.VALUE_NULL || readIdentity(name, value, json)) {
				json.skipChildren();
				continue;
			}
			switch (name) {
				case "output" -> readOutput(json, buffer, offset);
				case "output_text" -> text = JsonValues.readValue(json);
				case "error" -> {
					if (ErrorFields.isError(JsonValues.readValue(json), true)) {
						this.response.markFailed();
					}
				}
				case "usage" -> this.response.metadata().usage(ResponsesUsage.from(TokenCounts.read(json)));
				case "status" -> {
					if (value == JsonToken.VALUE_STRING) {
						this.response.status(json.getString());
					}
					json.skipChildren();
				}
				case "incomplete_details" -> {
					if (JsonValues.readObject(json).get("reason") instanceof String reason) {
						this.response.incompleteReason(reason);
					}
				}
				case "metadata" -> {
					if (JsonValues.readObject(json).get("system_fingerprint") instanceof String fingerprint) {
						this.response.metadata().additionalField("system_fingerprint", fingerprint);
					}
				}
				case "citations" -> {
					if (JsonValues.readValue(json) instanceof List<?> sources) {
						this.response.addSources(sources);
					}
				}
				case "object", "completed_at", "max_output_tokens", "parallel_tool_calls", "previous_response_id",
						"reasoning", "temperature", "text", "tool_choice", "tools", "top_p", "top_k", "min_p", "user",
						"store", "background", "truncation", "top_logprobs", "presence_penalty", "frequency_penalty",
						"prompt_cache_key", "max_tool_calls", "max_turns", "safety_identifier", "instructions" ->
					json.skipChildren();
				default -> this.response.metadata().additionalField(name, JsonValues.readValue(json));
			}
		}
		if (text instanceof String fullText && !this.response.hasText()) {
			this.response.appendText(0, 0, fullText);
		}
	}

	// Items that arrived completely in earlier events are skipped
	private void readOutput(JsonParser json, byte[] buffer, int offset) {
		this.response.outputStarted();
		BitSet taken = new BitSet();
		int position = 0;
		while (JsonValues.nextObject(json)) {
			if (this.response.isFullyReceived(checkIndex(position, json))) {
				json.skipChildren();
			}
			else {
				readItem(json, position, taken, buffer, offset);
			}
			position++;
		}
		this.response.outputFinished();
	}

	private void readItem(JsonParser json, int position, BitSet taken, byte[] buffer, int offset) {
		int start = (int) json.currentTokenLocation().getByteOffset();
		Map<String, @Nullable Object> item = JsonValues.readObject(json);
		int end = (int) json.currentLocation().getByteOffset();
		int index = this.response.indexOf(position, item, taken);
		taken.set(index);
		this.response.itemDone(index, item, ReasoningItems.isReplayable(item)
				? new String(buffer, offset + start, end - start, StandardCharsets.UTF_8) : null);
	}

	void readItemEvent(byte[] buffer, int offset, int length, boolean complete) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			Map<String, @Nullable Object> item = null;
			int start = 0;
			int end = 0;
			int index = -1;
			json.nextToken();
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = json.currentName();
				JsonToken value = json.nextToken();
				if ("item".equals(name) && value == JsonToken.START_OBJECT) {
					start = (int) json.currentTokenLocation().getByteOffset();
					item = JsonValues.readObject(json);
					end = (int) json.currentLocation().getByteOffset();
				}
				else if ("output_index".equals(name) && value.isScalarValue()) {
					index = checkOptionalIndex(JsonValues.readPosition(json), json);
				}
				else {
					json.skipChildren();
				}
			}
			if (item == null) {
				return;
			}
			index = checkIndex(this.response.indexOf(index, item, complete), json);
			if (complete) {
				this.response.itemDone(index, item, ReasoningItems.isReplayable(item)
						? new String(buffer, offset + start, end - start, StandardCharsets.UTF_8) : null);
			}
			else {
				this.response.itemAdded(index, item);
			}
		}
	}

	void readDelta(ContentType kind, byte[] buffer, int offset, int length) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			String delta = null;
			int index = -1;
			int part = 0;
			json.nextToken();
			while ((delta == null || index < 0) && json.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = json.currentName();
				JsonToken value = json.nextToken();
				if ("delta".equals(name)) {
					delta = readDeltaText(kind, json);
				}
				else if (value.isScalarValue()) {
					switch (name) {
						case "output_index" -> index = checkOptionalIndex(JsonValues.readPosition(json), json);
						// Precedes the delta in xAI's events; defaults to the first part
						case "content_index", "summary_index" ->
							part = Math.max(0, checkOptionalIndex(JsonValues.readPosition(json), json));
						default -> {
							// Not needed, such as the sequence number
						}
					}
				}
				else {
					json.skipChildren();
				}
			}
			if (delta != null) {
				boolean positioned = index >= 0 && !this.response.requiresIds();
				add(kind, positioned ? index : checkIndex(indexOf(readEvent(buffer, offset, length)), json), part,
						delta);
			}
		}
	}

	private static @Nullable String readDeltaText(ContentType kind, JsonParser json) {
		JsonToken value = json.currentToken();
		if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL) {
			return (value == JsonToken.VALUE_STRING) ? json.getString() : null;
		}
		Object delta = JsonValues.readValue(json);
		if (kind == ContentType.ARGUMENTS) {
			return JsonValues.toArgumentsText(delta);
		}
		return (delta instanceof Map<?, ?> fields && fields.get("text") instanceof String text) ? text : null;
	}

	private void add(ContentType kind, int index, int part, String delta) {
		switch (kind) {
			case TEXT -> this.response.appendText(index, part, delta);
			case SUMMARY, REASONING -> this.response.appendReasoning(index, kind.channel(), part, delta);
			case REFUSAL -> this.response.appendRefusal(index, part, delta);
			case ARGUMENTS -> this.response.item(index).appendArguments(delta);
		}
	}

	/**
	 * Reads an event that repeats content as a whole. The content is parsed only if the
	 * deltas did not deliver all of it.
	 */
	void readDone(ContentType kind, String field, byte[] buffer, int offset, int length) {
		int index = -1;
		int part = 0;
		int size = 0;
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			json.nextToken();
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = json.currentName();
				JsonToken value = json.nextToken();
				if (name.equals(field)) {
					size = (value == JsonToken.VALUE_STRING) ? json.getStringLength() : 1;
				}
				else if ("output_index".equals(name) && value.isScalarValue()) {
					index = checkOptionalIndex(JsonValues.readPosition(json), json);
				}
				else if (("content_index".equals(name) || "summary_index".equals(name)) && value.isScalarValue()) {
					part = Math.max(0, checkOptionalIndex(JsonValues.readPosition(json), json));
				}
				json.skipChildren();
			}
			boolean positioned = index >= 0 && !this.response.requiresIds();
			if (size == 0 || (positioned && !this.response.isShorterThan(kind, index, part, size))) {
				return;
			}
			Map<String, @Nullable Object> event = readEvent(buffer, offset, length);
			String fullText = (kind == ContentType.ARGUMENTS) ? JsonValues.toArgumentsText(event.get(field))
					: (event.get(field) instanceof String text) ? text : "";
			index = positioned ? index : checkIndex(indexOf(event), json);
			if (kind == ContentType.ARGUMENTS && event.get("name") instanceof String name) {
				this.response.item(index).setFunction(name, (event.get("item_id") instanceof String id) ? id : "");
			}
			this.response.contentDone(kind, index, part, fullText);
		}
	}

	void readPart(byte[] buffer, int offset, int length) {
		Map<String, @Nullable Object> event = readEvent(buffer, offset, length);
		if (!(event.get("part") instanceof Map<?, ?> part)) {
			return;
		}
		int index = indexOf(event);
		if (part.get("refusal") instanceof String refusal) {
			this.response.contentDone(ContentType.REFUSAL, index, number(event, "content_index"), refusal);
		}
		else if (part.get("text") instanceof String text) {
			switch (String.valueOf(part.get("type"))) {
				case "output_text" ->
					this.response.contentDone(ContentType.TEXT, index, number(event, "content_index"), text);
				case "summary_text" ->
					this.response.contentDone(ContentType.SUMMARY, index, number(event, "summary_index"), text);
				case "reasoning_text" ->
					this.response.contentDone(ContentType.REASONING, index, number(event, "content_index"), text);
				default -> {
					// Unknown type of content
				}
			}
		}
	}

	static int number(Map<String, @Nullable Object> event, String name) {
		int number = JsonValues.toPosition(event.get(name));
		return (number <= MAX_INDEX) ? Math.max(0, number) : 0;
	}

	int indexOf(Map<String, @Nullable Object> event) {
		int index = JsonValues.toPosition(event.get("output_index"));
		return this.response.indexOf((index <= MAX_INDEX) ? index : -1,
				(event.get("item_id") instanceof String id) ? id : null);
	}

	Map<String, @Nullable Object> readEvent(byte[] buffer, int offset, int length) {
		try (JsonParser json = JsonValues.parser(buffer, offset, length)) {
			json.nextToken();
			Map<String, @Nullable Object> event = JsonValues.readObject(json);
			// Fail on trailing content
			json.nextToken();
			return event;
		}
	}

	private static int checkOptionalIndex(int index, JsonParser json) {
		return (index == -1) ? -1 : checkIndex(index, json);
	}

	private static int checkIndex(int index, JsonParser json) {
		if (index < 0 || index > MAX_INDEX) {
			throw new StreamReadException(json, "Index out of range");
		}
		return index;
	}

	enum ContentType {

		TEXT,

		SUMMARY,

		REASONING,

		REFUSAL,

		ARGUMENTS;

		OutputItem.Channel channel() {
			return (this == SUMMARY) ? OutputItem.Channel.SUMMARY : OutputItem.Channel.TEXT;
		}

	}

}
