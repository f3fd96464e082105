package io.github.grokspring.retry;

import java.util.Objects;

import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.retry.CircuitBreakers.Permit;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Sends nothing to a model that keeps failing. A stream succeeds when it has come to its
 * end; a call or a stream that is given up before has no outcome.
 *
 * @since 0.1.0
 */
public final class CircuitBreakerChatModel extends ForwardingChatModel {

	private static final String NAME = "circuit-breaker";

	private final CircuitBreakers breakers;

	private final String client;

	private CircuitBreakerChatModel(String client, ChatModel delegate, CircuitBreakers breakers) {
		super(delegate);
		this.client = client;
		this.breakers = breakers;
	}

	/**
	 * Put circuit breakers into the chain of every client. They belong inside the
	 * retries, so that each attempt counts, and inside the rate limits, so that waiting
	 * for room is neither slow nor holds a place while it is half open.
	 * @param breakers the circuit breakers
	 * @return a decorator
	 */
	public static ChatModelDecorator decorator(CircuitBreakers breakers) {
		return new Decorator(breakers);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		Permit permit = this.breakers.acquire(this.client, model(prompt));
		return CallLifecycle.call(new Lifecycle(permit), () -> delegate().call(prompt));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			Permit permit = this.breakers.acquire(this.client, model(prompt));
			return CallLifecycle.stream(new Lifecycle(permit), () -> delegate().stream(prompt));
		});
	}

	@Override
	public String toString() {
		return NAME;
	}

	private static String model(Prompt prompt) {
		ChatOptions options = Objects.requireNonNull(prompt.getOptions(), "The prompt must have complete options");
		return Objects.requireNonNull(options.getModel(), "The prompt must name a model");
	}

	/**
	 * Reports the outcome.
	 *
	 * @param permit where it is reported
	 */
	private record Lifecycle(Permit permit) implements CallLifecycle {

		@Override
		public void onComplete() {
			this.permit.succeeded();
		}

		@Override
		public void onError(Throwable failure) {
			this.permit.failed(failure);
		}

		@Override
		public void onCancel() {
			this.permit.release();
		}

	}

	/**
	 * Decorates clients.
	 */
	private record Decorator(CircuitBreakers breakers) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.RATE_LIMIT;
		}

		@Override
		public String name() {
			return NAME;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new CircuitBreakerChatModel(client, delegate, this.breakers);
		}

	}

}
