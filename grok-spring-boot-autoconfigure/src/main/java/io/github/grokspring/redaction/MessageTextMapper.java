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
final class MessageTextMapper {

	private MessageTextMapper() {
	}

	/**
	 * Change the texts of a message, always in the same order.
	 * @param message the message, which stays as it is
	 * @param mapper maps a text
	 * @return the message itself if no text changes
	 */
	static Message change(Message message, JsonTextMapper.TextMapper mapper) {
		return switch (message.getMessageType()) {
			case SYSTEM -> changeSystem(message, mapper);
			case USER -> changeUser(message, mapper);
			case ASSISTANT -> (message instanceof AssistantMessage answer) ? changeAnswer(answer, mapper) : message;
			case TOOL -> (message instanceof ToolResponseMessage tools) ? changeResponses(tools, mapper) : message;
		};
	}

	/**
	 * Change the texts in what goes to a tool or comes from it. A text of JSON that is
	 * JSON itself is changed as such, or it would be none afterwards.
	 */
	static String changeData(String data, JsonTextMapper.TextMapper mapper) {
		return JsonTextMapper.isJson(data) ? JsonTextMapper.map(data, (name, text) -> changeNested(name, text, mapper))
				: mapper.map(null, data);
	}

	private static String changeNested(@Nullable String name, String text, JsonTextMapper.TextMapper mapper) {
		return JsonTextMapper.isDocument(text)
				? JsonTextMapper.map(text, (inner, nested) -> changeNested(inner, nested, mapper))
				: mapper.map(name, text);
	}

	private static Message changeSystem(Message message, JsonTextMapper.TextMapper mapper) {
		String text = changed(message.getText(), mapper);
		return (text != null) ? SystemMessage.builder().text(text).metadata(message.getMetadata()).build() : message;
	}

	private static Message changeUser(Message message, JsonTextMapper.TextMapper mapper) {
		String text = changed(message.getText(), mapper);
		if (text == null) {
			return message;
		}
		return (message instanceof UserMessage user) ? user.mutate().text(text).build()
				: UserMessage.builder().text(text).metadata(message.getMetadata()).build();
	}

	private static Message changeAnswer(AssistantMessage message, JsonTextMapper.TextMapper mapper) {
		String text = changed(message.getText(), mapper);
		List<ToolCall> calls = changeCalls(message.getToolCalls(), mapper);
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
	static List<ToolCall> changeCalls(List<ToolCall> calls, JsonTextMapper.TextMapper mapper) {
		List<ToolCall> changed = new ArrayList<>(calls.size());
		boolean same = true;
		for (ToolCall call : calls) {
			String arguments = StringUtils.hasLength(call.arguments()) ? changeData(call.arguments(), mapper)
					: call.arguments();
			boolean kept = Objects.equals(arguments, call.arguments());
			changed.add(kept ? call : new ToolCall(call.id(), call.type(), call.name(), arguments));
			same &= kept;
		}
		return same ? calls : changed;
	}

	private static Message changeResponses(ToolResponseMessage message, JsonTextMapper.TextMapper mapper) {
		List<ToolResponse> changed = new ArrayList<>(message.getResponses().size());
		boolean same = true;
		for (ToolResponse response : message.getResponses()) {
			String data = StringUtils.hasLength(response.responseData()) ? changeData(response.responseData(), mapper)
					: response.responseData();
			boolean kept = Objects.equals(data, response.responseData());
			changed.add(kept ? response : new ToolResponse(response.id(), response.name(), data));
			same &= kept;
		}
		return same ? message
				: ToolResponseMessage.builder().responses(changed).metadata(message.getMetadata()).build();
	}

	// The text if it has changed
	private static @Nullable String changed(@Nullable String text, JsonTextMapper.TextMapper mapper) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		String changed = mapper.map(null, text);
		return changed.equals(text) ? null : changed;
	}

}
