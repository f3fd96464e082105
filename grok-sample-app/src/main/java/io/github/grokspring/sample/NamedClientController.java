package io.github.grokspring.sample;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The clients of {@code grok.clients}, for single questions without a chat memory.
 */
@RestController
class NamedClientController {

	private final Map<String, ChatClient> clients;

	NamedClientController(@Qualifier("fast") ChatClient fast, @Qualifier("analyst") ChatClient analyst,
			@Qualifier("creative") ChatClient creative) {
		this.clients = new TreeMap<>(Map.of("fast", fast, "analyst", analyst, "creative", creative));
	}

	@PostMapping("/api/clients/{name}/chat")
	ChatReply chat(@PathVariable String name, @RequestBody ChatRequest request) {
		ChatResponse response = client(name).prompt().user(request.text()).call().chatResponse();
		return ChatReply.of(response, null);
	}

	private ChatClient client(String name) {
		ChatClient client = this.clients.get(name);
		if (client == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There is no client with that name. The clients are " + this.clients.keySet());
		}
		return client;
	}

}
