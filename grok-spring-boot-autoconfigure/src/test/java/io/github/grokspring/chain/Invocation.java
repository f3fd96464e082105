package io.github.grokspring.chain;

import java.time.Duration;
import java.util.List;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Ways of invoking a model, for tests that expect the same behavior from both.
 */
public enum Invocation {

	/** {@code model.call(prompt)}. */
	CALL {

		@Override
		public List<ChatResponse> invoke(ChatModel model, Prompt prompt) {
			return List.of(model.call(prompt));
		}

	},

	/** {@code model.stream(prompt)}. */
	STREAM {

		@Override
		public List<ChatResponse> invoke(ChatModel model, Prompt prompt) {
			return model.stream(prompt).collectList().block(TIMEOUT);
		}

	};

	public static final Duration TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Invokes a model.
	 * @return the response or the elements of the stream
	 */
	public abstract List<ChatResponse> invoke(ChatModel model, Prompt prompt);

	/**
	 * Invokes a model.
	 * @return the response or the last element of the stream
	 */
	public ChatResponse last(ChatModel model, Prompt prompt) {
		List<ChatResponse> elements = invoke(model, prompt);
		return elements.get(elements.size() - 1);
	}

	/**
	 * Invokes a model with options.
	 * @return the text of the response
	 */
	public String text(ChatModel model, ChatOptions options) {
		return text(invoke(model, new Prompt("Hello", options)));
	}

	public static String text(List<ChatResponse> elements) {
		StringBuilder text = new StringBuilder();
		for (ChatResponse element : elements) {
			if (element.getResult() != null && element.getResult().getOutput().getText() != null) {
				text.append(element.getResult().getOutput().getText());
			}
		}
		return text.toString();
	}

}
