package io.github.grokspring.fallback;

import java.util.Set;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Asks the next model when one fails. A stream goes on with another model only as long as
 * nothing of the answer has arrived. Answers of another model than the first name it
 * under {@code grok.fallback}.
 *
 * @since 0.1.0
 */
public final class FallbackChatModel extends ForwardingChatModel {

	private static final String NAME = "fallback";

	private final FallbackPlan plan;

	private FallbackChatModel(ChatModel delegate, FallbackPlan plan) {
		super(delegate);
		this.plan = plan;
	}

	/**
	 * Put other models behind those of every client. Does nothing when there are none.
	 * @param models who is asked when a model fails
	 * @param rule after which failures
	 * @param names gives the id of the model that answers for a name
	 * @param events who is told
	 * @return a decorator
	 */
	public static ChatModelDecorator decorator(FallbackModels models, FallbackRule rule, UnaryOperator<String> names,
			GrokEventListener events) {
		return new Decorator(models, rule, names, GrokEventListener.failSafe(events), new FallbackLog());
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		try {
			return delegate().call(prompt);
		}
		catch (Exception ex) {
			return call(prompt, new FallbackSequence(this.plan, prompt, FallbackReentrancy.onThisThread()), ex);
		}
	}

	private static ChatResponse call(Prompt prompt, FallbackSequence run, Exception failure) {
		Exception last = failure;
		Candidate next = next(run, last);
		while (next != null) {
			try {
				return run.counted(next.call(prompt));
			}
			catch (Exception ex) {
				last = ex;
				next = next(run, last);
			}
		}
		throw run.failure(last);
	}

	// Who interrupts a call does not want another one.
	private static @Nullable Candidate next(FallbackSequence run, Exception failure) {
		return Thread.currentThread().isInterrupted() ? null : run.next(failure);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((context) -> new Attempts(this.plan, prompt, FallbackReentrancy.in(context))
			.begin(Flux.defer(() -> delegate().stream(prompt))));
	}

	@Override
	public String toString() {
		return NAME;
	}

	/**
	 * What one subscriber of a stream gets.
	 */
	private static final class Attempts {

		private final FallbackPlan plan;

		private final Prompt prompt;

		private final Set<String> asked;

		private @Nullable FallbackSequence run;

		private boolean begun;

		Attempts(FallbackPlan plan, Prompt prompt, Set<String> asked) {
			this.plan = plan;
			this.prompt = prompt;
			this.asked = asked;
		}

		Flux<ChatResponse> begin(Flux<ChatResponse> attempt) {
			return attempt.doOnNext(this::note).onErrorResume(Exception.class, this::next);
		}

		private void note(ChatResponse element) {
			this.begun = this.begun || ChatResponses.hasContent(element);
		}

		private Flux<ChatResponse> next(Exception failure) {
			if (this.run == null) {
				this.run = new FallbackSequence(this.plan, this.prompt, this.asked);
			}
			FallbackSequence run = this.run;
			Candidate next = this.begun ? null : run.next(failure);
			return (next != null)
					? begin(Flux.defer(() -> next.stream(this.prompt))
						.map((element) -> ChatResponses.isLast(element) ? run.counted(element) : element))
					: Flux.error(run.failure(failure));
		}

	}

	/**
	 * Decorates clients.
	 */
	private record Decorator(FallbackModels models, FallbackRule rule, UnaryOperator<String> names,
			GrokEventListener events, FallbackLog log) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.FALLBACK;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			if (this.models.isEmpty()) {
				return delegate;
			}
			return new FallbackChatModel(delegate,
					new FallbackPlan(client,
							this.models.models().stream().map((id) -> new GrokCandidate(id, delegate)).toList(),
							this.models.others()
								.stream()
								.map((other) -> new ExternalCandidate(other.name(), other.model()))
								.toList(),
							this.rule, this.names, this.events, this.log));
		}

	}

}
