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
 * {@link ChatModel} decorator that stops requests to a failing model. A stream is
 * successful once it completes; interrupted calls and cancelled streams have no outcome.
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
	 * Creates a decorator that applies circuit breakers to every client. It belongs
	 * inside the retries, so that each attempt counts, and inside the rate limits, so
	 * that a wait neither counts as slow nor occupies a permit of the half-open state.
	 * @param breakers the circuit breakers
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(CircuitBreakers breakers) {
		return ChatModelDecorator.of(Position.RATE_LIMIT, NAME,
				(client, delegate) -> new CircuitBreakerChatModel(client, delegate, breakers));
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

	private record Lifecycle(Permit permit) implements CallLifecycle {

		@Override
		public void onComplete() {
			this.permit.onSuccess();
		}

		@Override
		public void onError(Throwable failure) {
			this.permit.onError(failure);
		}

		@Override
		public void onCancel() {
			this.permit.release();
		}

	}

}
