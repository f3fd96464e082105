package io.github.grokspring.autoconfigure;

import java.util.List;

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

	/**
	 * Check that xAI sends no secret of a client unencrypted.
	 * @param client the client, with everything that applies to it
	 * @throws GrokConfigurationException if the authorization or the headers of an MCP
	 * server would be
	 */
	static void checkEncrypted(GrokClientSettings client) {
		GrokToolsProperties tools = client.chat().tools();
		List<GrokToolsProperties.Server> servers = (tools != null && tools.mcp() != null) ? tools.mcp() : List.of();
		for (int i = 0; i < servers.size(); i++) {
			GrokToolsProperties.Server server = servers.get(i);
			if (server.isInsecure()) {
				throw new GrokConfigurationException(client.prefix() + ".tools.mcp[" + i + "].url",
						"has the scheme http, so that xAI would send the authorization or headers of the MCP server '"
								+ server.label() + "' unencrypted",
						"Write a URL with https://, or set 'grok.http.allow-insecure' to 'true' if that is wanted.");
			}
		}
	}

	private static GrokConfigurationException refused(String property, String value, @Nullable String need,
			String action) {
		return new GrokConfigurationException(property,
				"is '" + value + "', but the client asks for " + need + ", which only the Responses API serves",
				action);
	}

}
