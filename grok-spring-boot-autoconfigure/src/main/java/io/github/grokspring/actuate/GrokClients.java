package io.github.grokspring.actuate;

import java.util.List;

import io.github.grokspring.chain.GrokChatModel;
import org.jspecify.annotations.Nullable;

/**
 * The clients of an application.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokClients {

	/**
	 * The clients that were made so far.
	 * @return the clients, the default one first
	 */
	List<Client> clients();

	/**
	 * A client.
	 *
	 * @param model its model, which knows name, defaults and stages
	 * @param transport what carries its requests, {@code null} if that is not known
	 * @param host where they go, {@code null} if that is not known
	 * @param systemPrompt whether it has a system prompt, {@code null} if that is not
	 * known
	 */
	record Client(GrokChatModel model, @Nullable String transport, @Nullable String host,
			@Nullable Boolean systemPrompt) {

	}

}
