package io.github.grokspring.chain;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Base class for a {@link ChatModel} that forwards to a delegate.
 *
 * @since 0.1.0
 */
public abstract class ForwardingChatModel implements ChatModel {

	private final ChatModel delegate;

	/**
	 * Creates a model.
	 * @param delegate the delegate
	 */
	protected ForwardingChatModel(ChatModel delegate) {
		this.delegate = delegate;
	}

	/**
	 * Returns the delegate.
	 * @return the delegate
	 */
	protected final ChatModel delegate() {
		return this.delegate;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return this.delegate.call(prompt);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return this.delegate.stream(prompt);
	}

	@Override
	public ChatOptions getOptions() {
		return this.delegate.getOptions();
	}

}
