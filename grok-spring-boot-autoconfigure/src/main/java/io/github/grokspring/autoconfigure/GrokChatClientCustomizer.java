package io.github.grokspring.autoconfigure;

import org.springframework.ai.chat.client.ChatClient;

/**
 * Callback that can change the builder of a Grok
 * {@link org.springframework.ai.chat.client.ChatClient} before it is built. Called after
 * Spring AI's own customizers, which see every client of the application, so it has the
 * last word.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokChatClientCustomizer {

	/**
	 * Customize a client.
	 * @param client the name of the client, {@code default} for the one without a name
	 * @param builder the builder to change
	 */
	void customize(String client, ChatClient.Builder builder);

}
