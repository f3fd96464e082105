package io.github.grokspring.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;

/**
 * Builder for conversations.
 */
final class Conversation {

	private final List<Message> messages = new ArrayList<>();

	static Conversation with(String system) {
		Conversation conversation = new Conversation();
		conversation.messages.add(new SystemMessage(system));
		return conversation;
	}

	Conversation system(String text) {
		this.messages.add(new SystemMessage(text));
		return this;
	}

	Conversation user(String text) {
		this.messages.add(new UserMessage(text));
		return this;
	}

	Conversation answer(String text) {
		this.messages.add(AssistantMessage.builder()
			.content(text)
			.properties(Map.of("grok.reasoning-items", List.of(Map.of("encrypted_content", "abcd"))))
			.build());
		return this;
	}

	/** Adds a tool call and its response. */
	Conversation tool(String id) {
		this.messages.add(AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall(id, "function", "time", "{}")))
			.build());
		this.messages.add(ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse(id, "time", "noon")))
			.build());
		return this;
	}

	List<Message> messages() {
		return List.copyOf(this.messages);
	}

	/** Renders messages for assertions. */
	static List<String> texts(List<Message> messages) {
		return messages.stream()
			.map((message) -> (message instanceof ToolResponseMessage tools) ? "=" + tools.getResponses().get(0).id()
					: (message instanceof AssistantMessage answer && answer.hasToolCalls())
							? "?" + answer.getToolCalls().get(0).id() : message.getText())
			.toList();
	}

}
