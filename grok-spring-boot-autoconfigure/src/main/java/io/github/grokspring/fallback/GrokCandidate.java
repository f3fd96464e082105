package io.github.grokspring.fallback;

import java.util.Objects;

import io.github.grokspring.chain.ChatResponses;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Another model of xAI. Everything that was asked for stays; stages below drop what the
 * model refuses.
 *
 * @param name the id of the model
 * @param delegate the rest of the chain
 */
record GrokCandidate(String name, ChatModel delegate) implements Candidate {

	@Override
	public ChatResponse call(Prompt asked) {
		return mark(this.delegate.call(prompt(asked)));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt asked) {
		return this.delegate.stream(prompt(asked))
			.map((element) -> ChatResponses.isLast(element) ? mark(element) : element);
	}

	private ChatResponse mark(ChatResponse answer) {
		return ChatResponses.with(answer, ChatResponses.FALLBACK, this.name);
	}

	private Prompt prompt(Prompt asked) {
		ChatOptions options = Objects.requireNonNull(asked.getOptions(), "The prompt must have complete options");
		return new Prompt(asked.getInstructions(), options.mutate().model(this.name).build());
	}

}
