package io.github.grokspring.autoconfigure;

import java.security.SecureRandom;

import io.github.grokspring.redaction.PromptGuard;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The guard against instructions in what users write. It is there for templates even when
 * it is not put into the clients.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokPromptGuardProperties.class)
class PromptGuardConfiguration {

	@Bean
	@ConditionalOnMissingBean(PromptGuard.class)
	PromptGuard grokPromptGuard(GrokPromptGuardProperties properties) {
		return (properties.secret() != null) ? PromptGuard.create(properties.secret())
				: PromptGuard.create(new SecureRandom());
	}

	/**
	 * Puts the guard into every {@link ChatClient}.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ChatClient.class)
	@ConditionalOnBooleanProperty("grok.prompt-guard.enabled")
	static class Clients {

		@Bean
		@ConditionalOnMissingBean(name = "grokPromptGuardCustomizer")
		GrokChatClientCustomizer grokPromptGuardCustomizer(PromptGuard guard) {
			return (client, builder) -> builder.defaultAdvisors(new PromptGuardAdvisor(guard));
		}

	}

}
