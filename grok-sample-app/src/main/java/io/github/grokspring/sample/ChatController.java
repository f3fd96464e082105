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
 * A conversation with Grok, as complete responses or as a stream, with a tool and a chat
 * memory for each conversation ID.
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
				(recorder) -> prompt.advisors((advisors) -> advisors.param(ResponseRecorder.PARAMETER, recorder))
					.stream()
					.chatResponse());
	}

	/**
	 * The same for use from a shell. Addresses are logged in many places, so pages should
	 * use POST.
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
