package io.github.grokspring.memory;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.MimeType;

/**
 * {@link MessageCodec} that writes JSON objects.
 */
final class JsonMessageCodec implements MessageCodec {

	static final JsonMessageCodec INSTANCE = new JsonMessageCodec();

	private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

	private JsonMessageCodec() {
	}

	@Override
	public String write(Message message) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("type", message.getMessageType().getValue());
		put(fields, "text", message.getText());
		if (message instanceof MediaContent content && !content.getMedia().isEmpty()) {
			fields.put("media", content.getMedia().stream().map(JsonMessageCodec::write).toList());
		}
		if (message instanceof AssistantMessage assistant && assistant.hasToolCalls()) {
			fields.put("toolCalls", assistant.getToolCalls().stream().map(JsonMessageCodec::write).toList());
		}
		if (message instanceof ToolResponseMessage tools) {
			fields.put("responses", tools.getResponses().stream().map(JsonMessageCodec::write).toList());
		}
		Map<String, Object> metadata = new LinkedHashMap<>();
		message.getMetadata().forEach((key, value) -> {
			// Determined by the message class
			if (!AbstractMessage.MESSAGE_TYPE.equals(key) && isJson(value)) {
				metadata.put(key, value);
			}
		});
		if (!metadata.isEmpty()) {
			fields.put("metadata", metadata);
		}
		return JSON.writeValueAsString(fields);
	}

	private static Map<String, @Nullable Object> write(Media media) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("mimeType", media.getMimeType().toString());
		put(fields, "id", media.getId());
		put(fields, "name", media.getName());
		if (media.getData() instanceof byte[] bytes) {
			fields.put("bytes", Base64.getEncoder().encodeToString(bytes));
		}
		else {
			fields.put("url", media.getData().toString());
		}
		return fields;
	}

	private static Map<String, @Nullable Object> write(AssistantMessage.ToolCall call) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		put(fields, "id", call.id());
		put(fields, "type", call.type());
		put(fields, "name", call.name());
		put(fields, "arguments", call.arguments());
		return fields;
	}

	private static Map<String, @Nullable Object> write(ToolResponseMessage.ToolResponse response) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		put(fields, "id", response.id());
		put(fields, "name", response.name());
		put(fields, "data", response.responseData());
		return fields;
	}

	private static void put(Map<String, @Nullable Object> fields, String name, @Nullable String value) {
		if (value != null) {
			fields.put(name, value);
		}
	}

	private static boolean isJson(@Nullable Object value) {
		if (value instanceof List<?> list) {
			return list.stream().allMatch(JsonMessageCodec::isJson);
		}
		if (value instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.allMatch((entry) -> entry.getKey() instanceof String && isJson(entry.getValue()));
		}
		return value instanceof String || value instanceof Boolean || value instanceof Integer || value instanceof Long
				|| value instanceof Double;
	}

	@Override
	public Message read(String text) {
		try {
			return read(asObject(JSON.readValue(text, Map.class)));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			// No cause: it could contain the text of the message
			throw new IllegalArgumentException(
					"The stored message cannot be read. It was not written by this codec or has been modified ("
							+ ex.getClass().getSimpleName() + ")");
		}
	}

	private static Message read(Map<String, Object> fields) {
		String text = (fields.get("text") instanceof String given) ? given : null;
		Map<String, Object> metadata = asObject(fields.getOrDefault("metadata", Map.of()));
		MessageType type = MessageType.valueOf(String.valueOf(fields.get("type")).toUpperCase(Locale.ROOT));
		return switch (type) {
			case SYSTEM -> SystemMessage.builder().text(text(fields, "text")).metadata(metadata).build();
			case USER ->
				UserMessage.builder().text(text(fields, "text")).media(media(fields)).metadata(metadata).build();
			case ASSISTANT -> AssistantMessage.builder()
				.content(text)
				.properties(metadata)
				.toolCalls(objects(fields, "toolCalls").stream().map(JsonMessageCodec::toToolCall).toList())
				.media(media(fields))
				.build();
			case TOOL -> ToolResponseMessage.builder()
				.responses(objects(fields, "responses").stream().map(JsonMessageCodec::toToolResponse).toList())
				.metadata(metadata)
				.build();
		};
	}

	private static List<Media> media(Map<String, Object> fields) {
		return objects(fields, "media").stream().map(JsonMessageCodec::toMedia).toList();
	}

	private static Media toMedia(Map<String, Object> fields) {
		Media.Builder media = Media.builder().mimeType(MimeType.valueOf(required(fields, "mimeType")));
		if (fields.get("bytes") instanceof String bytes) {
			media.data(Base64.getDecoder().decode(bytes));
		}
		else {
			media.data(required(fields, "url"));
		}
		if (fields.get("id") instanceof String id) {
			media.id(id);
		}
		if (fields.get("name") instanceof String name) {
			media.name(name);
		}
		return media.build();
	}

	private static AssistantMessage.ToolCall toToolCall(Map<String, Object> fields) {
		return new AssistantMessage.ToolCall(text(fields, "id"), text(fields, "type"), text(fields, "name"),
				text(fields, "arguments"));
	}

	private static ToolResponseMessage.ToolResponse toToolResponse(Map<String, Object> fields) {
		return new ToolResponseMessage.ToolResponse(text(fields, "id"), text(fields, "name"), text(fields, "data"));
	}

	private static String text(Map<String, Object> fields, String name) {
		return (fields.get(name) instanceof String text) ? text : "";
	}

	private static String required(Map<String, Object> fields, String name) {
		if (fields.get(name) instanceof String text) {
			return text;
		}
		throw new IllegalArgumentException("'" + name + "' is required");
	}

	private static List<Map<String, Object>> objects(Map<String, Object> fields, String name) {
		return (fields.get(name) instanceof List<?> list) ? list.stream().map(JsonMessageCodec::asObject).toList()
				: List.of();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> asObject(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return (Map<String, Object>) map;
		}
		throw new IllegalArgumentException("an object is required");
	}

}
