package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.error.GrokApiException;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The ways to ask a client, which have to behave alike: both transports, calls and
 * streams.
 *
 * @param transport the value of {@code grok.chat.transport}
 * @param stream whether a stream is asked for
 */
record Wish(String transport, boolean stream) {

	static final Duration PATIENCE = Duration.ofSeconds(30);

	static List<Wish> all() {
		return List.of(new Wish("native", false), new Wish("native", true), new Wish("spring-ai", false),
				new Wish("spring-ai", true));
	}

	String property() {
		return "grok.chat.transport=" + this.transport;
	}

	/**
	 * Ask and wait for the end.
	 * @return the answer, or the last element of it
	 */
	ChatResponse ask(GrokChatModel model, Prompt prompt) {
		if (!this.stream) {
			return model.call(prompt);
		}
		List<ChatResponse> elements = model.stream(prompt).collectList().block(PATIENCE);
		return elements.get(elements.size() - 1);
	}

	/**
	 * Ask and wait for the failure.
	 */
	GrokApiException failure(GrokChatModel model, Prompt prompt) {
		GrokApiException failure = Assertions.catchThrowableOfType(GrokApiException.class, () -> ask(model, prompt));
		Assertions.assertThat(failure).isNotNull();
		return failure;
	}

	/**
	 * All of the text that a caller sees before the end, in whatever way it ends.
	 */
	String text(GrokChatModel model, Prompt prompt) {
		if (!this.stream) {
			return textOf(model.call(prompt));
		}
		List<String> texts = new ArrayList<>();
		model.stream(prompt).map(Wish::textOf).doOnNext(texts::add).onErrorComplete().blockLast(PATIENCE);
		return String.join("", texts);
	}

	private static String textOf(ChatResponse answer) {
		Generation generation = answer.getResult();
		@Nullable String text = (generation != null) ? generation.getOutput().getText() : null;
		return (text != null) ? text : "";
	}

	@Override
	public String toString() {
		return this.transport + (this.stream ? " stream" : " call");
	}

}
