package io.github.grokspring.fallback;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} decorator that calls another model when one fails. A stream falls
 * back only while no part of the response has arrived. Responses of another model have
 * its name as {@code grok.fallback}.
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
	 * Creates a decorator that adds fallbacks to every client. It has no effect without
	 * models.
	 * @param models the models to fall back to
	 * @param rule decides after which failures to fall back
	 * @param modelIds resolves a model name to its id
	 * @param listener receives an event for each fallback
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(FallbackModels models, FallbackRule rule, UnaryOperator<String> modelIds,
			GrokEventListener listener) {
		GrokEventListener failSafe = GrokEventListener.failSafe(listener);
		List<ExternalCandidate> others = models.others()
			.stream()
			.map((other) -> new ExternalCandidate(other.name(), other.model()))
			.toList();
		WarnOnce warnings = new WarnOnce();
		return ChatModelDecorator.of(Position.FALLBACK, NAME, (client, delegate) -> {
			if (models.isEmpty()) {
				return delegate;
			}
			List<GrokCandidate> candidates = models.models()
				.stream()
				.map((id) -> new GrokCandidate(id, delegate))
				.toList();
			return new FallbackChatModel(delegate,
					new FallbackPlan(client, candidates, others, rule, modelIds, failSafe, warnings));
		});
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		try {
			return delegate().call(prompt);
		}
		catch (Exception ex) {
			return call(prompt, new FallbackSequence(this.plan, prompt, ExternalCandidate.active()), ex);
		}
	}

	private static ChatResponse call(Prompt prompt, FallbackSequence fallbacks, Exception failure) {
		Exception last = failure;
		Candidate next = next(fallbacks, last);
		while (next != null) {
			try {
				return fallbacks.withAttempts(next.call(prompt));
			}
			catch (Exception ex) {
				last = ex;
				next = next(fallbacks, last);
			}
		}
		throw fallbacks.toException(last);
	}

	private static @Nullable Candidate next(FallbackSequence fallbacks, Exception failure) {
		return Thread.currentThread().isInterrupted() ? null : fallbacks.next(failure);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux
			.deferContextual((context) -> new FallbackStream(this.plan, prompt, ExternalCandidate.active(context))
				.of(Flux.defer(() -> delegate().stream(prompt))));
	}

	@Override
	public String toString() {
		return NAME;
	}

	private static final class FallbackStream {

		private final FallbackPlan plan;

		private final Prompt prompt;

		private final Set<String> active;

		private @Nullable FallbackSequence fallbacks;

		private boolean responseStarted;

		FallbackStream(FallbackPlan plan, Prompt prompt, Set<String> active) {
			this.plan = plan;
			this.prompt = prompt;
			this.active = active;
		}

		Flux<ChatResponse> of(Flux<ChatResponse> attempt) {
			return attempt.doOnNext(this::onElement).onErrorResume(Exception.class, this::next);
		}

		private void onElement(ChatResponse element) {
			this.responseStarted = this.responseStarted || ChatResponses.hasContent(element);
		}

		private Flux<ChatResponse> next(Exception failure) {
			if (this.fallbacks == null) {
				this.fallbacks = new FallbackSequence(this.plan, this.prompt, this.active);
			}
			FallbackSequence fallbacks = this.fallbacks;
			Candidate next = this.responseStarted ? null : fallbacks.next(failure);
			return (next != null)
					? of(Flux.defer(() -> next.stream(this.prompt))
						.map((element) -> ChatResponses.isLast(element) ? fallbacks.withAttempts(element) : element))
					: Flux.error(fallbacks.toException(failure));
		}

	}

}
