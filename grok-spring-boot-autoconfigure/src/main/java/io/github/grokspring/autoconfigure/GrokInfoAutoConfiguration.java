package io.github.grokspring.autoconfigure;

import io.github.grokspring.actuate.GrokInfoContributor;
import io.github.grokspring.catalog.ModelCatalog;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what {@code /actuator/info} says
 * about Grok.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = GrokAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(GrokEvents.class)
@ConditionalOnEnabledInfoContributor("grok")
public final class GrokInfoAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "grokInfoContributor")
	GrokInfoContributor grokInfoContributor(GrokChatProperties chat, ModelCatalog catalog) {
		return new GrokInfoContributor(GrokInfoContributor.class.getPackage().getImplementationVersion(),
				String.valueOf(GrokClientSettings.ofDefault(chat).chat().model()), catalog);
	}

}
