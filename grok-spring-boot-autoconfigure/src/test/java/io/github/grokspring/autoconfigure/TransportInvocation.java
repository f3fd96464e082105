package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.error.GrokApiException;
import org.assertj.core.api.Assertions;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The ways to ask a client, which have to behave alike: both transports, calls and
 * streams.
 *
 * @param transport the value of {@code grok.chat.transport}
 * @param stream whether a stream is asked for
 */
record TransportInvocation(String transport, boolean stream) {

	static final Duration PATIENCE = Invocation.TIMEOUT;

	static List<TransportInvocation> all() {
		return List.of(new TransportInvocation("native", false), new TransportInvocation("native", true),
				new TransportInvocation("spring-ai", false), new TransportInvocation("spring-ai", true));
	}

	String property() {
		return "grok.chat.transport=" + this.transport;
	}

	/**
	 * Ask and wait for the end.
	 * @return the answer, or the last element of it
	 */
	ChatResponse ask(GrokChatModel model, Prompt prompt) {
		return (this.stream ? Invocation.STREAM : Invocation.CALL).last(model, prompt);
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
			return Invocation.text(Invocation.CALL.invoke(model, prompt));
		}
		List<ChatResponse> elements = new ArrayList<>();
		model.stream(prompt).doOnNext(elements::add).onErrorComplete().blockLast(PATIENCE);
		return Invocation.text(elements);
	}

	@Override
	public String toString() {
		return this.transport + (this.stream ? " stream" : " call");
	}

}
