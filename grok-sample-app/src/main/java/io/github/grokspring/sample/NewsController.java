package io.github.grokspring.sample;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.ServerTool;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A question with a web search: xAI searches and cites its sources.
 */
@RestController
class NewsController {

	private final ChatClient chatClient;

	NewsController(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	@GetMapping("/api/news")
	News news(@RequestParam(defaultValue = "What happened today?") String question) {
		return News.of(this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().serverTools(ServerTool.webSearch()))
			.call()
			.chatResponse());
	}

}
