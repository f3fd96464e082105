package io.github.grokspring.cache;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Holds back responses until it is opened.
 */
final class Gate implements ChatModelDecorator {

	private final CountDownLatch open = new CountDownLatch(1);

	private final Sinks.Empty<Void> opened = Sinks.empty();

	void open() {
		this.open.countDown();
		this.opened.tryEmitEmpty();
	}

	@Override
	public Position position() {
		return Position.METERING;
	}

	@Override
	public ChatModel decorate(String client, ChatModel delegate) {
		return new ForwardingChatModel(delegate) {

			@Override
			public ChatResponse call(Prompt prompt) {
				ChatResponse answer = super.call(prompt);
				try {
					if (!Gate.this.open.await(30, TimeUnit.SECONDS)) {
						throw new IllegalStateException("Nobody opened the gate");
					}
					return answer;
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw new IllegalStateException(ex);
				}
			}

			@Override
			public Flux<ChatResponse> stream(Prompt prompt) {
				return super.stream(prompt)
					.concatMap((element) -> Gate.this.opened.asMono().cast(ChatResponse.class).defaultIfEmpty(element));
			}

		};
	}

}
