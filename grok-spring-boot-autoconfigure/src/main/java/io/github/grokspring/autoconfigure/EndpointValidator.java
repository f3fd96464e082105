package io.github.grokspring.autoconfigure;

import java.util.List;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.EndpointSelector;
import org.jspecify.annotations.Nullable;

/**
 * Validates at startup that the endpoint of a client supports its properties.
 */
final class EndpointValidator {

	private EndpointValidator() {
	}

	/**
	 * Validates a client.
	 * @param client the settings of the client
	 * @param catalog the models with their endpoints
	 * @throws GrokConfigurationException if its endpoint does not support its properties
	 */
	static void check(GrokClientSettings client, ModelCatalog catalog) {
		GrokChatProperties chat = client.chat();
		if (chat.tools() != null && chat.tools().lacksCollections()) {
			throw new GrokConfigurationException(client.prefix() + ".tools.file-search.collections",
					"is not set, but 'enabled' is 'true'",
					"Set the property to the ids of the collections to search, or remove 'enabled'.");
		}
		boolean springAi = chat.transport() == GrokChatProperties.Transport.SPRING_AI;
		if (springAi && chat.api() == GrokChatProperties.Api.RESPONSES) {
			throw new GrokConfigurationException(client.property("api", GrokChatProperties::api),
					"is 'responses', which the transport 'spring-ai' does not support",
					"Set '" + client.property("transport", GrokChatProperties::transport)
							+ "' to 'native', or set the property to 'chat-completions'.");
		}
		String need = (springAi || chat.api() == GrokChatProperties.Api.CHAT_COMPLETIONS)
				? EndpointSelector.findRequirement(chat.toOptions(), catalog) : null;
		if (need != null) {
			throw springAi
					? refused(client.property("transport", GrokChatProperties::transport), "spring-ai", need,
							"Set the property to 'native', or remove the feature from the client.")
					: refused(client.property("api", GrokChatProperties::api), "chat-completions", need,
							"Set the property to 'auto' or 'responses', or remove the feature from the client.");
		}
	}

	/**
	 * Validates that xAI sends no secret of a client unencrypted.
	 * @param client the settings of the client
	 * @throws GrokConfigurationException if the authorization or the headers of an MCP
	 * server would be sent unencrypted
	 */
	static void checkEncrypted(GrokClientSettings client) {
		GrokToolsProperties tools = client.chat().tools();
		List<GrokToolsProperties.Server> servers = (tools != null && tools.mcp() != null) ? tools.mcp() : List.of();
		for (int i = 0; i < servers.size(); i++) {
			GrokToolsProperties.Server server = servers.get(i);
			if (server.isInsecure()) {
				throw new GrokConfigurationException(client.prefix() + ".tools.mcp[" + i + "].url",
						"has the scheme http, so xAI would send the authorization or headers of the MCP server '"
								+ server.label() + "' unencrypted",
						"Set the property to a URL that begins with https://, or set 'grok.http.allow-insecure' to 'true'.");
			}
		}
	}

	private static GrokConfigurationException refused(String property, String value, @Nullable String need,
			String action) {
		return new GrokConfigurationException(property,
				"is '" + value + "', but the client uses " + need + ", which requires the Responses API", action);
	}

}
