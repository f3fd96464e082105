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
 * Counts the tokens of every attempt and says what it cost. An answer, or the last
 * element of a stream, carries both as {@code grok.tokens} ({@link TokenUsage}) and
 * {@code grok.cost} ({@link Cost}); a listener is told of every attempt exactly once,
 * however it ends.
 * <p>
 * What xAI reports counts before the table of prices. An attempt that is cancelled or
 * breaks off is settled with the usage that was seen or, without one, with an estimate,
 * and so is one that was sent and never answered. An attempt that xAI refuses costs
 * nothing. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class MeteringChatModel extends ForwardingChatModel {

	private static final Reentrancy<MeteredAttempt> REENTRANCY = new Reentrancy<>();

	private final String client;

	private final MeteringSettings metering;

	private final CostResolver settlement;

	private MeteringChatModel(String client, ChatModel delegate, MeteringSettings metering, CostResolver settlement) {
		super(delegate);
		this.client = client;
		this.metering = metering;
		this.settlement = settlement;
	}

	/**
	 * The decorator of this stage.
	 * @param metering what to work with
	 * @return a decorator, whose clients share what was already warned about
	 */
	public static ChatModelDecorator decorator(MeteringSettings metering) {
		return new Decorator(metering, new CostResolver(metering));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		MeteredAttempt attempt = begin(prompt, CallContext.current(), REENTRANCY.outer());
		return CallLifecycle.call(new Lifecycle(attempt, null),
				() -> attempt.succeeded(REENTRANCY.call(attempt, () -> delegate().call(prompt))));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			MeteredAttempt attempt = begin(prompt, CallContext.of(view), REENTRANCY.outer(view));
			SendState sendState = SendState.within(view);
			return CallLifecycle.stream(new Lifecycle(attempt, sendState),
					() -> REENTRANCY.stream(attempt, delegate().stream(prompt).contextWrite(sendState::writeTo))
						.map(attempt::next));
		});
	}

	private MeteredAttempt begin(Prompt prompt, CallContext call, @Nullable MeteredAttempt outer) {
		this.settlement.check(prompt);
		return new MeteredAttempt(this.client, prompt, call.attempt(), outer, this.metering, this.settlement);
	}

	/**
	 * Settles the attempt.
	 *
	 * @param attempt the attempt
	 * @param sendState tells whether a stream was sent, {@code null} for a call
	 */
	private record Lifecycle(MeteredAttempt attempt, @Nullable SendState sendState) implements CallLifecycle {

		@Override
		public void onComplete() {
			this.attempt.completed();
		}

		@Override
		public void onError(Throwable failure) {
			this.attempt.failed(failure);
		}

		@Override
		public void onCancel() {
			this.attempt.cancelled(this.sendState == null || this.sendState.isPossiblySent());
		}

	}

	/**
	 * Puts the stage around every client.
	 *
	 * @param metering what to work with
	 * @param settlement turns tokens into money
	 */
	private record Decorator(MeteringSettings metering, CostResolver settlement) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.METERING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new MeteringChatModel(client, delegate, this.metering, this.settlement);
		}

	}

}
