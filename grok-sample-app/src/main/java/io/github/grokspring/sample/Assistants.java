package io.github.grokspring.sample;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * The default client and the named clients, each with a chat memory and a tool.
 */
@Component
class Assistants {

	private static final String DEFAULT = "default";

	private final Map<String, Assistant> assistants = new LinkedHashMap<>();

	Assistants(ChatClient chatClient, @Qualifier("fast") ChatClient fast, @Qualifier("analyst") ChatClient analyst,
			@Qualifier("creative") ChatClient creative, ChatMemory memory, WeatherTools weatherTools) {
		UnaryOperator<ChatClient> customize = (client) -> client.mutate()
			.defaultTools(weatherTools)
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build(), new ResponseRecorderAdvisor())
			.build();
		add(DEFAULT, "everyday questions", customize.apply(chatClient));
		add("fast", "no reasoning", customize.apply(fast));
		add("analyst", "thorough reasoning", customize.apply(analyst));
		add("creative", "vivid language", customize.apply(creative));
	}

	private void add(String name, String description, ChatClient client) {
		this.assistants.put(name, new Assistant(name, description, client));
	}

	Collection<Assistant> all() {
		return this.assistants.values();
	}

	/**
	 * Returns an assistant.
	 * @param name the name, or no text for the default
	 * @return the assistant
	 * @throws ResponseStatusException with status 404 if there is none with that name
	 */
	Assistant named(@Nullable String name) {
		Assistant assistant = this.assistants.get(StringUtils.hasText(name) ? name : DEFAULT);
		if (assistant == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There is no assistant with that name. The assistants are " + this.assistants.keySet());
		}
		return assistant;
	}

	/**
	 * A client with its description.
	 *
	 * @param name name of the client
	 * @param description purpose of the client
	 * @param client the client
	 */
	record Assistant(String name, String description, ChatClient client) {

	}

}
