package io.github.grokspring.chain;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * A {@link ChatModel} that passes everything on, so that a decoration overrides only what
 * it changes.
 *
 * @since 0.1.0
 */
public abstract class ForwardingChatModel implements ChatModel {

	private final ChatModel delegate;

	/**
	 * Forward to a model.
	 * @param delegate the model
	 */
	protected ForwardingChatModel(ChatModel delegate) {
		this.delegate = delegate;
	}

	/**
	 * The model that is forwarded to.
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
