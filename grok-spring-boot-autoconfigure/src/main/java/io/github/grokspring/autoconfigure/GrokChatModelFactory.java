package io.github.grokspring.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.grokspring.chain.CallObserver;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates the chat model of a client from its properties.
 */
final class GrokChatModelFactory {

	private final ObjectProvider<ChatTransport> nativeTransport;

	private final ObjectProvider<ChatTransport> springAiTransport;

	private final List<ChatModelDecorator> decorators;

	private final ModelValidator checks;

	private final GrokEventListener listener;

	private final CallObserver observer;

	private final Runnable requireKey;

	private final Map<String, CreatedClient> made = new ConcurrentHashMap<>();

	GrokChatModelFactory(ObjectProvider<ChatTransport> nativeTransport, ObjectProvider<ChatTransport> springAiTransport,
			List<ChatModelDecorator> decorators, ModelValidator checks, GrokEventListener listener,
			CallObserver observer, Runnable requireKey) {
		this.nativeTransport = nativeTransport;
		this.springAiTransport = springAiTransport;
		this.decorators = decorators;
		this.checks = checks;
		this.listener = listener;
		this.observer = observer;
		this.requireKey = requireKey;
	}

	/**
	 * Creates the model of a client.
	 * @param client the settings of the client
	 * @return the model
	 * @throws GrokConfigurationException if the library of its transport is missing, or
	 * its model does not support its properties
	 */
	GrokChatModel create(GrokClientSettings client) {
		this.requireKey.run();
		this.checks.check(client);
		ChatTransport transport = transport(client);
		GrokChatOptions options = client.chat().toOptions();
		GrokChatModel model = GrokChatModel.builder(transport.name().apply(options), transport.model())
			.name(client.name())
			.options(options)
			.system(client.chat().system())
			.decorators(this.decorators)
			.listener(this.listener)
			.observer(this.observer)
			.allowInsecure(this.checks.allowsInsecure())
			.build();
		this.made.put(client.name(), new CreatedClient(client, model));
		return model;
	}

	/**
	 * Returns the clients created so far.
	 * @return the clients, in no particular order
	 */
	Collection<CreatedClient> createdClients() {
		return List.copyOf(this.made.values());
	}

	/**
	 * Returns the settings of the client whose default options the given options are
	 * derived from.
	 * @param options the options of a request
	 * @return the settings, or {@code null} if the application created the model itself
	 */
	@Nullable GrokClientSettings settingsOf(GrokChatOptions options) {
		for (CreatedClient made : this.made.values()) {
			if (made.model().isOriginOf(options)) {
				return made.settings();
			}
		}
		return null;
	}

	private ChatTransport transport(GrokClientSettings client) {
		boolean springAi = client.chat().transport() == GrokChatProperties.Transport.SPRING_AI;
		ChatTransport transport = (springAi ? this.springAiTransport : this.nativeTransport).getIfAvailable();
		if (transport == null) {
			throw springAi
					? missing(client, "spring-ai", "org.springframework.ai:spring-ai-openai",
							", or set '" + client.prefix() + ".transport' to 'native'")
					: missing(client, "native", "io.projectreactor.netty:reactor-netty-http", "");
		}
		return transport;
	}

	private static GrokConfigurationException missing(GrokClientSettings client, String transport, String library,
			String orElse) {
		return new GrokConfigurationException(client.prefix() + ".transport",
				"is '" + transport + "', but " + library + " is not on the class path",
				"Add the dependency " + library + orElse + ".");
	}

	/**
	 * A created client.
	 *
	 * @param settings its settings
	 * @param model its model
	 */
	record CreatedClient(GrokClientSettings settings, GrokChatModel model) {

	}

}
