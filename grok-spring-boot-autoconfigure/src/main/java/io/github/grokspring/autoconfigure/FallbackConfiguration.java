package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.fallback.FallbackChatModel;
import io.github.grokspring.fallback.FallbackModels;
import io.github.grokspring.fallback.FallbackRule;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Configuration of the fallback to other models.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokFallbackProperties.class)
class FallbackConfiguration {

	@Bean
	@ConditionalOnMissingBean(FallbackRule.class)
	FallbackRule grokFallbackRule(GrokFallbackProperties properties, Environment environment) {
		return FallbackRule.on(UnquotedYamlOn.read(properties, environment));
	}

	@Bean
	@ConditionalOnMissingBean(name = "grokFallbackDecorator")
	ChatModelDecorator grokFallbackDecorator(GrokFallbackProperties properties, FallbackRule rule, ModelCatalog catalog,
			GrokEventPublisher events, ConfigurableListableBeanFactory beans, GrokConnectionDetails connectionDetails) {
		new FallbackModelValidator(catalog, BaseUrl.of(connectionDetails.getBaseUrl()).host())
			.check(properties.models());
		FallbackChatModelBeans others = new FallbackChatModelBeans(beans);
		others.check(properties.chatModels());
		return FallbackChatModel.decorator(
				new FallbackModels(properties.models(), properties.chatModels().stream().map(others::other).toList()),
				rule, catalog::resolveId, events.listener());
	}

}
