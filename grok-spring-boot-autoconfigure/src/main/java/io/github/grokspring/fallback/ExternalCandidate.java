package io.github.grokspring.fallback;

import java.util.function.Supplier;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.DelegationListener;
import io.github.grokspring.chain.StreamScheduler;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * A model of another provider, which gets portable prompts. Its streams are subscribed to
 * on a thread that may block, because nothing is known of what it does then. Which
 * element of them is the last one is not certain either, so all are marked.
 *
 * @param name the name of the model
 * @param supplier gives the model
 */
record ExternalCandidate(String name, Supplier<? extends ChatModel> supplier) implements Candidate {

	@Override
	public ChatResponse call(Prompt asked) {
		ChatModel model = this.supplier.get();
		Prompt portable = PortablePrompts.translate(asked, model);
		DelegationListener.notifyListeners(asked);
		return mark(FallbackReentrancy.with(this.name, () -> model.call(portable)));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt asked) {
		return Flux.defer(() -> {
			ChatModel model = this.supplier.get();
			Prompt portable = PortablePrompts.translate(asked, model);
			DelegationListener.notifyListeners(asked);
			return FallbackReentrancy.streaming(this.name, Flux.defer(() -> model.stream(portable))).map(this::mark);
		}).subscribeOn(StreamScheduler.scheduler(), false);
	}

	private ChatResponse mark(ChatResponse answer) {
		return ChatResponses.with(answer, ChatResponses.FALLBACK, this.name);
	}

}
