package io.github.grokspring.responses;

import java.util.List;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.wire.FunctionTools;
import io.github.grokspring.wire.MediaEncoder;
import io.github.grokspring.wire.ToolOutput;
import tools.jackson.core.JsonGenerator;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.StringUtils;

/**
 * Writes the messages of a prompt as input items.
 * <p>
 * System messages are written as items in place rather than as {@code instructions},
 * which xAI rejects together with a previous response id. xAI also rejects messages
 * without content: system and assistant messages without text are skipped, and a
 * placeholder stands for the empty result of a tool.
 */
final class InputItemWriter {

	private final GrokChatOptions options;

	private final ModelCatalog catalog;

	private final JsonGenerator json;

	InputItemWriter(GrokChatOptions options, ModelCatalog catalog, JsonGenerator json) {
		this.options = options;
		this.catalog = catalog;
		this.json = json;
	}

	void write(List<Message> messages) {
		int turnStart = ReasoningItems.turnStart(messages);
		this.json.writeStartArray();
		for (int i = 0; i < messages.size(); i++) {
			Message message = messages.get(i);
			switch (message.getMessageType()) {
				case SYSTEM -> writeSystem(message);
				case USER -> writeUser(message);
				case ASSISTANT -> writeAssistant((AssistantMessage) message, i > turnStart);
				case TOOL -> writeToolResponses((ToolResponseMessage) message);
			}
		}
		this.json.writeEndArray();
	}

	// Spring AI adds an empty system message if the prompt has none and a chat memory
	// holds the conversation during tool execution
	private void writeSystem(Message message) {
		if (StringUtils.hasLength(message.getText())) {
			writeText("system", message);
		}
	}

	private void writeText(String role, Message message) {
		this.json.writeStartObject();
		this.json.writeStringProperty("role", role);
		this.json.writeStringProperty("content", (message.getText() != null) ? message.getText() : "");
		this.json.writeEndObject();
	}

	private void writeUser(Message message) {
		if (!(message instanceof MediaContent content) || content.getMedia().isEmpty()) {
			writeText("user", message);
			return;
		}
		this.json.writeStartObject();
		this.json.writeStringProperty("role", "user");
		this.json.writeName("content");
		this.json.writeStartArray();
		if (StringUtils.hasText(message.getText())) {
			writeTextPart("input_text", message.getText());
		}
		content.getMedia().forEach(this::writeMedia);
		this.json.writeEndArray();
		this.json.writeEndObject();
	}

	private void writeMedia(Media media) {
		String text = MediaEncoder.encodeTextFile(media);
		if (text != null) {
			writeTextPart("input_text", text);
			return;
		}
		this.json.writeStartObject();
		if (MediaEncoder.isImage(media)) {
			this.json.writeStringProperty("type", "input_image");
			this.json.writeStringProperty("image_url", MediaEncoder.toUrl(media));
		}
		else {
			writeFile(media);
		}
		this.json.writeEndObject();
	}

	private void writeFile(Media media) {
		this.json.writeStringProperty("type", "input_file");
		if (media.getId() != null) {
			this.json.writeStringProperty("file_id", media.getId());
		}
		else if (MediaEncoder.isLink(media)) {
			this.json.writeStringProperty("file_url", media.getData().toString());
		}
		else {
			this.json.writeStringProperty("filename", media.getName());
			this.json.writeStringProperty("file_data", MediaEncoder.toUrl(media));
		}
	}

	private void writeAssistant(AssistantMessage message, boolean currentTurn) {
		boolean textPending = StringUtils.hasLength(message.getText());
		int nextCall = 0;
		for (String entry : ReasoningItems.entriesFor(message, currentTurn, this.options, this.catalog)) {
			if (ReasoningItems.isItem(entry)) {
				this.json.writeRawValue(entry);
			}
			else if (ReasoningItems.TEXT.equals(entry) && textPending) {
				writeAssistantText(message);
				textPending = false;
			}
			else if (ReasoningItems.CALL.equals(entry) && nextCall < message.getToolCalls().size()) {
				writeToolCall(message.getToolCalls().get(nextCall++));
			}
		}
		if (textPending) {
			writeAssistantText(message);
		}
		message.getToolCalls().subList(nextCall, message.getToolCalls().size()).forEach(this::writeToolCall);
	}

	private void writeAssistantText(AssistantMessage message) {
		this.json.writeStartObject();
		this.json.writeStringProperty("role", "assistant");
		this.json.writeName("content");
		this.json.writeStartArray();
		writeTextPart("output_text", String.valueOf(message.getText()));
		this.json.writeEndArray();
		this.json.writeEndObject();
	}

	private void writeToolCall(AssistantMessage.ToolCall call) {
		this.json.writeStartObject();
		this.json.writeStringProperty("type", "function_call");
		this.json.writeStringProperty("call_id", call.id());
		this.json.writeStringProperty("name", call.name());
		this.json.writeStringProperty("arguments", FunctionTools.argumentsOrEmpty(call.arguments()));
		this.json.writeEndObject();
	}

	private void writeToolResponses(ToolResponseMessage message) {
		for (ToolResponseMessage.ToolResponse response : message.getResponses()) {
			this.json.writeStartObject();
			this.json.writeStringProperty("type", "function_call_output");
			this.json.writeStringProperty("call_id", response.id());
			writeOutput(ToolOutput.of(FunctionTools.outputOrPlaceholder(response.responseData())));
			this.json.writeEndObject();
		}
	}

	private void writeOutput(ToolOutput output) {
		if (output.images().isEmpty()) {
			this.json.writeStringProperty("output", output.text());
			return;
		}
		this.json.writeName("output");
		this.json.writeStartArray();
		if (!output.text().isEmpty()) {
			writeTextPart("input_text", output.text());
		}
		for (String image : output.images()) {
			this.json.writeStartObject();
			this.json.writeStringProperty("type", "input_image");
			this.json.writeStringProperty("image_url", image);
			this.json.writeEndObject();
		}
		this.json.writeEndArray();
	}

	private void writeTextPart(String type, String text) {
		this.json.writeStartObject();
		this.json.writeStringProperty("type", type);
		this.json.writeStringProperty("text", text);
		this.json.writeEndObject();
	}

}
