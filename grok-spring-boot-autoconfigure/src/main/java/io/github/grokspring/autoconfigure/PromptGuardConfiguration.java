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
 * The guard against instructions in what users write. It is there for templates even when
 * it is not put into the models.
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
	 * Fences the documents of retrieval.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DocumentPostProcessor.class)
	static class Retrieval {

		// There even when the guard is switched off, so that what it is wired into starts
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
