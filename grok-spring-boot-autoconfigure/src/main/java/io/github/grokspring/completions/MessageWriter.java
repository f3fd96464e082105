package io.github.grokspring.completions;

import java.util.List;

import io.github.grokspring.wire.FunctionTools;
import io.github.grokspring.wire.MediaEncoder;
import tools.jackson.core.JsonGenerator;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.StringUtils;

/**
 * Writes the messages of a prompt. xAI refuses messages without content, so empty system
 * messages and assistant messages with neither text nor tool calls are omitted, and empty
 * tool results are replaced by a text.
 */
final class MessageWriter {

	private MessageWriter() {
	}

	static void write(List<Message> messages, JsonGenerator json) {
		json.writeStartArray();
		for (Message message : messages) {
			switch (message.getMessageType()) {
				case SYSTEM -> writeSystem(message, json);
				case USER -> writeUser(message, json);
				case ASSISTANT -> writeAssistant((AssistantMessage) message, json);
				case TOOL -> writeToolResponses((ToolResponseMessage) message, json);
			}
		}
		json.writeEndArray();
	}

	// Spring AI adds an empty one to prompts without a system message when a chat memory
	// provides the conversation of the tool loop.
	private static void writeSystem(Message message, JsonGenerator json) {
		if (StringUtils.hasLength(message.getText())) {
			writeText("system", message, json);
		}
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
		json.writeStringProperty("arguments", FunctionTools.argumentsOrEmpty(call.arguments()));
		json.writeEndObject();
		json.writeEndObject();
	}

	private static void writeToolResponses(ToolResponseMessage message, JsonGenerator json) {
		for (ToolResponseMessage.ToolResponse response : message.getResponses()) {
			begin("tool", json);
			json.writeStringProperty("tool_call_id", response.id());
			json.writeStringProperty("content", FunctionTools.outputOrPlaceholder(response.responseData()));
			json.writeEndObject();
		}
	}

	private static void writeMedia(Media media, JsonGenerator json) {
		String text = MediaEncoder.encodeTextFile(media);
		if (text != null) {
			writeTextPart(text, json);
		}
		else if (MediaEncoder.isImage(media)) {
			json.writeStartObject();
			json.writeStringProperty("type", "image_url");
			json.writeName("image_url");
			json.writeStartObject();
			json.writeStringProperty("url", MediaEncoder.toUrl(media));
			json.writeEndObject();
			json.writeEndObject();
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
		else if (MediaEncoder.isLink(media)) {
			json.writeStringProperty("file_url", media.getData().toString());
		}
		else {
			json.writeStringProperty("filename", media.getName());
			json.writeStringProperty("file_data", MediaEncoder.toUrl(media));
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

	private static void begin(String role, JsonGenerator json) {
		json.writeStartObject();
		json.writeStringProperty("role", role);
	}

	private static String textOf(Message message) {
		return (message.getText() != null) ? message.getText() : "";
	}

}
