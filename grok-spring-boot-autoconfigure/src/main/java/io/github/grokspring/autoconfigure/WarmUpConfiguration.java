package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the warm-up of the {@code native} transport.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
@ConditionalOnBooleanProperty(name = "grok.warm-up", matchIfMissing = true)
class WarmUpConfiguration {

	@Bean
	WarmUp grokWarmUp(ModelCatalog catalog, GrokChatProperties chat, GrokConnectionDetails connectionDetails) {
		GrokClientSettings client = GrokClientSettings.ofDefault(chat);
		return new WarmUp(new FirstCallWarmUp(catalog, String.valueOf(client.chat().model()),
				connectionDetails.getBaseUrl().startsWith("https:")));
	}

}
