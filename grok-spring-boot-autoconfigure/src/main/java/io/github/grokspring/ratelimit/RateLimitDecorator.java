package io.github.grokspring.ratelimit;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.Position;
import io.github.grokspring.event.GrokEventListener;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Puts clients below limits, if there are any.
 *
 * @param limits the limits
 * @param listener is told how long requests waited
 */
record RateLimitDecorator(RateLimits limits, GrokEventListener listener) implements ChatModelDecorator {

	@Override
	public Position position() {
		return Position.RATE_LIMIT;
	}

	@Override
	public ChatModel decorate(String client, ChatModel delegate) {
		return this.limits.isActive() ? RateLimitingChatModel.create(delegate, client, this.limits, this.listener)
				: delegate;
	}

}
