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
		GrokChatProperties own = this.properties.clients().get(name);
		if (own == null) {
			throw new GrokConfigurationException(GrokClientSettings.NAMED + "." + name,
					"was there when the application was processed ahead of time, but is not any more",
					"Add the client again, or process the application again without it.");
		}
		GrokClientSettings client = GrokClientSettings.ofNamed(name, own, this.chat);
		return this.clients.create(client, this.models.create(client));
	}

}
