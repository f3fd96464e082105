package io.github.grokspring.chain;

import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatModel;

/**
 * {@link ChatModelDecorator} backed by a function.
 *
 * @param position the position in the chain
 * @param customName the name of the stage, or {@code null} for that of the position
 * @param decoration decorates the chain of a client, given its name
 */
record FunctionDecorator(Position position, @Nullable String customName,
		BiFunction<String, ChatModel, ChatModel> decoration) implements ChatModelDecorator {

	@Override
	public ChatModel decorate(String client, ChatModel delegate) {
		return this.decoration.apply(client, delegate);
	}

	@Override
	public String name() {
		return (this.customName != null) ? this.customName : ChatModelDecorator.super.name();
	}

}
