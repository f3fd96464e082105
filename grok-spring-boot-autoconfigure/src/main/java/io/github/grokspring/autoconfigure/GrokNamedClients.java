package io.github.grokspring.autoconfigure;

import org.springframework.ai.chat.client.ChatClient;

/**
 * Makes the clients below {@code grok.clients}, one bean each.
 */
final class GrokNamedClients {

	private final GrokProperties properties;

	private final GrokChatProperties chat;

	private final GrokChatModelFactory models;

	private final GrokChatClientFactory clients;

	GrokNamedClients(GrokProperties properties, GrokChatProperties chat, GrokChatModelFactory models,
			GrokChatClientFactory clients) {
		this.properties = properties;
		this.chat = chat;
		this.models = models;
		this.clients = clients;
	}

	/**
	 * Make a client. Factory method of the beans that {@link NamedClientsRegistrar}
	 * registers.
	 * @param name its name as it is written in configuration
	 * @return the client
	 */
	ChatClient client(String name) {
		// a name without keys does not bind, but is a client all the same
		GrokChatProperties own = this.properties.clients().getOrDefault(name, GrokChatProperties.NOTHING);
		GrokClientSettings client = GrokClientSettings.ofNamed(name, own, this.chat);
		return this.clients.create(client, this.models.create(client));
	}

}
