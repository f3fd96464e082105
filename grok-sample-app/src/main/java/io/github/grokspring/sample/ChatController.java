package io.github.grokspring.sample;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A conversation with Grok: whole answers or token by token, with a tool, remembered
 * under the id of the conversation.
 */
@RestController
@RequestMapping("/api/chat")
class ChatController {

	private final ChatClient chatClient;

	ChatController(ChatClient chatClient, ChatMemory chatMemory, WeatherTools weatherTools) {
		this.chatClient = chatClient.mutate()
			.defaultTools(weatherTools)
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(chatMemory).build())
			.build();
	}

	@PostMapping
	ChatReply chat(@RequestBody ChatRequest request) {
		String conversation = request.conversation();
		return ChatReply.of(prompt(request.text(), conversation).call().chatResponse(), conversation);
	}

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Object>> stream(@RequestParam String message,
			@RequestParam(required = false) @Nullable String conversationId) {
		ChatRequest request = new ChatRequest(message, conversationId);
		String conversation = request.conversation();
		return ChatEvents.of(prompt(request.text(), conversation).stream().chatResponse(), conversation);
	}

	private ChatClient.ChatClientRequestSpec prompt(String text, String conversation) {
		return this.chatClient.prompt()
			.user(text)
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, conversation));
	}

}
