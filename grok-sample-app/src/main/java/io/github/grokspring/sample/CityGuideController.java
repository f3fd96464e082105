package io.github.grokspring.sample;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Structured output: xAI enforces the JSON schema of {@link CityGuide}.
 */
@RestController
class CityGuideController {

	private final ChatClient chatClient;

	CityGuideController(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	@GetMapping("/api/cities/{city}/guide")
	CityGuide guide(@PathVariable String city) {
		CityGuide guide = this.chatClient.prompt()
			.user((user) -> user.text("Write a short guide to {city} for a first visit.").param("city", city))
			.call()
			.entity(CityGuide.class, (output) -> output.useProviderStructuredOutput());
		if (guide == null) {
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The model returned no guide");
		}
		return guide;
	}

}
