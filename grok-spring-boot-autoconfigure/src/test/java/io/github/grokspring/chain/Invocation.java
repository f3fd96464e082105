package io.github.grokspring.chain;

import java.time.Duration;
import java.util.List;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The two ways in which a model is asked, for tests that want the same of both.
 */
public enum Invocation {

	/** {@code model.call(prompt)}. */
	CALL {

		@Override
		public List<ChatResponse> ask(ChatModel model, Prompt prompt) {
			return List.of(model.call(prompt));
		}

	},

	/** {@code model.stream(prompt)}. */
	STREAM {

		@Override
		public List<ChatResponse> ask(ChatModel model, Prompt prompt) {
			return model.stream(prompt).collectList().block(PATIENCE);
		}

	};

	/** How long a stream may take. */
	public static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * Ask.
	 * @return the answer, or its elements
	 */
	public abstract List<ChatResponse> ask(ChatModel model, Prompt prompt);

	/**
	 * Ask, for the end of the answer.
	 * @return the answer, or its last element
	 */
	public ChatResponse last(ChatModel model, Prompt prompt) {
		List<ChatResponse> elements = ask(model, prompt);
		return elements.get(elements.size() - 1);
	}

	/**
	 * Ask with options.
	 * @return the text of the answer
	 */
	public String text(ChatModel model, ChatOptions options) {
		return text(ask(model, new Prompt("Hello", options)));
	}

	/**
	 * The text of an answer.
	 */
	public static String text(List<ChatResponse> answer) {
		StringBuilder text = new StringBuilder();
		for (ChatResponse element : answer) {
			if (element.getResult() != null && element.getResult().getOutput().getText() != null) {
				text.append(element.getResult().getOutput().getText());
			}
		}
		return text.toString();
	}

}
