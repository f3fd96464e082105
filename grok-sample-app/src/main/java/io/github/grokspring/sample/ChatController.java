package io.github.grokspring.sample;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
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

	private final Assistants assistants;

	ChatController(Assistants assistants) {
		this.assistants = assistants;
	}

	@PostMapping
	ChatReply chat(@RequestBody ChatRequest request) {
		String conversation = request.conversation();
		return ChatReply.of(prompt(request, conversation).call().chatResponse(), conversation);
	}

	@PostMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Object>> stream(@RequestBody ChatRequest request) {
		String conversation = request.conversation();
		ChatClient.ChatClientRequestSpec prompt = prompt(request, conversation);
		return ChatEvents.of(conversation,
				(journal) -> prompt.advisors((advisors) -> advisors.param(Journal.PARAMETER, journal))
					.stream()
					.chatResponse());
	}

	/**
	 * The same for a quick look from a command line. What is in an address ends up in
	 * logs, so pages should post.
	 */
	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Object>> stream(@RequestParam String message,
			@RequestParam(required = false) @Nullable String conversationId) {
		return stream(new ChatRequest(message, conversationId));
	}

	private ChatClient.ChatClientRequestSpec prompt(ChatRequest request, String conversation) {
		ChatClient.ChatClientRequestSpec prompt = this.assistants.named(request.client())
			.client()
			.prompt()
			.user(request.text())
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, conversation));
		return request.wantsSearch() ? prompt.options(GrokChatOptions.builder().serverTools(ServerTool.webSearch()))
				: prompt;
	}

}
