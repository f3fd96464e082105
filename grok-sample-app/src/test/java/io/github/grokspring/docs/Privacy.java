package io.github.grokspring.docs;

import java.util.List;

import io.github.grokspring.redaction.DetectedValue;
import io.github.grokspring.redaction.PromptGuard;
import io.github.grokspring.redaction.Redactor;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.rag.advisor.RetrievalAugmentationAdvisor;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.ai.rag.retrieval.search.DocumentRetriever;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Code of {@code docs/privacy.md}.
 */
class Privacy {

	private final ChatClient chatClient;

	private final PromptGuard guard;

	Privacy(ChatClient chatClient, PromptGuard guard) {
		this.chatClient = chatClient;
		this.guard = guard;
	}

	String summarise(String document) {
		return this.chatClient.prompt()
			.system("Summarise documents in one sentence. " + this.guard.rule())
			.user("Summarise this:\n" + this.guard.fence(document))
			.call()
			.content();
	}

	interface CustomerNames {

		List<Found> in(String text);

		record Found(int start, int end) {

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Retrieval {

		@Bean
		RetrievalAugmentationAdvisor retrieval(DocumentRetriever retriever, DocumentPostProcessor fences) {
			return RetrievalAugmentationAdvisor.builder()
				.documentRetriever(retriever)
				.documentPostProcessors(fences)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Names {

		@Bean
		Redactor customers(CustomerNames names) {
			return (text) -> names.in(text)
				.stream()
				.map((found) -> new DetectedValue("customer", found.start(), found.end()))
				.toList();
		}

	}

}
