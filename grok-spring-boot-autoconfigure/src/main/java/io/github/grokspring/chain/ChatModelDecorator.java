package io.github.grokspring.chain;

import java.util.Locale;
import java.util.function.BiFunction;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Decorates a {@link ChatModel} with one concern. A bean of this type is added to the
 * chain of each client at its {@link #position()}. Decorators with the same position are
 * sorted by {@link org.springframework.core.annotation.Order}, with the first one
 * outermost.
 * <p>
 * The decorated model receives prompts with complete {@link GrokChatOptions}.
 * Implementations must be thread-safe, treat {@code call} and {@code stream} alike, and
 * release all resources when a call ends, fails or is cancelled.
 *
 * @since 0.1.0
 */
public interface ChatModelDecorator {

	/**
	 * Creates a decorator with the name of its position.
	 * @param position the position in the chain
	 * @param decoration decorates the chain of a client, given its name
	 * @return the decorator
	 */
	static ChatModelDecorator of(Position position, BiFunction<String, ChatModel, ChatModel> decoration) {
		return new FunctionDecorator(position, null, decoration);
	}

	/**
	 * Creates a decorator.
	 * @param position the position in the chain
	 * @param name the name of the stage
	 * @param decoration decorates the chain of a client, given its name
	 * @return the decorator
	 */
	static ChatModelDecorator of(Position position, String name, BiFunction<String, ChatModel, ChatModel> decoration) {
		return new FunctionDecorator(position, name, decoration);
	}

	/**
	 * Returns the position in the chain.
	 * @return the position
	 */
	Position position();

	/**
	 * Decorates the chain of a client. Invoked once per client.
	 * @param client the name of the client, {@code default} for the unnamed one
	 * @param delegate the rest of the chain
	 * @return the decorated model, or the delegate to add no stage
	 */
	ChatModel decorate(String client, ChatModel delegate);

	/**
	 * Returns the name of the stage in {@code toString} and reports.
	 * @return a short lower-case name with hyphens
	 */
	default String name() {
		return position().name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
