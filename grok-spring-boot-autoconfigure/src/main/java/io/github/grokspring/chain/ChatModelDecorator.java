package io.github.grokspring.chain;

import java.util.Locale;
import java.util.function.BiFunction;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Puts one concern around a {@link ChatModel}. A bean of this type joins the chain of
 * every client at its {@link #position()}; several at one position are ordered by
 * {@link org.springframework.core.annotation.Order}, the first being the outer one.
 * <p>
 * The prompt that a decorated model receives always carries complete
 * {@link GrokChatOptions}. Implementations forward {@code call} and {@code stream} alike,
 * hold nothing once a call has ended in any way, and are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface ChatModelDecorator {

	/**
	 * Creates a decorator that is named like its position.
	 * @param position where in the chain the decoration belongs
	 * @param decoration decorates the chain of a client, which it is given by name
	 * @return the decorator
	 */
	static ChatModelDecorator of(Position position, BiFunction<String, ChatModel, ChatModel> decoration) {
		return new FunctionDecorator(position, null, decoration);
	}

	/**
	 * Creates a decorator.
	 * @param position where in the chain the decoration belongs
	 * @param name what the stage is called
	 * @param decoration decorates the chain of a client, which it is given by name
	 * @return the decorator
	 */
	static ChatModelDecorator of(Position position, String name, BiFunction<String, ChatModel, ChatModel> decoration) {
		return new FunctionDecorator(position, name, decoration);
	}

	/**
	 * Where in the chain the decoration belongs.
	 * @return the position
	 */
	Position position();

	/**
	 * Decorate the chain of one client. Called once per client, when it is made.
	 * @param client the name of the client, {@code default} for the one without a name
	 * @param delegate the rest of the chain
	 * @return what callers of this stage see; the delegate itself when there is nothing
	 * to do for this client
	 */
	ChatModel decorate(String client, ChatModel delegate);

	/**
	 * What the stage is called in {@code toString} and reports.
	 * @return a short name in lower case with hyphens
	 */
	default String name() {
		return position().name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
