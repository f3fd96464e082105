package io.github.grokspring.autoconfigure;

import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Transport shared by the clients that use it. Wraps its model so that the model is not a
 * candidate for injection by type.
 *
 * @param name returns the name of the transport for the options of a client
 * @param model the innermost model of a chain
 * @param release releases the resources of the model
 */
record ChatTransport(Function<GrokChatOptions, String> name, ChatModel model,
		Runnable release) implements AutoCloseable {

	@Override
	public void close() {
		this.release.run();
	}

}
