package io.github.grokspring.retry;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The two ways to ask a model, which have to behave alike.
 */
enum Way {

	CALL {

		@Override
		ChatResponse ask(ChatModel model, Prompt prompt) {
			return model.call(prompt);
		}

	},

	STREAM {

		@Override
		ChatResponse ask(ChatModel model, Prompt prompt) {
			List<ChatResponse> elements = model.stream(prompt).collectList().block(PATIENCE);
			return Objects.requireNonNull(elements).get(elements.size() - 1);
		}

	};

	static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * Ask and wait for the end.
	 * @return the answer, or the last element of it
	 */
	abstract ChatResponse ask(ChatModel model, Prompt prompt);

}
