package io.github.grokspring.completions;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import tools.jackson.core.JsonGenerator;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.MimeType;
import org.springframework.util.StringUtils;

/**
 * Writes the messages of a prompt. xAI refuses messages without content, so an assistant
 * message with neither text nor tool calls is left out, and a tool that returned nothing
 * says so.
 */
final class MessageWriter {

	private MessageWriter() {
	}

	static void write(List<Message> messages, JsonGenerator json) {
		json.writeStartArray();
		for (Message message : messages) {
			switch (message.getMessageType()) {
				case SYSTEM -> writeText("system", message, json);
				case USER -> writeUser(message, json);
				case ASSISTANT -> writeAssistant((AssistantMessage) message, json);
				case TOOL -> writeToolResponses((ToolResponseMessage) message, json);
			}
		}
		json.writeEndArray();
	}

	private static void writeText(String role, Message message, JsonGenerator json) {
		begin(role, json);
		json.writeStringProperty("content", textOf(message));
		json.writeEndObject();
	}

	private static void writeUser(Message message, JsonGenerator json) {
		if (!(message instanceof MediaContent content) || content.getMedia().isEmpty()) {
			writeText("user", message, json);
			return;
		}
		begin("user", json);
		json.writeName("content");
		json.writeStartArray();
		if (StringUtils.hasText(message.getText())) {
			writeTextPart(textOf(message), json);
		}
		content.getMedia().forEach((media) -> writeMedia(media, json));
		json.writeEndArray();
		json.writeEndObject();
	}

	private static void writeAssistant(AssistantMessage message, JsonGenerator json) {
		boolean hasText = StringUtils.hasLength(message.getText());
		if (!hasText && !message.hasToolCalls()) {
			return;
		}
		begin("assistant", json);
		json.writeStringProperty("content", textOf(message));
		if (message.hasToolCalls()) {
			json.writeName("tool_calls");
			json.writeStartArray();
			message.getToolCalls().forEach((call) -> writeToolCall(call, json));
			json.writeEndArray();
		}
		json.writeEndObject();
	}

	private static void writeToolCall(AssistantMessage.ToolCall call, JsonGenerator json) {
		json.writeStartObject();
		json.writeStringProperty("id", call.id());
		json.writeStringProperty("type", "function");
		json.writeName("function");
		json.writeStartObject();
		json.writeStringProperty("name", call.name());
		json.writeStringProperty("arguments", StringUtils.hasText(call.arguments()) ? call.arguments() : "{}");
		json.writeEndObject();
		json.writeEndObject();
	}

	private static void writeToolResponses(ToolResponseMessage message, JsonGenerator json) {
		for (ToolResponseMessage.ToolResponse response : message.getResponses()) {
			begin("tool", json);
			json.writeStringProperty("tool_call_id", response.id());
			json.writeStringProperty("content",
					StringUtils.hasLength(response.responseData()) ? response.responseData() : "(no output)");
			json.writeEndObject();
		}
	}

	private static void writeMedia(Media media, JsonGenerator json) {
		MimeType type = media.getMimeType();
		if ("image".equals(type.getType())) {
			json.writeStartObject();
			json.writeStringProperty("type", "image_url");
			json.writeName("image_url");
			json.writeStartObject();
			json.writeStringProperty("url", url(media));
			json.writeEndObject();
			json.writeEndObject();
		}
		else if ("text".equals(type.getType()) && media.getData() instanceof byte[] bytes) {
			writeTextPart(
					"<file name=\"%s\" type=\"%s\">%n%s%n</file>"
						.formatted(media.getName(), type,
								new String(bytes,
										(type.getCharset() != null) ? type.getCharset() : StandardCharsets.UTF_8)),
					json);
		}
		else {
			writeFile(media, json);
		}
	}

	private static void writeFile(Media media, JsonGenerator json) {
		json.writeStartObject();
		json.writeStringProperty("type", "file");
		json.writeName("file");
		json.writeStartObject();
		if (media.getId() != null) {
			json.writeStringProperty("file_id", media.getId());
		}
		else if (isLink(media.getData())) {
			json.writeStringProperty("file_url", media.getData().toString());
		}
		else {
			json.writeStringProperty("filename", media.getName());
			json.writeStringProperty("file_data", url(media));
		}
		json.writeEndObject();
		json.writeEndObject();
	}

	private static void writeTextPart(String text, JsonGenerator json) {
		json.writeStartObject();
		json.writeStringProperty("type", "text");
		json.writeStringProperty("text", text);
		json.writeEndObject();
	}

	private static String url(Media media) {
		if (media.getData() instanceof byte[] bytes) {
			return "data:" + media.getMimeType() + ";base64," + Base64.getEncoder().encodeToString(bytes);
		}
		String data = media.getData().toString();
		return (isLink(data) || data.startsWith("data:")) ? data : "data:" + media.getMimeType() + ";base64," + data;
	}

	private static boolean isLink(Object data) {
		String text = (data instanceof byte[]) ? "" : data.toString();
		return text.startsWith("http://") || text.startsWith("https://");
	}

	private static void begin(String role, JsonGenerator json) {
		json.writeStartObject();
		json.writeStringProperty("role", role);
	}

	private static String textOf(Message message) {
		return (message.getText() != null) ? message.getText() : "";
	}

}
