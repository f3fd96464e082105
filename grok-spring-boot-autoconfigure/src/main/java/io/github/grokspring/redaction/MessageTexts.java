package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage.ToolResponse;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.util.StringUtils;

/**
 * Changes the texts of messages, those in the JSON of tools included. Media and metadata
 * stay as they are.
 */
final class MessageTexts {

	private MessageTexts() {
	}

	/**
	 * Change the texts of a message, always in the same order.
	 * @param message the message, which stays as it is
	 * @param change what becomes of a text
	 * @return the message itself if no text changes
	 */
	static Message change(Message message, JsonText.Change change) {
		return switch (message.getMessageType()) {
			case SYSTEM -> changeSystem(message, change);
			case USER -> changeUser(message, change);
			case ASSISTANT -> (message instanceof AssistantMessage answer) ? changeAnswer(answer, change) : message;
			case TOOL -> (message instanceof ToolResponseMessage tools) ? changeResponses(tools, change) : message;
		};
	}

	/**
	 * Change the texts in what goes to a tool or comes from it. A text of JSON that is
	 * JSON itself is changed as such, or it would be none afterwards.
	 */
	static String changeData(String data, JsonText.Change change) {
		return JsonText.isJson(data) ? JsonText.change(data, (name, text) -> changeNested(name, text, change))
				: change.of(null, data);
	}

	private static String changeNested(@Nullable String name, String text, JsonText.Change change) {
		return JsonText.isDocument(text) ? JsonText.change(text, (inner, nested) -> changeNested(inner, nested, change))
				: change.of(name, text);
	}

	private static Message changeSystem(Message message, JsonText.Change change) {
		String text = changed(message.getText(), change);
		return (text != null) ? SystemMessage.builder().text(text).metadata(message.getMetadata()).build() : message;
	}

	private static Message changeUser(Message message, JsonText.Change change) {
		String text = changed(message.getText(), change);
		if (text == null) {
			return message;
		}
		return (message instanceof UserMessage user) ? user.mutate().text(text).build()
				: UserMessage.builder().text(text).metadata(message.getMetadata()).build();
	}

	private static Message changeAnswer(AssistantMessage message, JsonText.Change change) {
		String text = changed(message.getText(), change);
		List<ToolCall> calls = changeCalls(message.getToolCalls(), change);
		if (text == null && calls == message.getToolCalls()) {
			return message;
		}
		return AssistantMessage.builder()
			.content((text != null) ? text : message.getText())
			.properties(message.getMetadata())
			.toolCalls(calls)
			.media(message.getMedia())
			.build();
	}

	/**
	 * Change the texts in the arguments of tool calls.
	 * @return the same list if no text changes
	 */
	static List<ToolCall> changeCalls(List<ToolCall> calls, JsonText.Change change) {
		List<ToolCall> changed = new ArrayList<>(calls.size());
		boolean same = true;
		for (ToolCall call : calls) {
			String arguments = StringUtils.hasLength(call.arguments()) ? changeData(call.arguments(), change)
					: call.arguments();
			boolean kept = Objects.equals(arguments, call.arguments());
			changed.add(kept ? call : new ToolCall(call.id(), call.type(), call.name(), arguments));
			same &= kept;
		}
		return same ? calls : changed;
	}

	private static Message changeResponses(ToolResponseMessage message, JsonText.Change change) {
		List<ToolResponse> changed = new ArrayList<>(message.getResponses().size());
		boolean same = true;
		for (ToolResponse response : message.getResponses()) {
			String data = StringUtils.hasLength(response.responseData()) ? changeData(response.responseData(), change)
					: response.responseData();
			boolean kept = Objects.equals(data, response.responseData());
			changed.add(kept ? response : new ToolResponse(response.id(), response.name(), data));
			same &= kept;
		}
		return same ? message
				: ToolResponseMessage.builder().responses(changed).metadata(message.getMetadata()).build();
	}

	// The text if it has changed
	private static @Nullable String changed(@Nullable String text, JsonText.Change change) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		String changed = change.of(null, text);
		return changed.equals(text) ? null : changed;
	}

}
