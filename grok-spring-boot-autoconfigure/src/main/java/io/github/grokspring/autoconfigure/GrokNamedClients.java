package io.github.grokspring.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Makes the clients below {@code grok.clients}, one bean each.
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
	 * Warns about clients that have no bean: what was processed ahead of time has those
	 * of the build.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.properties.clients().keySet()) {
			String beanName = ClientName.of(name).beanName();
			if (!this.beans.containsBean(beanName)) {
				logger.warn("'" + GrokClientSettings.NAMED + "." + name + "' has no bean '" + beanName
						+ "': the application was processed ahead of time without this client. Configure its name"
						+ " when the application is built; its other properties may come later.");
			}
		}
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
