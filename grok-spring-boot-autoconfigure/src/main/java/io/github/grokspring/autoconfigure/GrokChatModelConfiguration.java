package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.GrokChatModel;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Primary;

/**
 * Configuration of the model of the default client. Depending on
 * {@code spring.ai.model.chat}, it comes before the models of other providers (Grok is
 * selected), after them (nothing is selected) or is absent (another one is selected). The
 * nested configurations must be imported in the order in which they are declared.
 */
final class GrokChatModelConfiguration {

	static final String BEAN_NAME = "grokChatModel";

	private static final String CHOICE = "spring.ai.model.chat";

	private GrokChatModelConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = CHOICE, havingValue = "grok")
	static class PrimaryModelConfiguration {

		@Bean(BEAN_NAME)
		@Primary
		@ConditionalOnMissingBean(value = GrokChatModel.class, name = BEAN_NAME)
		GrokChatModel grokChatModel(GrokChatModelFactory models, GrokChatProperties chat) {
			return models.create(GrokClientSettings.ofDefault(chat));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = CHOICE, havingValue = "grok", matchIfMissing = true)
	static class AvailableModelConfiguration {

		@Bean(BEAN_NAME)
		@Fallback
		@ConditionalOnMissingBean(value = GrokChatModel.class, name = BEAN_NAME)
		GrokChatModel grokChatModel(GrokChatModelFactory models, GrokChatProperties chat) {
			return models.create(GrokClientSettings.ofDefault(chat));
		}

	}

}
