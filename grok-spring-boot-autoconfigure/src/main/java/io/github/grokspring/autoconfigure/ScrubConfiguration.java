package io.github.grokspring.autoconfigure;

import java.time.InstantSource;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.scrub.ResponseCheckChatModel;
import io.github.grokspring.scrub.RunawayGuardChatModel;
import io.github.grokspring.scrub.Scrubber;
import io.github.grokspring.scrub.ScrubbingChatModel;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Configuration of the stages next to the transport, which scrub requests and check
 * responses.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ GrokScrubProperties.class, GrokRunawayGuardProperties.class })
class ScrubConfiguration {

	private static final String ENABLED = "grok.scrub.enabled";

	@Bean
	@ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
	@ConditionalOnMissingBean(Scrubber.class)
	Scrubber grokScrubber(ModelCatalog catalog, GrokScrubProperties properties) {
		return Scrubber.create(catalog, properties.onUnsupported(), properties.learn());
	}

	@Bean
	@Order(10)
	@ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
	@ConditionalOnMissingBean(name = "grokScrubbingDecorator")
	ChatModelDecorator grokScrubbingDecorator(Scrubber scrubber, GrokEventPublisher events) {
		return ScrubbingChatModel.decorator(scrubber, events.listener());
	}

	// Inside of scrubbing, so that it sees the request that is sent
	@Bean
	@Order(20)
	@ConditionalOnMissingBean(name = "grokAnswerCheckDecorator")
	ChatModelDecorator grokAnswerCheckDecorator(ModelCatalog catalog, GrokEventPublisher events) {
		return ResponseCheckChatModel.decorator(catalog, events.listener(), InstantSource.system());
	}

	// Inside of the response check, so that a response is not reported twice
	@Bean
	@Order(30)
	@ConditionalOnMissingBean(name = "grokRunawayGuardDecorator")
	ChatModelDecorator grokRunawayGuardDecorator(GrokRunawayGuardProperties properties, GrokEventPublisher events) {
		return RunawayGuardChatModel.decorator(properties.toSettings(), events.listener());
	}

}
