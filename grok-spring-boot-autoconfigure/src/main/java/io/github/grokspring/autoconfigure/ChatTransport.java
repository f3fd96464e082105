package io.github.grokspring.autoconfigure;

import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;

import org.springframework.ai.chat.model.ChatModel;

/**
 * What carries the requests of all clients that chose it. Hides its model from injection
 * by type: it is no model for an application.
 *
 * @param name what it is called among the stages of a client with some options
 * @param model the innermost model of a chain
 * @param release gives back what the model holds
 */
record ChatTransport(Function<GrokChatOptions, String> name, ChatModel model,
		Runnable release) implements AutoCloseable {

	@Override
	public void close() {
		this.release.run();
	}

}
