package io.github.grokspring.docs;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class JokeController {

	private final ChatClient chatClient;

	JokeController(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	@GetMapping("/joke")
	String joke(@RequestParam String about) {
		return this.chatClient.prompt().user("Tell me a joke about " + about).call().content();
	}

}
