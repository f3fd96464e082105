package io.github.grokspring.chain;

import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatModel;

/**
 * A decorator made of a function.
 *
 * @param position where in the chain the decoration belongs
 * @param customName what the stage is called, {@code null} if like its position
 * @param decoration decorates the chain of a client
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
