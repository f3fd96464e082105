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
 * A {@link ChatMemory} that remembers as much of a conversation as has room in a number
 * of tokens. What leaves is the oldest turn as a whole, the calls of tools with their
 * answers; system messages and the last turn always stay.
 * <p>
 * With a model to summarize, what leaves goes into a summary, which is the first message
 * of the conversation and said by the model. Nothing is taken away before its summary is
 * there: while the model fails, older turns stay in the repository, up to four times the
 * limit, and are summarized with the next message. Meanwhile {@code get} returns what has
 * room.
 * <p>
 * Several threads may use a conversation at once: what one adds is not lost by another,
 * as far as this memory is the only one that writes to the repository.
 *
 * @since 0.1.0
 */
public interface TokenWindowChatMemory extends ChatMemory {

	/**
	 * Start a memory.
	 * @param maxTokens how many tokens it may have, summary and system messages included
	 * @return a builder
	 */
	static Builder builder(int maxTokens) {
		return new Builder(maxTokens);
	}

	/**
	 * Builder for {@link TokenWindowChatMemory}. Not safe for use by several threads.
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
		 * Set where conversations are kept; in memory if it is not set.
		 * @param repository the repository
		 * @return this builder
		 */
		public Builder repository(ChatMemoryRepository repository) {
			this.repository = Objects.requireNonNull(repository, "'repository' must not be null");
			return this;
		}

		/**
		 * Set what counts texts, such as the bean {@code grokTokenizer}; their characters
		 * are counted if it is not set.
		 * @param tokenizer counts a text
		 * @return this builder
		 */
		public Builder tokenizer(TokenCountEstimator tokenizer) {
			this.tokens = PromptTokenEstimator.counting(tokenizer);
			return this;
		}

		/**
		 * Have what leaves summarized. A call is made whenever turns leave, by the thread
		 * that adds to the memory unless there is an {@link #executor}.
		 * @param model a model that is cheap
		 * @return this builder
		 */
		public Builder summarizer(ChatModel model) {
			this.summarizer = Objects.requireNonNull(model, "'model' must not be null");
			return this;
		}

		/**
		 * Set who summarizes, so that whoever adds to the memory does not wait for it.
		 * @param executor runs calls that block
		 * @return this builder
		 */
		public Builder executor(Executor executor) {
			this.executor = Objects.requireNonNull(executor, "'executor' must not be null");
			return this;
		}

		/**
		 * Create the memory.
		 * @return the memory
		 */
		public TokenWindowChatMemory build() {
			return new DefaultTokenWindowChatMemory(this);
		}

	}

}
