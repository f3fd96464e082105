package io.github.grokspring.cost;

import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.Reentrancy;
import io.github.grokspring.chain.SendState;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@code ChatModel} that records tokens and cost of every attempt. A response, or the
 * last element of a stream, carries both in its metadata as {@code grok.tokens}
 * ({@link TokenUsage}) and {@code grok.cost} ({@link Cost}). The listener receives
 * exactly one event per attempt, regardless of its outcome.
 * <p>
 * Costs reported by xAI take precedence over the price table. An attempt that is
 * cancelled, breaks off or receives no response after it was sent is recorded with the
 * usage received so far or, without usage, with an estimate. An attempt rejected by xAI
 * costs nothing. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MeteringChatModel extends ForwardingChatModel {

	private static final Reentrancy<MeteredAttempt> REENTRANCY = new Reentrancy<>();

	private final String client;

	private final MeteringSettings settings;

	private final CostResolver costResolver;

	private MeteringChatModel(String client, ChatModel delegate, MeteringSettings metering, CostResolver settlement) {
		super(delegate);
		this.client = client;
		this.settings = metering;
		this.costResolver = settlement;
	}

	/**
	 * Creates a decorator for this stage.
	 * @param settings the settings
	 * @return a decorator whose clients share warnings that are logged once
	 */
	public static ChatModelDecorator decorator(MeteringSettings settings) {
		return new Decorator(settings, new CostResolver(settings));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		MeteredAttempt attempt = begin(prompt, CallContext.current(), REENTRANCY.outer());
		return CallLifecycle.call(new Lifecycle(attempt, null),
				() -> attempt.onResponse(REENTRANCY.call(attempt, () -> delegate().call(prompt))));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			MeteredAttempt attempt = begin(prompt, CallContext.of(view), REENTRANCY.outer(view));
			SendState sendState = SendState.within(view);
			return CallLifecycle.stream(new Lifecycle(attempt, sendState),
					() -> REENTRANCY.stream(attempt, delegate().stream(prompt).contextWrite(sendState::writeTo))
						.map(attempt::onElement));
		});
	}

	private MeteredAttempt begin(Prompt prompt, CallContext call, @Nullable MeteredAttempt outer) {
		this.costResolver.requirePrice(prompt);
		return new MeteredAttempt(this.client, prompt, call.attempt(), outer, this.settings, this.costResolver);
	}

	/**
	 * Lifecycle of an attempt.
	 *
	 * @param attempt the attempt
	 * @param sendState whether a stream was sent, {@code null} for a call
	 */
	private record Lifecycle(MeteredAttempt attempt, @Nullable SendState sendState) implements CallLifecycle {

		@Override
		public void onComplete() {
			this.attempt.onComplete();
		}

		@Override
		public void onError(Throwable failure) {
			this.attempt.onError(failure);
		}

		@Override
		public void onCancel() {
			this.attempt.onCancel(this.sendState == null || this.sendState.isPossiblySent());
		}

	}

	/**
	 * Decorator for all clients.
	 *
	 * @param settings the settings
	 * @param costResolver resolves the cost of responses
	 */
	private record Decorator(MeteringSettings settings, CostResolver costResolver) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.METERING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new MeteringChatModel(client, delegate, this.settings, this.costResolver);
		}

	}

}
