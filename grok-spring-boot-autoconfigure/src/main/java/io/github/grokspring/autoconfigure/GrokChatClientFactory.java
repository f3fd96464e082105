package io.github.grokspring.autoconfigure;

import java.util.List;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.client.AdvisorParams;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.client.advisor.observation.AdvisorObservationConvention;
import org.springframework.ai.chat.client.observation.ChatClientObservationConvention;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientBuilderConfigurer;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientBuilderProperties;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates {@link ChatClient}s like Spring AI creates its builder, so that the
 * customizations of the application apply.
 */
final class GrokChatClientFactory {

	private final ObjectProvider<ChatClientBuilderConfigurer> configurer;

	private final ObjectProvider<ChatClientBuilderProperties> properties;

	private final ObjectProvider<ToolCallingAdvisor.Builder<?>> toolCallingAdvisorBuilder;

	private final ObjectProvider<ObservationRegistry> observationRegistry;

	private final ObjectProvider<ChatClientObservationConvention> clientConvention;

	private final ObjectProvider<AdvisorObservationConvention> advisorConvention;

	private final ChatClientBuilderCustomizer advisors;

	private final List<GrokChatClientCustomizer> customizers;

	GrokChatClientFactory(ObjectProvider<ChatClientBuilderConfigurer> configurer,
			ObjectProvider<ChatClientBuilderProperties> properties,
			ObjectProvider<ToolCallingAdvisor.Builder<?>> toolCallingAdvisorBuilder,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ChatClientObservationConvention> clientConvention,
			ObjectProvider<AdvisorObservationConvention> advisorConvention, ChatClientBuilderCustomizer advisors,
			List<GrokChatClientCustomizer> customizers) {
		this.configurer = configurer;
		this.properties = properties;
		this.toolCallingAdvisorBuilder = toolCallingAdvisorBuilder;
		this.observationRegistry = observationRegistry;
		this.clientConvention = clientConvention;
		this.advisorConvention = advisorConvention;
		this.advisors = advisors;
		this.customizers = customizers;
	}

	/**
	 * Creates a client. The defaults of a client are options of its model, so that
	 * options of a request do not remove them. Its system prompt is set on both: on the
	 * client, where it can have parameters, and on the model for other callers.
	 * @param client the effective settings of the client
	 * @param model its model
	 * @return the client
	 */
	ChatClient create(GrokClientSettings client, ChatModel model) {
		ChatClient.Builder builder = ChatClient.builder(model,
				this.observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP),
				this.clientConvention.getIfUnique(), this.advisorConvention.getIfUnique(),
				this.toolCallingAdvisorBuilder.getIfAvailable());
		ChatClientBuilderProperties springAi = this.properties.getIfAvailable();
		if (springAi != null && !springAi.getToolCalling().isEnabled()) {
			builder.defaultAdvisors(AdvisorParams.toolCallingAdvisorAutoRegister(false));
		}
		if (client.chat().system() != null) {
			builder.defaultSystem(client.chat().system());
		}
		ChatClientBuilderConfigurer springAiConfigurer = this.configurer.getIfAvailable();
		if (springAiConfigurer != null) {
			springAiConfigurer.configure(builder);
		}
		else {
			this.advisors.customize(builder);
		}
		this.customizers.forEach((customizer) -> customizer.customize(client.name(), builder));
		return builder.build();
	}

}
