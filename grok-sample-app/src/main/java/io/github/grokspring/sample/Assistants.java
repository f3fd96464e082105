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
 * Whom one can talk to: the default client and the named ones, each with a memory and a
 * tool.
 */
@Component
class Assistants {

	private static final String DEFAULT = "default";

	private final Map<String, Assistant> assistants = new LinkedHashMap<>();

	Assistants(ChatClient chatClient, @Qualifier("fast") ChatClient fast, @Qualifier("analyst") ChatClient analyst,
			@Qualifier("creative") ChatClient creative, ChatMemory memory, WeatherTools weatherTools) {
		UnaryOperator<ChatClient> equipped = (client) -> client.mutate()
			.defaultTools(weatherTools)
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build(), new JournalAdvisor())
			.build();
		add(DEFAULT, "everyday questions", equipped.apply(chatClient));
		add("fast", "no thinking first", equipped.apply(fast));
		add("analyst", "thinks hard", equipped.apply(analyst));
		add("creative", "vivid", equipped.apply(creative));
	}

	private void add(String name, String description, ChatClient client) {
		this.assistants.put(name, new Assistant(name, description, client));
	}

	Collection<Assistant> all() {
		return this.assistants.values();
	}

	/**
	 * Find an assistant.
	 * @param name its name, the default one if there is no name
	 * @return the assistant
	 * @throws ResponseStatusException with status 404 if there is none
	 */
	Assistant named(@Nullable String name) {
		Assistant assistant = this.assistants.get(StringUtils.hasText(name) ? name : DEFAULT);
		if (assistant == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There is no assistant of that name; the assistants are " + this.assistants.keySet());
		}
		return assistant;
	}

	/**
	 * Someone to talk to.
	 *
	 * @param name the name of the client
	 * @param description what it is good for
	 * @param client answers
	 */
	record Assistant(String name, String description, ChatClient client) {

	}

}
