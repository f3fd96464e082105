package io.github.grokspring.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Factory of the client beans that are configured with {@code grok.clients}.
 */
final class GrokNamedClients implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(GrokNamedClients.class);

	private final GrokProperties properties;

	private final GrokChatProperties chat;

	private final GrokChatModelFactory models;

	private final GrokChatClientFactory clients;

	private final BeanFactory beans;

	GrokNamedClients(GrokProperties properties, GrokChatProperties chat, GrokChatModelFactory models,
			GrokChatClientFactory clients, BeanFactory beans) {
		this.properties = properties;
		this.chat = chat;
		this.models = models;
		this.clients = clients;
		this.beans = beans;
	}

	/**
	 * Logs a warning about clients without a bean. After ahead-of-time processing, there
	 * are only the beans of the clients that were configured at build time.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.properties.clients().keySet()) {
			String beanName = ClientName.of(name).beanName();
			if (!this.beans.containsBean(beanName)) {
				logger.warn("'" + GrokClientSettings.NAMED + "." + name + "' has no bean '" + beanName
						+ "', because the application was processed ahead of time without this client. Configure"
						+ " the client at build time. Its properties can be changed at run time.");
			}
		}
	}

	/**
	 * Creates a client. Factory method of the beans that {@link NamedClientsRegistrar}
	 * registers.
	 * @param name its name as it is written in configuration
	 * @return the client
	 */
	ChatClient client(String name) {
		// A name without properties is not bound, but is a client
		GrokChatProperties own = this.properties.clients().getOrDefault(name, GrokChatProperties.NOTHING);
		GrokClientSettings client = GrokClientSettings.ofNamed(name, own, this.chat);
		return this.clients.create(client, this.models.create(client));
	}

}
