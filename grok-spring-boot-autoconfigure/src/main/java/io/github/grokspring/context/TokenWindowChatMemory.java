package io.github.grokspring.context;

import java.util.Objects;
import java.util.concurrent.Executor;

import io.github.grokspring.token.PromptTokenEstimator;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.util.Assert;

/**
 * {@link ChatMemory} with a maximum number of tokens. The oldest turns are removed as a
 * whole, including tool calls and their responses. System messages and the last turn are
 * never removed.
 * <p>
 * If a summarizer is configured, removed turns are replaced by a summary, which becomes
 * the first message of the conversation, with the assistant role. Turns are not removed
 * before they are summarized: if the model fails, they remain in the repository, up to
 * four times the limit, and are summarized with the next message. In the meantime {@code
 * get} returns the messages within the limit.
 * <p>
 * Thread-safe, provided that no other memory writes to the repository.
 *
 * @since 0.1.0
 */
public interface TokenWindowChatMemory extends ChatMemory {

	/**
	 * Creates a builder.
	 * @param maxTokens the maximum number of tokens, including the summary and system
	 * messages
	 * @return the builder
	 */
	static Builder builder(int maxTokens) {
		return new Builder(maxTokens);
	}

	/**
	 * Builder for {@link TokenWindowChatMemory}. Not thread-safe.
	 */
	final class Builder {

		final int maxTokens;

		ChatMemoryRepository repository = new InMemoryChatMemoryRepository();

		PromptTokenEstimator tokens = PromptTokenEstimator.approximate();

		@Nullable ChatModel summarizer;

		Executor executor = Runnable::run;

		private Builder(int maxTokens) {
			Assert.isTrue(maxTokens > 0, "'maxTokens' must be positive");
			this.maxTokens = maxTokens;
		}

		/**
		 * Sets the repository. Conversations are held in memory by default.
		 * @param repository the repository
		 * @return this builder
		 */
		public Builder repository(ChatMemoryRepository repository) {
			this.repository = Objects.requireNonNull(repository, "'repository' must not be null");
			return this;
		}

		/**
		 * Sets the tokenizer, for example the bean {@code grokTokenizer}. By default
		 * tokens are estimated by characters.
		 * @param tokenizer the tokenizer
		 * @return this builder
		 */
		public Builder tokenizer(TokenCountEstimator tokenizer) {
			this.tokens = PromptTokenEstimator.counting(tokenizer);
			return this;
		}

		/**
		 * Sets the model that summarizes removed turns. It is called whenever turns are
		 * removed, on the thread that adds messages unless an {@link #executor} is set.
		 * @param model a model, preferably an inexpensive one
		 * @return this builder
		 */
		public Builder summarizer(ChatModel model) {
			this.summarizer = Objects.requireNonNull(model, "'model' must not be null");
			return this;
		}

		/**
		 * Sets the executor for summaries, so that adding messages does not block.
		 * @param executor an executor for blocking calls
		 * @return this builder
		 */
		public Builder executor(Executor executor) {
			this.executor = Objects.requireNonNull(executor, "'executor' must not be null");
			return this;
		}

		/**
		 * Builds the memory.
		 * @return the memory
		 */
		public TokenWindowChatMemory build() {
			return new DefaultTokenWindowChatMemory(this);
		}

	}

}
