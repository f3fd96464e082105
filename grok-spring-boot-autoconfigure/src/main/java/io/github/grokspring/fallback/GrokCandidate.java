package io.github.grokspring.fallback;

import java.util.Objects;

import io.github.grokspring.chain.ChatResponses;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Other model of xAI. The prompt keeps its options; inner stages remove those that the
 * model does not support.
 *
 * @param name the model id
 * @param delegate the rest of the chain
 */
record GrokCandidate(String name, ChatModel delegate) implements Candidate {

	@Override
	public ChatResponse call(Prompt prompt) {
		return mark(this.delegate.call(withModel(prompt)));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return this.delegate.stream(withModel(prompt))
			.map((element) -> ChatResponses.isLast(element) ? mark(element) : element);
	}

	private ChatResponse mark(ChatResponse response) {
		return ChatResponses.with(response, ChatResponses.FALLBACK, this.name);
	}

	private Prompt withModel(Prompt prompt) {
		ChatOptions options = Objects.requireNonNull(prompt.getOptions(), "The prompt must have complete options");
		return new Prompt(prompt.getInstructions(), options.mutate().model(this.name).build());
	}

}
