package io.github.grokspring.docs;

import java.util.concurrent.Executor;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.context.TokenWindowChatMemory;
import io.github.grokspring.error.ContextOverflowException;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Code of {@code docs/context.md}.
 */
final class Contexts {

	private Contexts() {
	}

	static class Texts {

		private final TokenCountEstimator tokenizer;

		private final ChatClient chatClient;

		Texts(TokenCountEstimator tokenizer, ChatClient chatClient) {
			this.tokenizer = tokenizer;
			this.chatClient = chatClient;
		}

		boolean isShort(String text) {
			return this.tokenizer.estimate(text) < 2_000;
		}

		String ask(String question) {
			try {
				return this.chatClient.prompt(question).call().content();
			}
			catch (ContextOverflowException ex) {
				return "Too long by some " + (ex.estimated() - ex.window()) + " tokens for " + ex.model();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Fitting {

		@Bean
		ChatMemory chatMemory(ChatMemoryRepository repository, TokenCountEstimator grokTokenizer) {
			return TokenWindowChatMemory.builder(8_000).repository(repository).tokenizer(grokTokenizer).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Summarizing {

		@Bean
		ChatMemory summarizingMemory(ChatMemoryRepository repository, ChatModel chatModel, Executor executor) {
			return TokenWindowChatMemory.builder(8_000)
				.repository(repository)
				.summarizer((prompt) -> chatModel.call(new Prompt(prompt.getInstructions(),
						GrokChatOptions.builder().model("grok-4.20-0309-non-reasoning").maxTokens(2_000).build())))
				.executor(executor)
				.build();
		}

	}

}
