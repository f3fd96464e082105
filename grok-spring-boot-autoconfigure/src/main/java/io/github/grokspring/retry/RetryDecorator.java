package io.github.grokspring.retry;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.Position;
import io.github.grokspring.event.GrokEventListener;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Puts retries around a client.
 *
 * @param retries what decides
 * @param events is told of attempts that failed
 */
record RetryDecorator(RetrySettings retries, GrokEventListener events) implements ChatModelDecorator {

	@Override
	public Position position() {
		return Position.RETRY;
	}

	@Override
	public ChatModel decorate(String client, ChatModel delegate) {
		return new RetryingChatModel(client, delegate, this.retries, this.events);
	}

}
