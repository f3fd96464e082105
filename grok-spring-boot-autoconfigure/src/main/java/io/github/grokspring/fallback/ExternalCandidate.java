package io.github.grokspring.fallback;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.DelegationListener;
import io.github.grokspring.chain.Reentrancy;
import io.github.grokspring.chain.StreamScheduler;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Model of another provider, which receives portable prompts. Its streams are subscribed
 * to on a thread that may block. As their last element cannot be identified reliably, all
 * elements are marked.
 *
 * @param name the name of the model
 * @param supplier supplies the model
 */
record ExternalCandidate(String name, Supplier<? extends ChatModel> supplier) implements Candidate {

	// A candidate that calls a Grok client must not be called again when that client
	// fails
	private static final Reentrancy<Set<String>> REENTRANCY = new Reentrancy<>();

	// Names of the candidates that wait for the calling thread
	static Set<String> active() {
		Set<String> names = REENTRANCY.outer();
		return (names != null) ? names : Set.of();
	}

	// Names of the candidates that wait for a stream
	static Set<String> active(ContextView context) {
		Set<String> names = REENTRANCY.outer(context);
		return (names != null) ? union(active(), names) : active();
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		ChatModel model = this.supplier.get();
		Prompt portable = PortablePrompts.translate(prompt, model);
		DelegationListener.notifyListeners(prompt);
		return mark(REENTRANCY.call(union(active(), Set.of(this.name)), () -> model.call(portable)));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((context) -> {
			ChatModel model = this.supplier.get();
			Prompt portable = PortablePrompts.translate(prompt, model);
			DelegationListener.notifyListeners(prompt);
			return REENTRANCY
				.stream(union(active(context), Set.of(this.name)), Flux.defer(() -> model.stream(portable)))
				.map(this::mark);
		}).subscribeOn(StreamScheduler.scheduler(), false);
	}

	private ChatResponse mark(ChatResponse response) {
		return ChatResponses.with(response, ChatResponses.FALLBACK, this.name);
	}

	private static Set<String> union(Set<String> some, Set<String> more) {
		Set<String> all = new HashSet<>(some);
		all.addAll(more);
		return Set.copyOf(all);
	}

}
