package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.error.GrokDisabledException;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a chat model and clients whose
 * calls fail with a {@link GrokDisabledException}, for applications that disable Grok.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration")
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnBooleanProperty(name = "grok.enabled", havingValue = false)
@ConditionalOnProperty(name = "grok.when-disabled", havingValue = "stub")
public final class GrokDisabledAutoConfiguration {

	@Bean(GrokChatModelConfiguration.BEAN_NAME)
	@Fallback
	@ConditionalOnMissingBean(value = GrokChatModel.class, name = GrokChatModelConfiguration.BEAN_NAME)
	@ConditionalOnProperty(name = "spring.ai.model.chat", havingValue = "grok", matchIfMissing = true)
	GrokChatModel grokChatModel() {
		return stub();
	}

	private static GrokChatModel stub() {
		return GrokChatModel.builder("disabled", new DisabledChatModel())
			.options(GrokChatProperties.DEFAULTS.toOptions())
			.build();
	}

	/**
	 * Default and named clients.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ChatClient.class)
	@Import(NamedClientsRegistrar.class)
	static class Clients {

		@Bean
		@Fallback
		@ConditionalOnMissingBean(name = "grokChatClient")
		ChatClient grokChatClient() {
			return ChatClient.create(stub());
		}

		@Bean(GrokChatClientAutoConfiguration.NAMED_CLIENTS_BEAN_NAME)
		DisabledClients grokNamedClients() {
			return new DisabledClients();
		}

	}

	/**
	 * Factory of the named clients.
	 */
	static final class DisabledClients {

		ChatClient client(String name) {
			return ChatClient.create(stub());
		}

	}

	/**
	 * Chat model whose calls fail.
	 */
	private static final class DisabledChatModel implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			throw new GrokDisabledException();
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.error(GrokDisabledException::new);
		}

	}

}
