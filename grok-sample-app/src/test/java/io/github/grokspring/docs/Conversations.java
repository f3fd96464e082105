package io.github.grokspring.docs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.memory.MessageCodec;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.Message;

/**
 * Code of {@code docs/responses.md}.
 */
class Conversations {

	private final Map<String, List<String>> store = new HashMap<>();

	private final MessageCodec codec = MessageCodec.json();

	ChatClient remembering(ChatClient chatClient, ChatMemory chatMemory) {
		return chatClient.mutate().defaultAdvisors(MessageChatMemoryAdvisor.builder(chatMemory).build()).build();
	}

	void keep(String conversationId, List<Message> messages) {
		this.store.put(conversationId, messages.stream().map(this.codec::write).toList());
	}

	List<Message> recall(String conversationId) {
		return this.store.getOrDefault(conversationId, List.of()).stream().map(this.codec::read).toList();
	}

	ChatClient rememberingRounds(ChatClient chatClient, ChatMemory chatMemory) {
		return chatClient.mutate()
			.defaultAdvisors(
					MessageChatMemoryAdvisor.builder(chatMemory).order(ToolCallingAdvisor.DEFAULT_ORDER + 1).build())
			.build();
	}

}
