package io.github.grokspring.actuate;

import java.util.List;

import io.github.grokspring.chain.GrokChatModel;
import org.jspecify.annotations.Nullable;

/**
 * Provides the clients of the application.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokClients {

	/**
	 * Returns the clients that have been created.
	 * @return the clients, starting with the default one
	 */
	List<Client> clients();

	/**
	 * A client.
	 *
	 * @param model the chat model
	 * @param transport the transport, {@code null} if not known
	 * @param host the host that requests are sent to, {@code null} if not known
	 * @param systemPrompt whether the client has a system prompt, {@code null} if not
	 * known
	 */
	record Client(GrokChatModel model, @Nullable String transport, @Nullable String host,
			@Nullable Boolean systemPrompt) {

	}

}
