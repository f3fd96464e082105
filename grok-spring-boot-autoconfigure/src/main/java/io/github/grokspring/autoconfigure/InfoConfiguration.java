package io.github.grokspring.autoconfigure;

import io.github.grokspring.actuate.GrokInfoContributor;
import io.github.grokspring.catalog.ModelCatalog;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the Grok section of {@code /actuator/info}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(GrokEventPublisher.class)
@ConditionalOnEnabledInfoContributor("grok")
class InfoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "grokInfoContributor")
	GrokInfoContributor grokInfoContributor(GrokChatProperties chat, ModelCatalog catalog) {
		return new GrokInfoContributor(GrokInfoContributor.class.getPackage().getImplementationVersion(),
				String.valueOf(GrokClientSettings.ofDefault(chat).chat().model()), catalog);
	}

}
