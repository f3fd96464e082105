package io.github.grokspring.autoconfigure;

import java.security.SecureRandom;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.redaction.PromptGuard;
import io.github.grokspring.redaction.PromptGuardChatModel;

import org.springframework.ai.document.Document;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the prompt guard. The bean also exists when the guard is not applied
 * to the models, for use in templates.
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

	@Bean
	@ConditionalOnBooleanProperty("grok.prompt-guard.enabled")
	@ConditionalOnMissingBean(name = "grokPromptGuardDecorator")
	ChatModelDecorator grokPromptGuardDecorator(PromptGuard guard) {
		return PromptGuardChatModel.decorator(guard);
	}

	/**
	 * Encloses retrieved documents in delimiters.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DocumentPostProcessor.class)
	static class Retrieval {

		// Present even if the guard is disabled, so that beans that inject it can be
		// created
		@Bean
		@ConditionalOnMissingBean(name = "grokDocumentPostProcessor")
		DocumentPostProcessor grokDocumentPostProcessor(PromptGuard guard, GrokPromptGuardProperties properties) {
			return (query, documents) -> properties.enabled()
					? documents.stream().map((document) -> fenced(document, guard)).toList() : documents;
		}

		private static Document fenced(Document document, PromptGuard guard) {
			String text = document.getText();
			return (text != null) ? document.mutate().text(guard.fence(text)).build() : document;
		}

	}

}
