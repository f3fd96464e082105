package io.github.grokspring.docs;

import java.util.List;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ModelRedirected;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Code of {@code docs/models-and-parameters.md} and
 * {@code docs/migration-from-openai.md}.
 */
class Models {

	private final ChatClient chatClient;

	Models(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	List<String> leftOut(String question) {
		ChatResponse answer = this.chatClient.prompt().user(question).call().chatResponse();
		return answer.getMetadata().getOrDefault("grok.scrubbed", List.of());
	}

	String asBefore(String question) {
		return this.chatClient.prompt()
			.user(question)
			.options(OpenAiChatOptions.builder().temperature(0.1).maxCompletionTokens(300))
			.call()
			.content();
	}

	String nowadays(String question) {
		return this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().temperature(0.1).maxTokens(300).reasoningEffort("low"))
			.call()
			.content();
	}

	@Configuration(proxyBeanMethods = false)
	static class Auditing {

		@Bean
		GrokEventListener redirects(List<String> audit) {
			return (event) -> {
				if (event instanceof ModelRedirected redirected) {
					audit.add(redirected.requested() + " was answered by " + redirected.served());
				}
			};
		}

	}

}
