package io.github.grokspring.autoconfigure;

import org.springframework.ai.chat.client.ChatClient;

/**
 * Callback that customizes the builder of a Grok
 * {@link org.springframework.ai.chat.client.ChatClient}. Called after Spring AI's own
 * customizers, which apply to all clients of the application, and can override them.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokChatClientCustomizer {

	/**
	 * Customizes the builder of a client.
	 * @param client the name of the client, {@code default} for the default client
	 * @param builder the builder to customize
	 */
	void customize(String client, ChatClient.Builder builder);

}
