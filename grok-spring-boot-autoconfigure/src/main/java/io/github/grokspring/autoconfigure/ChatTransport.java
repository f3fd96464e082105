package io.github.grokspring.autoconfigure;

import org.springframework.ai.chat.model.ChatModel;

/**
 * What carries the requests of all clients that chose it. Hides its model from injection
 * by type: it is no model for an application.
 *
 * @param name what it is called among the stages of a client
 * @param model the innermost model of a chain
 */
record ChatTransport(String name, ChatModel model) implements AutoCloseable {

	@Override
	public void close() throws Exception {
		if (this.model instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

}
