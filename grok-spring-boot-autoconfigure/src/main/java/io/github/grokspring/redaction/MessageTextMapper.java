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
 * Maps the texts of messages, including strings in the JSON of tools. Media and metadata
 * are unchanged.
 */
final class MessageTextMapper {

	private MessageTextMapper() {
	}

	/**
	 * Maps the texts of a message in a fixed order.
	 * @return the mapped message, or the same instance if nothing changed
	 */
	static Message map(Message message, JsonTextMapper.TextMapper mapper) {
		return switch (message.getMessageType()) {
			case SYSTEM -> mapSystemMessage(message, mapper);
			case USER -> mapUserMessage(message, mapper);
			case ASSISTANT ->
				(message instanceof AssistantMessage assistant) ? mapAssistantMessage(assistant, mapper) : message;
			case TOOL -> (message instanceof ToolResponseMessage tools) ? mapToolResponses(tools, mapper) : message;
		};
	}

	/**
	 * Maps the strings in the arguments or the response of a tool. A string that contains
	 * JSON is mapped as JSON, so that it remains valid.
	 */
	static String mapToolData(String data, JsonTextMapper.TextMapper mapper) {
		return JsonTextMapper.isJson(data) ? JsonTextMapper.map(data, (name, text) -> mapNested(name, text, mapper))
				: mapper.map(null, data);
	}

	private static String mapNested(@Nullable String name, String text, JsonTextMapper.TextMapper mapper) {
		return JsonTextMapper.isDocument(text)
				? JsonTextMapper.map(text, (inner, nested) -> mapNested(inner, nested, mapper))
				: mapper.map(name, text);
	}

	private static Message mapSystemMessage(Message message, JsonTextMapper.TextMapper mapper) {
		String text = mapIfChanged(message.getText(), mapper);
		return (text != null) ? SystemMessage.builder().text(text).metadata(message.getMetadata()).build() : message;
	}

	private static Message mapUserMessage(Message message, JsonTextMapper.TextMapper mapper) {
		String text = mapIfChanged(message.getText(), mapper);
		if (text == null) {
			return message;
		}
		return (message instanceof UserMessage user) ? user.mutate().text(text).build()
				: UserMessage.builder().text(text).metadata(message.getMetadata()).build();
	}

	private static Message mapAssistantMessage(AssistantMessage message, JsonTextMapper.TextMapper mapper) {
		String text = mapIfChanged(message.getText(), mapper);
		List<ToolCall> calls = mapToolCalls(message.getToolCalls(), mapper);
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

	static List<ToolCall> mapToolCalls(List<ToolCall> calls, JsonTextMapper.TextMapper mapper) {
		List<ToolCall> changed = new ArrayList<>(calls.size());
		boolean same = true;
		for (ToolCall call : calls) {
			String arguments = StringUtils.hasLength(call.arguments()) ? mapToolData(call.arguments(), mapper)
					: call.arguments();
			boolean kept = Objects.equals(arguments, call.arguments());
			changed.add(kept ? call : new ToolCall(call.id(), call.type(), call.name(), arguments));
			same &= kept;
		}
		return same ? calls : changed;
	}

	private static Message mapToolResponses(ToolResponseMessage message, JsonTextMapper.TextMapper mapper) {
		List<ToolResponse> changed = new ArrayList<>(message.getResponses().size());
		boolean same = true;
		for (ToolResponse response : message.getResponses()) {
			String data = StringUtils.hasLength(response.responseData()) ? mapToolData(response.responseData(), mapper)
					: response.responseData();
			boolean kept = Objects.equals(data, response.responseData());
			changed.add(kept ? response : new ToolResponse(response.id(), response.name(), data));
			same &= kept;
		}
		return same ? message
				: ToolResponseMessage.builder().responses(changed).metadata(message.getMetadata()).build();
	}

	// Returns null if nothing changed
	private static @Nullable String mapIfChanged(@Nullable String text, JsonTextMapper.TextMapper mapper) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		String changed = mapper.map(null, text);
		return changed.equals(text) ? null : changed;
	}

}
