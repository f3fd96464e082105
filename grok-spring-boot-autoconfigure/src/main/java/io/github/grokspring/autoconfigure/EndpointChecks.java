package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ResponsesNeeds;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure when the application starts that the endpoint of a client can do what is
 * asked of it.
 */
final class EndpointChecks {

	private EndpointChecks() {
	}

	/**
	 * Check a client.
	 * @param client the client, with everything that applies to it
	 * @param catalog tells which endpoints serve its model
	 * @throws GrokConfigurationException if its endpoint cannot do what is asked of it
	 */
	static void check(GrokClientSettings client, ModelCatalog catalog) {
		GrokChatProperties chat = client.chat();
		if (chat.tools() != null && chat.tools().lacksCollections()) {
			throw new GrokConfigurationException(client.prefix() + ".tools.file-search.collections",
					"is not set, though 'enabled' is true",
					"Write the ids of the collections to search, or remove 'enabled'.");
		}
		boolean springAi = chat.transport() == GrokChatProperties.Transport.SPRING_AI;
		if (springAi && chat.api() == GrokChatProperties.Api.RESPONSES) {
			throw new GrokConfigurationException(client.property("api", GrokChatProperties::api),
					"is 'responses', which the transport 'spring-ai' does not serve",
					"Set '" + client.property("transport", GrokChatProperties::transport)
							+ "' to 'native', or write 'chat-completions'.");
		}
		String need = (springAi || chat.api() == GrokChatProperties.Api.CHAT_COMPLETIONS)
				? ResponsesNeeds.of(chat.toOptions(), catalog) : null;
		if (need != null) {
			throw springAi
					? refused(client.property("transport", GrokChatProperties::transport), "spring-ai", need,
							"Write 'native', or do without it.")
					: refused(client.property("api", GrokChatProperties::api), "chat-completions", need,
							"Write 'auto' or 'responses', or do without it.");
		}
	}

	private static GrokConfigurationException refused(String property, String value, @Nullable String need,
			String action) {
		return new GrokConfigurationException(property,
				"is '" + value + "', but the client asks for " + need + ", which only the Responses API serves",
				action);
	}

}
