package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.redaction.PromptGuard;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.client.advisor.observation.AdvisorObservationConvention;
import org.springframework.ai.chat.client.observation.ChatClientObservationConvention;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientBuilderConfigurer;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientBuilderProperties;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link ChatClient} beans:
 * the default client and one for each {@code grok.clients.<name>}. Applied last, so that
 * a named client never replaces a bean of the application or of another library.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = GrokAutoConfiguration.class,
		afterName = "org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration")
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ ChatClient.class, ChatClientBuilderConfigurer.class })
@ConditionalOnBooleanProperty(name = "grok.enabled", matchIfMissing = true)
@Import(NamedClientsRegistrar.class)
public final class GrokChatClientAutoConfiguration {

	static final String CUSTOMIZER_BEAN_NAME = "grokChatClientBuilderCustomizer";

	static final String NAMED_CLIENTS_BEAN_NAME = "grokNamedClients";

	@Bean
	GrokChatClientFactory grokChatClientFactory(ObjectProvider<ChatClientBuilderConfigurer> configurer,
			ObjectProvider<ChatClientBuilderProperties> properties,
			ObjectProvider<ToolCallingAdvisor.Builder<?>> toolCallingAdvisorBuilder,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ChatClientObservationConvention> clientConvention,
			ObjectProvider<AdvisorObservationConvention> advisorConvention,
			@Qualifier(CUSTOMIZER_BEAN_NAME) ChatClientBuilderCustomizer advisors,
			ObjectProvider<GrokChatClientCustomizer> customizers) {
		return new GrokChatClientFactory(configurer, properties, toolCallingAdvisorBuilder, observationRegistry,
				clientConvention, advisorConvention, advisors, customizers.orderedStream().toList());
	}

	@Bean(CUSTOMIZER_BEAN_NAME)
	@ConditionalOnMissingBean(name = CUSTOMIZER_BEAN_NAME)
	ChatClientBuilderCustomizer grokChatClientBuilderCustomizer(GrokProperties properties, GrokChatProperties chat,
			GrokPromptGuardProperties promptGuard, ObjectProvider<PromptGuard> guard,
			ObjectProvider<GrokChatModelFactory> models) {
		return new GrokChatClientBuilderCustomizer(properties, chat, promptGuard.enabled() ? guard.getIfUnique() : null,
				models);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(name = "grokChatClient")
	ChatClient grokChatClient(GrokChatProperties chat, BeanFactory beans, ObjectProvider<GrokChatModel> model,
			GrokChatModelFactory models, GrokChatClientFactory clients) {
		GrokClientSettings client = GrokClientSettings.ofDefault(chat);
		String name = GrokChatModelConfiguration.BEAN_NAME;
		// Injected by name, because a replacement, for example a mock, may be any
		// ChatModel
		return clients.create(client, (beans.containsBean(name) && beans.isTypeMatch(name, ChatModel.class))
				? beans.getBean(name, ChatModel.class) : model.getIfUnique(() -> models.create(client)));
	}

	@Bean(NAMED_CLIENTS_BEAN_NAME)
	GrokNamedClients grokNamedClients(GrokProperties properties, GrokChatProperties chat, GrokChatModelFactory models,
			GrokChatClientFactory clients, BeanFactory beans) {
		return new GrokNamedClients(properties, chat, models, clients, beans);
	}

}
